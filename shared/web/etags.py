"""ETags: the version of an aggregate is the sequence of its last event (RFC 9110, 8.8 and 13).

They are there for If-Match alone. What is shown with an aggregate may change without it (who asks,
what others say of it), so nothing is answered 304.
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from shared.access.web import CurrentActor
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


def _versions(
    _known: CurrentActor,  # whoever is not is told so first
    if_match: Annotated[
        str, Header(alias="If-Match", max_length=500, description="The ETag of the version seen.")
    ],
) -> Versions:
    if if_match.strip() == "*":
        raise VersionMissing("Name the version you read: If-Match takes its ETag here, and no *.")
    if not _TAGS.fullmatch(if_match):
        raise Malformed('If-Match must be a quoted entity tag, such as "3".')
    return Versions(int(version) for version in _STRONG.findall(if_match))


IfMatch = Annotated[Versions, Depends(_versions)]
"""The versions named in If-Match; 428 without the header."""
