"""The kinds of values that a log line or a span may hold; none of them holds a person's words."""

import re
from collections.abc import Callable
from typing import TypeAlias

from shared.sentences import Sentence

Said: TypeAlias = str | int | float
Kind: TypeAlias = Callable[[object], Said | None]
"""Gives a value as it may be said, None when it is not of the kind."""

_LONGEST = 200
_TOO_LARGE = 10**10
"""A telephone number has eleven digits and more, a NIK sixteen."""
_ROUTE = r"(/([a-z][a-z0-9._-]*|\{[a-z_]+(:path)?\}))+"


def _text(pattern: str) -> Kind:
    whole = re.compile(pattern, re.ASCII)

    def kind(value: object) -> str | None:
        text = str(value)
        return text if len(text) <= _LONGEST and whole.fullmatch(text) else None

    return kind


def number(value: object) -> int | float | None:
    """A count, a duration in seconds, a position; never a number by which a person is known."""
    return value if isinstance(value, int | float) and abs(value) < _TOO_LARGE else None


def sentence(value: object) -> Said | None:
    """Words of our own, on one line and without characters that steer a terminal."""
    if not isinstance(value, Sentence):
        return name(value)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in value[:_LONGEST])


name = _text(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""A class, a code, a topic, a group: one word, with dots and hyphens in it."""

ident = _text(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A UUID: ours are drawn at random or by time, and tell nothing."""

trace = _text(r"[0-9a-f]{16}|[0-9a-f]{32}")
"""A trace or a span, in hexadecimal digits."""

route = _text(_ROUTE)
"""The template of a path, as the operation declares it; never the path that was asked for."""

method = _text(r"CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|QUERY|TRACE|HTTP|_OTHER")
"""A method of HTTP that there is."""

version = _text(r"[0-9](\.[0-9])?")
"""The version of a protocol."""

fault = _text(r"[1-5][0-9]{2}|[A-Za-z_][A-Za-z0-9_.]*")
"""What went wrong: a status of HTTP or the name of a class."""

span_name = _text(r"[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z][A-Za-z0-9_.-]*)?")
"""One or two words: `INSERT registry`, `process registry.unit.v1`."""
