"""What libraries and the interpreter itself say, said again without the values that are in it.

Of a line of `logging` we keep the text as it stands in the library's source, not what was put into
it; of a warning its class; of an error that nobody caught what `failures` tells.
"""

import inspect
import logging
import sys
import threading
import warnings
from contextlib import suppress
from types import TracebackType
from typing import Final

import structlog

from shared.sentences import Sentence
from shared.telemetry.failures import class_name, place

_log = structlog.get_logger(__name__)

# What asyncio says before it quotes a task or a callback with all that it holds.
_OF_THE_LOOP: Final = (
    "Task exception was never retrieved",
    "Future exception was never retrieved",
    "Task was destroyed but it is pending!",
)


def listen() -> None:
    """Take over from `logging`, `warnings` and the hooks for what nobody caught."""
    logging.basicConfig(handlers=[_Handler()], level=logging.WARNING, force=True)
    # Where a handler fails, Python would print the line and its arguments by itself.
    logging.raiseExceptions = False
    warnings.showwarning = _warned  # type: ignore[assignment]  # called by position
    sys.excepthook = _ended
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_ended


class _Handler(logging.Handler):
    """Gives the lines of all libraries to our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say the line again; nothing that goes wrong here may reach the library."""
        with suppress(Exception):
            error = _error(record)
            _log.log(
                min(record.levelno // 10 * 10, logging.CRITICAL),
                "library.said",
                logger=record.name,
                message=_constant(record),
                where=Sentence(place(record.pathname, record.lineno, record.funcName)),
                error=error and class_name(error),
                # A warning about a part that is away comes again and again, and needs no frames.
                exc_info=error if record.exc_info or record.levelno >= logging.ERROR else None,
            )


def _error(record: logging.LogRecord) -> BaseException | None:
    """The error that a line is about: a line written while one is handled is about that one."""
    if isinstance(record.msg, BaseException):
        return record.msg
    given = record.exc_info
    return given[1] if isinstance(given, tuple) else sys.exception()


def _constant(record: logging.LogRecord) -> Sentence | None:
    """The text, if it is a constant of the very function that logs it, and so holds no value."""
    if not isinstance(record.msg, str):
        return None
    first = record.msg.partition("\n")[0]
    if record.name == "asyncio" and first in _OF_THE_LOOP:
        return Sentence(first)
    frame = inspect.currentframe()
    while frame and (frame.f_code.co_filename, frame.f_lineno) != (record.pathname, record.lineno):
        frame = frame.f_back
    if frame and record.msg in frame.f_code.co_consts:
        return Sentence(record.msg.strip())
    return None


def _warned(
    _: Warning | str, category: type[Warning], filename: str, lineno: int, *__: object
) -> None:
    with suppress(Exception):
        where = Sentence(place(filename, lineno, "<module>"))
        _log.warning("process.warned", error=category.__name__, where=where)


def _ended(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    with suppress(Exception):
        _log.critical("process.failed", exc_info=error)


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    with suppress(Exception):
        _log.error("thread.failed", exc_info=ended.exc_value)


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    with suppress(Exception):
        _log.error("process.could_not_raise", exc_info=unraisable.exc_value)
