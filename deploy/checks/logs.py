"""Log lines: each says a constant event and keys of the list, and puts no text together.

What is not on the list, `shared.telemetry` leaves out when the program runs; this finds it before.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.tree import tracked
from shared.telemetry.keys import LOG_KEYS

_SAYING = frozenset({"debug", "info", "warning", "error", "critical", "exception", "bind"})
_BINDING = frozenset({"bind_contextvars", "bound_contextvars"})
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)?")
_ALSO = frozenset({"exc_info"})
_WORDS = frozenset({"str", "repr", "ascii", "format", "join"})
_OURS = ("shared", "services", "deploy")


def problems(path: Path, text: str) -> Iterator[str]:
    """Yield one sentence for each thing in a module that a log line may not have."""
    if not any(word in text for word in ("get_logger", *_BINDING)):
        return
    tree = ast.parse(text)
    loggers = set(_loggers(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for problem in _call(node, loggers):
                yield f"{path}:{node.lineno}: {problem}"


def _loggers(tree: ast.AST) -> Iterator[str]:
    """The names that a module gives to what `structlog.get_logger` returns."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) in {"structlog.get_logger", "get_logger"}
        ):
            yield from (ast.unparse(target) for target in node.targets)


def _call(node: ast.Call, loggers: set[str]) -> Iterator[str]:
    logger, _, method = ast.unparse(node.func).rpartition(".")
    saying = logger in loggers and method in _SAYING
    if saying and method != "bind":
        yield from _event(node)
    if saying or method in _BINDING:
        yield from _keys(node)


def _event(node: ast.Call) -> Iterator[str]:
    match node.args:
        case [ast.Constant(value=str(event))] if _EVENT.fullmatch(event):
            return
        case _:
            yield "a log line begins with one constant event such as `relay.leads`"


def _keys(node: ast.Call) -> Iterator[str]:
    for keyword in node.keywords:
        if keyword.arg is None:
            yield "a log line names its keys; `**` hides them"
        elif keyword.arg not in LOG_KEYS.keys() | _ALSO:
            yield f"`{keyword.arg}` is not on the list in shared/telemetry/keys.py"
        elif isinstance(keyword.value, ast.Constant) and not _fits(
            keyword.arg, keyword.value.value
        ):
            yield f"`{keyword.arg}` is there for values of another kind"
        if _puts_together(keyword.value):
            yield "a log line holds values as they are; a text may hold what a person typed"


def _fits(key: str, value: object) -> bool:
    return key in _ALSO or value is None or LOG_KEYS[key](value) is not None


def _puts_together(value: ast.expr) -> bool:
    """Whether a text is made here: by an f-string, by `%`, by `str(...)`."""
    match value:
        case ast.JoinedStr() | ast.BinOp(op=ast.Mod() | ast.Add()):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _WORDS
        case _:
            return False


def main(root: Path) -> int:
    """Read every module of ours that runs."""
    found = [
        problem
        for path in tracked(root)
        if path.suffix == ".py" and path.parts[0] in _OURS
        for problem in problems(path, (root / path).read_text(encoding="utf-8"))
    ]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
