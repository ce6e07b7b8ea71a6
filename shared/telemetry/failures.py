"""Tells a failure by its class, its place and the database's codes, and never by its message.

The message of an error may repeat what somebody sent: asyncpg's DataError prints the argument,
PostgreSQL's unique violation the value that was there already.
"""

import errno
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from shared.sentences import Sentence, Spoken
from shared.telemetry.kinds import sentence

_ERRORS: Final = 12
"""Of one failure; a group may hold thousands."""
_FRAMES: Final = 20
_ROOTS: Final = sorted(
    {str(Path(entry).absolute()) + "/" for entry in sys.path if Path(entry).is_dir()},
    key=len,
    reverse=True,
)
# What the database says of an error besides its message: names that a migration gave.
_CODES: Final = {
    "sqlstate": re.compile(r"[0-9A-Z]{5}"),
    "constraint_name": re.compile(r"[a-z_][a-z0-9_]{0,62}"),
    "table_name": re.compile(r"[a-z_][a-z0-9_]{0,62}"),
}


def told(error: BaseException) -> list[dict[str, Any]]:
    """Tell an error and whatever led to it, the last one first, as `raise` would have shown it."""
    return [
        {"error": class_name(error), **_codes(error), "frames": _frames(error)}
        for error, _ in zip(_chain(error), range(_ERRORS), strict=False)
    ]


def class_name(error: BaseException) -> str:
    """The class with its module, without the latter for those that Python has built in."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def place(filename: str, line: int, function: str) -> str:
    """Where something is in the source; the path begins where Python looks for modules."""
    root = next((root for root in _ROOTS if filename.startswith(root)), "")
    known = filename.removeprefix(root) if root else Path(filename).name
    return f"{known}:{line} {function}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting, met = [error], set[int]()
    while waiting:
        error = waiting.pop(0)
        if id(error) in met:
            continue
        met.add(id(error))
        yield error
        if isinstance(error, BaseExceptionGroup):
            waiting.extend(error.exceptions)
        led = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if led is not None:
            waiting.append(led)


def _codes(error: BaseException) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, form in _CODES.items():
        value = getattr(error, name, None)
        if isinstance(value, str) and form.fullmatch(value):
            found[name] = value
    if isinstance(error, OSError) and (number := errno.errorcode.get(error.errno or 0)):
        found["errno"] = number
    if isinstance(error, Spoken):
        found["said"] = sentence(Sentence(error))
    return found


def _frames(error: BaseException) -> list[str]:
    """The innermost frames, the one that raised last."""
    frames = [
        place(frame.f_code.co_filename, line, frame.f_code.co_qualname)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return frames[-_FRAMES:]
