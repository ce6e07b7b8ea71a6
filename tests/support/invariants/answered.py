"""I8: the same Idempotency-Key has one effect and one answer."""

from collections.abc import Mapping
from typing import NamedTuple, Self

import httpx


class Answer(NamedTuple):
    """What a client goes by in an answer."""

    status: int
    location: str | None
    etag: str | None

    @classmethod
    def of(cls, answer: httpx.Response) -> Self:
        """Take it from an answer over HTTP."""
        headers = answer.headers
        return cls(answer.status_code, headers.get("Location"), headers.get("ETag"))


def answered_otherwise(first: Mapping[str, Answer], again: Mapping[str, Answer]) -> list[str]:
    """Compare the first answer to each key with that to the same request sent again."""
    return [
        f"{key} was answered {answer}, and then {again.get(key)}"
        for key, answer in first.items()
        if again.get(key) != answer
    ]
