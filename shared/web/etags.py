"""ETags: the version of an aggregate is the sequence of its last event."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from shared.refusals import Malformed, Stale, VersionMissing

_TAGS = re.compile(r'\s*(?:W/)?"[^"]*"\s*(?:,\s*(?:W/)?"[^"]*"\s*)*')
_STRONG = re.compile(r'(?<!W/)"(\d{1,19})"')


def etag(event_seq: int) -> str:
    """The entity tag of a version."""
    return f'"{event_seq}"'


def tag(answer: Response, event_seq: int) -> None:
    """Say in the answer which version it shows."""
    answer.headers["ETag"] = etag(event_seq)


class Versions(frozenset[int]):
    """The versions that a client says it has seen."""

    def refuse_if_stale(self, event_seq: int) -> None:
        """Raise Stale unless the present version is among them (RFC 9110, 13.1.1)."""
        if event_seq not in self:
            message = "It was changed since you read it. Read it again, then repeat the change."
            raise Stale(message)


def _versions(if_match: Annotated[str | None, Header(max_length=500)] = None) -> Versions:
    if if_match is None or if_match.strip() == "*":
        message = "Send the ETag of the version you read in the If-Match header."
        raise VersionMissing(message)
    if not _TAGS.fullmatch(if_match):
        message = 'If-Match must be a quoted entity tag, such as "3".'
        raise Malformed(message)
    return Versions(int(version) for version in _STRONG.findall(if_match))


IfMatch = Annotated[Versions, Depends(_versions)]
"""The versions named in If-Match; 428 without the header."""
