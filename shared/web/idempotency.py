"""Idempotency keys: the same request sent twice has one effect and one answer.

The key's row is written in the transaction of the effect, for 2xx answers only; it keeps status,
Location and ETag, and of the request and of the key itself keyed digests; what body a repeated
request is given, `replaying` says. The worker forgets the row after two days
(draft-ietf-httpapi-idempotency-key-header).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from fastapi import Header, Request, Response
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.refusals import IdempotencyKeyInUse, IdempotencyKeyReused
from shared.tables import metadata

KEPT_FOR: Final = timedelta(hours=48)
HEADER_NAME: Final = "Idempotency-Key"

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
    sa.Index("idempotency_key_kept", "kept_at"),
)
idempotency_secret = sa.Table(
    "idempotency_secret",
    metadata,
    sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
)
"""The key of the digests: what a client sent cannot be guessed from its row and tried."""

_PLAIN = re.compile(r"[\x21\x23-\x7e][\x21-\x7e]{0,254}")
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"')


def _unquoted(header: str) -> str:
    """The key itself, which may come as a structured field's string (RFC 8941, 3.3.3)."""
    if quoted := _QUOTED.fullmatch(header):
        return re.sub(r"\\(.)", r"\1", quoted[1])
    if _PLAIN.fullmatch(header):
        return header
    raise PydanticCustomError(
        "idempotency_key", 'A key is 1 to 255 visible ASCII characters, best a UUID in quotes "..."'
    )


_HEADER = Header(
    alias=HEADER_NAME,
    description="One for each thing to do; the same one to try again. Kept for two days.",
)
_Text = Annotated[str, AfterValidator(_unquoted)]
Key = Annotated[_Text, _HEADER]
KeyIfAny = Annotated[_Text | None, _HEADER]


class Replayed(Exception):
    """Not a fault: the request was carried out before, and this is what it was answered."""

    def __init__(self, status: int, location: str | None, etag: str | None) -> None:
        super().__init__(status)
        self.status, self.location, self.etag = status, location, etag


@dataclass(slots=True)
class Attempt:
    """One request under a key: who sends it, to do what, and what it says."""

    client: str
    operation: str
    key: str
    said: bytes
    digest: bytes = b""

    @classmethod
    async def of(cls, request: Request, client: str, key: str) -> "Attempt":
        """Take the method, path, query, body and If-Match of a request."""
        operation = f"{request.method} {quote(request.scope['path'])}"
        parts = request.scope["query_string"], request.headers.get("if-match", "").encode()
        return cls(client, operation, key, b"\n".join((*parts, await _canonical(request))))

    async def recall(self, tx: AsyncSession) -> None:
        """Go on if this is the first time.

        Raises Replayed when it was done before, IdempotencyKeyInUse while another attempt is under
        way, and IdempotencyKeyReused when the key was used for a different request.
        """
        name = f"{self.client}\n{self.operation}\n{self.key}"
        free = sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(name, 0))
        look = sa.select(free.label("free"), idempotency_secret.c.secret)
        found = (await tx.execute(look)).one()
        if not found.free:
            raise IdempotencyKeyInUse("This very request is still being carried out; wait for it.")
        # A key is the client's own text, and may be anything.
        self.key = hashlib.blake2b(self.key.encode(), key=found.secret, digest_size=32).hexdigest()
        self.digest = hashlib.blake2b(self.said, key=found.secret).digest()
        kept = (await tx.execute(self._row())).one_or_none()
        if kept is None:
            return
        if kept.request != self.digest:
            raise IdempotencyKeyReused("Take a new Idempotency-Key for a different request.")
        raise Replayed(kept.status, kept.location, kept.etag)

    def _row(self) -> sa.Select[tuple[bytes, int, str, str]]:
        """What is kept under the key."""
        table = idempotency_key.c
        return sa.select(table.request, table.status, table.location, table.etag).where(
            table.client == self.client, table.operation == self.operation, table.key == self.key
        )

    async def remember(self, tx: AsyncSession, status: int, answer: Response) -> None:
        """Keep the answer beside the effect."""
        await tx.execute(
            sa.insert(idempotency_key).values(
                client=self.client,
                operation=self.operation,
                key=self.key,
                request=self.digest,
                status=status,
                location=answer.headers.get("location"),
                etag=answer.headers.get("etag"),
            )
        )


async def _canonical(request: Request) -> bytes:
    """The body; of JSON what it says, so that spaces and the order of members do not count."""
    body = await request.body()
    if request.scope["route"].body_field is None or not body:
        return body
    return orjson.dumps(await request.json(), option=orjson.OPT_SORT_KEYS)
