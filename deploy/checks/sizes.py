"""Sizes: a file is at most 300 lines and a function at most 40, so that each is read in one go."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.tree import tracked

_FILE = 300
_FUNCTION = 40


def problems(path: Path, text: str) -> Iterator[str]:
    """Yield one sentence for each file or function that has outgrown its limit."""
    lines = len(text.splitlines())
    if lines > _FILE:
        yield f"{path}: {lines} lines, at most {_FILE}: make it a folder of the same name"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > _FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} is {length} lines, at most {_FUNCTION}"


def main(root: Path) -> int:
    """Measure every Python file except migrations, which are written once and never grow."""
    measured = [p for p in tracked(root) if p.suffix == ".py" and p.parent.name != "versions"]
    found = [
        problem
        for path in measured
        for problem in problems(path, (root / path).read_text(encoding="utf-8"))
    ]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
