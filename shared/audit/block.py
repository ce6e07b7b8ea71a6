"""A sealed block of audit entries: which they are, what each was, and which block it follows.

A block also holds how far the trail was read, as a reader's cursor in the log; since its hash
covers that, where the next block begins cannot be moved unseen either.
"""

from datetime import datetime
from typing import Any, Self
from uuid import NAMESPACE_URL, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.audit.chain import digest_of, digest_over, hash_of
from shared.events.audit import AUDIT_BLOCKS, AuditBlockState
from shared.streams.aggregate import Aggregate
from shared.streams.log import PgSnapshot
from shared.streams.slices import Slice
from shared.tables import metadata

_NAMESPACE = uuid5(NAMESPACE_URL, "https://sinergi.id/audit-block")
_Snapshot = tuple[int, int, tuple[int, ...]]


class _Table(SQLModel, registry=registry(metadata=metadata)):
    """A table of every service, apart from each one's own."""

    metadata = metadata


class AuditBlock(_Table, Aggregate, table=True):
    """One block of one service's chain, announced as an aggregate of its own."""

    __tablename__ = "audit_block"

    id: UUID = Field(primary_key=True)
    service: str = Field(sa_type=sa.Text)
    number: int = Field(sa_type=sa.BigInteger, unique=True)
    entries: list[int] = Field(sa_type=ARRAY(sa.BigInteger))
    digests: list[bytes] = Field(sa_type=ARRAY(sa.LargeBinary))
    digest: bytes = Field(sa_type=sa.LargeBinary)
    done: _Snapshot = Field(sa_type=PgSnapshot)
    target: _Snapshot | None = Field(sa_type=PgSnapshot)
    last_id: int = Field(sa_type=sa.BigInteger)
    system_identifier: int = Field(sa_type=sa.BigInteger)
    floor: int | None = Field(sa_type=sa.BigInteger)
    """Entries up to this id are from before the last restore, and sealed whatever their xid."""
    previous: bytes = Field(sa_type=sa.LargeBinary)
    hash: bytes = Field(sa_type=sa.LargeBinary)
    sealed_at: datetime = Field(sa_type=sa.DateTime(timezone=True))

    @classmethod
    def seal(
        cls, service: str, number: int, previous: bytes, part: Slice, clock: dict[str, Any]
    ) -> Self:
        """Seal what was read, as the next block; `clock` says when, where, and above what id."""
        ids = [row["id"] for row in part.rows]
        digests = [digest_of(row) for row in part.rows]
        facts: dict[str, Any] = {
            "service": service,
            "number": number,
            "entries": ids,
            "digests": digests,
            "digest": digest_over(ids, digests),
            "done": part.after.done.as_record(),
            "target": part.after.target and part.after.target.as_record(),
            "last_id": part.after.last_id,
            "previous": previous,
            **clock,
        }
        return cls(id=block_id(service, number), hash=hash_of(facts), **facts)

    def state(self) -> AuditBlockState:
        """Return what is announced of it: enough to notice another block in its place."""
        return AUDIT_BLOCKS[self.service](
            id=self.id,
            number=self.number,
            entries=len(self.entries),
            hash=self.hash.hex(),
            sealed_at=self.sealed_at,
        )


def block_id(service: str, number: int) -> UUID:
    """The id of a block, which follows from its service and its number."""
    return uuid5(_NAMESPACE, f"{service}/{number}")
