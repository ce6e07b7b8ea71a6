"""Idempotency keys: the same request sent twice has one effect and one answer.

The key's row is written in the transaction of the effect, for 2xx answers only; it keeps status,
Location and ETag, and of the request a digest, no body.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import Header, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from shared.refusals import Conflict, Invalid
from shared.tables import metadata

idempotency_key = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("client", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("location", sa.Text),
    sa.Column("etag", sa.Text),
    sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

Key = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,255}$")]


class Replayed(Exception):
    """Not a fault: the request was carried out before, and this is what it was answered."""

    def __init__(self, status: int, location: str | None, etag: str | None) -> None:
        super().__init__(status)
        headers = {"Location": location, "ETag": etag, "Idempotency-Replayed": "true"}
        self.response = Response(
            status_code=status, headers={name: value for name, value in headers.items() if value}
        )


async def replayed(_: Request, error: Exception) -> Response:
    """The handler that turns Replayed into its answer."""
    assert isinstance(error, Replayed)
    return error.response


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key: who sends it, to do what, and what it says."""

    client: str
    operation: str
    key: str
    request: bytes

    @classmethod
    async def of(cls, request: Request, client: str, key: str) -> "Attempt":
        """Take the method, path, body and If-Match of a request."""
        operation = f"{request.method} {quote(request.scope['path'])}"
        said = request.headers.get("if-match", "").encode() + b"\n" + await request.body()
        return cls(client, operation, key, hashlib.blake2b(said, key=key.encode()[:64]).digest())

    async def recall(self, tx: AsyncSession) -> None:
        """Go on if this is the first time.

        Raises Replayed when it was done before, Conflict while another attempt is under way, and
        Invalid when the key was used for a different request.
        """
        table = idempotency_key.c
        name = f"{self.client}\n{self.operation}\n{self.key}"
        free = sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(name, 0))
        if not await tx.scalar(sa.select(free)):
            raise Conflict("A request with this Idempotency-Key is still being carried out.")
        kept = (
            await tx.execute(
                sa.select(table.request, table.status, table.location, table.etag).where(
                    table.client == self.client,
                    table.operation == self.operation,
                    table.key == self.key,
                )
            )
        ).one_or_none()
        if kept is None:
            return
        if kept.request != self.request:
            raise Invalid("This Idempotency-Key was used for a different request.")
        raise Replayed(kept.status, kept.location, kept.etag)

    async def remember(self, tx: AsyncSession, status: int, answer: Response) -> None:
        """Keep the answer beside the effect."""
        await tx.execute(
            sa.insert(idempotency_key).values(
                client=self.client,
                operation=self.operation,
                key=self.key,
                request=self.request,
                status=status,
                location=answer.headers.get("location"),
                etag=answer.headers.get("etag"),
            )
        )
