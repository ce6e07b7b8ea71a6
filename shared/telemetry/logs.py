"""Logs: JSON lines on standard error, ours and those of every library through one chain."""

import json
import logging
import sys
from datetime import UTC, datetime

import structlog
from opentelemetry import trace
from structlog.typing import EventDict

from shared.telemetry import libraries
from shared.telemetry.failures import told
from shared.telemetry.keys import LOG_KEYS
from shared.telemetry.kinds import name


def start() -> None:
    """Let everything that the process says go through one chain, its last words included."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            only_listed,
            _context,
            _json,
        ],
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=True,
    )
    # An outage makes aiokafka write thousands of lines a second; what it means for us, we say once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    libraries.listen()


def only_listed(_: object, __: str, entry: EventDict) -> EventDict:
    """Keep what is on the list and of its kind; of the rest, say that it was left out."""
    error = _error(entry.pop("exc_info", None))
    kept: EventDict = {}
    dropped = []
    for key, value in entry.items():
        kind = LOG_KEYS.get(key)
        said = kind(value) if kind and value is not None else None
        if said is not None:
            kept[key] = said
        elif value is not None:
            dropped.append(name(key) or "?")
    if dropped:
        kept["dropped"] = dropped
    if error:
        kept["failure"] = told(error)
    return kept


def _error(given: object) -> BaseException | None:
    """The error that a line is about: given as such, as `sys.exc_info()`, or the one at hand."""
    if isinstance(given, tuple):
        given = given[1]
    elif given is True:
        given = sys.exception()
    return given if isinstance(given, BaseException) else None


def _context(_: object, __: str, entry: EventDict) -> EventDict:
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    first = {"timestamp": now, "level": entry.pop("level", None), "event": entry.pop("event", None)}
    entry = {**first, **entry}
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        entry["trace_id"] = trace.format_trace_id(span.trace_id)
        entry["span_id"] = trace.format_span_id(span.span_id)
    return entry


def _json(_: object, __: str, entry: EventDict) -> str:
    # In ASCII, so that no character of a value can end the line or steer a terminal.
    return json.dumps(entry)


class _StandardError:
    """Writes lines to where standard error leads at that moment."""

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = msg
