"""What is personal is unwrapped where its rules are and where it is given out, and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAY = {
    "shared/personal.py",
    "shared/persons.py",
    "shared/indonesia/nik.py",
    "shared/indonesia/npwp.py",
    "shared/indonesia/phone.py",
    "shared/vault/reveals.py",
    "shared/vault/vault.py",
    # An enterprise's own number, which is no person's, is read by the same rules.
    "services/registry/schemas/facts.py",
}
"""Reading, comparing, sealing, digesting, giving out."""


def unwraps(source: str) -> Iterator[int]:
    """The lines where a value is revealed, or its text is taken without asking."""
    for node in ast.walk(ast.parse(source)):
        method = node.func if isinstance(node, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr == "reveal":
            yield method.lineno
        if isinstance(node, ast.Attribute) and node.attr == "_text":
            yield node.lineno


def test_nothing_is_revealed_but_where_it_must_be() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for tree in ("shared", "services", "deploy")
        for path in (ROOT / tree).rglob("*.py")
        if list(unwraps(path.read_text(encoding="utf-8")))
    }

    assert found == MAY


def test_a_planted_reveal_is_found() -> None:
    assert list(unwraps("name = owner.name.reveal()\n")) == [1]
    assert list(unwraps("name = owner.name._text\n")) == [1]
