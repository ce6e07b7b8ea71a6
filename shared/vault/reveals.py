"""How a person's values are given out: for a purpose, noted before they are, and not too often."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.access.actor import Actor
from shared.audit.entry import Entry, audit_entry, record
from shared.database import Database
from shared.refusals import TooMany
from shared.streams.log import Tx
from shared.vault.vault import F, Vault

MOST = 20
"""Reveals by one actor in `WHILE`."""
WHILE = timedelta(hours=1)

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:actor, 20))")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which fields of whom are asked for, and to what end."""

    subject_id: UUID
    names: Collection[str]
    purpose: StrEnum


async def reveal(vault: Vault[F], database: Database, actor: Actor, wish: Wish) -> dict[str, str]:
    """Give out the fields that were asked for and are there.

    The audit entry is committed first: whoever got a value is in the trail, whatever happens next.
    Raises PersonNotFound, Erased, TooMany, Unavailable.
    """
    async with database.reading(actor) as tx:
        row = await vault.find(tx, wish.subject_id)
        fields = await vault.unseal(row)
    async with database.transaction() as tx:
        await _refuse_too_many(tx, actor)
        await record(tx, _entry(actor, wish, row.unit_id))
    present = fields.present()
    return {name: present[name].reveal() for name in wish.names if name in present}


ORDER = [audit_entry.c.at, audit_entry.c.id]
"""That of the accesses, the oldest first."""


def accesses(subject_id: UUID) -> sa.Select[Any]:
    """Who was given what of a person, when and to what end."""
    entry = audit_entry.c
    columns = entry.at, entry.actor, entry.roles, entry.fields, entry.purpose
    return sa.select(*columns).where(entry.subject_id == subject_id, entry.decision == "revealed")


def _entry(actor: Actor, wish: Wish, unit: UUID) -> Entry:
    return Entry(
        actor=actor,
        operation=actor.operation,
        decision="revealed",
        targets=(wish.subject_id,),
        unit=unit,
        subject_id=wish.subject_id,
        fields=tuple(sorted(wish.names)),
        purpose=wish.purpose.value,
        address=actor.address,
    )


async def _refuse_too_many(tx: Tx, actor: Actor) -> None:
    """Raise TooMany unless one more is allowed now; the actor's others wait until it is noted."""
    await tx.execute(_ONE_AT_A_TIME, {"actor": actor.subject})
    entry = audit_entry.c
    latest = (
        sa.select(entry.at, sa.func.clock_timestamp().label("now"))
        .where(
            entry.actor == actor.subject,
            entry.decision == "revealed",
            entry.at > sa.func.clock_timestamp() - WHILE,
        )
        .order_by(entry.at.desc())
        .limit(MOST)
    )
    rows = (await tx.execute(latest)).all()
    if len(rows) == MOST:
        wait = rows[-1].at + WHILE - rows[-1].now
        message = "You have revealed as much as is allowed in an hour. Go on later."
        raise TooMany(message, retry_after=max(1, ceil(wait.total_seconds())))
