"""Words: names that say nothing, and addresses that hold on one machine only."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.tree import tracked

_EMPTY_NAMES = frozenset(
    {"base", "common", "data", "helper", "helpers", "manager", "misc", "util", "utils"}
)
# Character classes keep these patterns from finding themselves.
_ADDRESSES = re.compile(
    r"python[h]osted|pypi[.]org|repo1[.]maven|npmjs[.](?:org|com)|proxy[.]golang"
    r"|(?:^|[^\w.~/-])/(?:home|Users|root|work)/"
)


def problems(path: Path, text: str) -> Iterator[str]:
    """Yield one sentence for each empty name and each address in a tracked file."""
    if path.suffix == ".py" and _EMPTY_NAMES & {*path.parent.parts, path.stem}:
        yield f"{path}: this name says nothing; name the module after what it holds"
    if path.name == "service.py" and path.parts[0] == "services":
        yield f"{path}: the service is the folder; name the module after what it holds"
    for number, line in enumerate(text.splitlines(), start=1):
        if _ADDRESSES.search(line):
            yield f"{path}:{number}: an address of one machine or of a package registry"


def main(root: Path) -> int:
    """Read every tracked file that is text."""
    found = [
        problem
        for path in tracked(root)
        for problem in problems(path, (root / path).read_text(encoding="utf-8", errors="ignore"))
    ]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
