"""The authorization matrix of all services as one page, made from the rows each service keeps.

`python -m deploy.checks.authorization write` writes docs/authorization.md; without the word it
says whether the page is true.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.workspace import Workspace
from shared.access.actor import Role
from shared.access.authorization import Authorization, Reach

PAGE = Path("docs/authorization.md")
INHERITED = Path("shared/web/authorization.toml")

_HEAD = """# Who may do what

Made by `python -m deploy.checks.authorization write` from `services/*/authorization.toml`, which is
what the services go by: an operation without a row keeps its service from starting. **all** means
everything, **scope** what lies within the grant (a unit, a region, the nation), **own** what is the
person's own; a dot means no. Which grants people have is told in [access.md](access.md).
"""
_SHOWN = {Reach.ALLOW: "all", Reach.SCOPE: "scope", Reach.OWN: "own", Reach.DENY: "·"}


def page(root: Path) -> str:
    """The page as it should be."""
    parts = [_HEAD]
    for service in Workspace(root).services:
        matrix = Authorization.read(root / "services" / service / "authorization.toml")
        parts.append(f"\n## {service}\n\n" + "".join(_table(matrix)))
    inherited = Authorization.read(root / INHERITED)
    parts.append("\n## every service\n\n" + "".join(_table(inherited)))
    return "".join(parts)


def _table(matrix: Authorization) -> Iterator[str]:
    yield "| operation | " + " | ".join(role.replace("_", " ") for role in Role) + " |\n"
    yield "|---|" + ":-:|" * len(Role) + "\n"
    for operation in matrix.operations:
        cells = (_SHOWN[matrix.reach(operation, role)] for role in Role)
        yield f"| `{operation}` | {' | '.join(cells)} |\n"


def main() -> int:
    """Write the page, or return 1 when it is not what the services go by."""
    root = Path.cwd()
    if sys.argv[1:] == ["write"]:
        (root / PAGE).write_text(page(root), encoding="utf-8")
        return 0
    if (root / PAGE).read_text(encoding="utf-8") == page(root):
        return 0
    sys.stdout.write(f"{PAGE} is out of date; run: python -m deploy.checks.authorization write\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
