"""How places are taken and given back: the database refuses every overlap, whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.facilities.models import Facility, Tenancy, occupied_place
from services.facilities.models.intervals import Interval
from shared.events.facilities import BookingReason
from shared.streams.log import Tx

# What others are about to take is not seen, so a candidate may be lost: the exclusion constraint
# waits for them to commit, and then nothing is done. Whoever holds a place while waiting goes on
# in the order of numbers, else two could wait for each other; whoever holds none may try any.
# An array, since PostgreSQL takes a series of unknown length for a long one and plans each time.
_TAKE: Final = sa.text("""
WITH closed AS MATERIALIZED (
    SELECT FROM closure
    WHERE facility_id = :facility_id AND starts_at < :use_end AND ends_at > :use_start LIMIT 1
), candidate AS MATERIALIZED (
    SELECT place, row_number() OVER () AS turn FROM (
        SELECT place FROM unnest(CAST(:places AS int[])) AS place
        WHERE NOT EXISTS (SELECT FROM closed) AND NOT EXISTS (
            SELECT FROM occupied_place AS o
            WHERE o.facility_id = :facility_id AND o.place = place.place
            AND o.during && tstzrange(:start, :end)
        )
        ORDER BY CASE WHEN :any_order THEN random() ELSE 0 END, place LIMIT :wanted
    ) AS free
), taken AS (
    INSERT INTO occupied_place (holder_id, facility_id, place, during)
    SELECT :holder_id, :facility_id, place, tstzrange(:start, :end) FROM candidate ORDER BY turn
    ON CONFLICT DO NOTHING RETURNING place
)
SELECT ARRAY(SELECT place FROM taken) AS taken, (SELECT max(place) FROM candidate) AS last,
    EXISTS (SELECT FROM closed) AS closed
""").bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("holder_id", "facility_id")),
    *(
        sa.bindparam(name, type_=sa.DateTime(timezone=True))
        for name in ("start", "end", "use_start", "use_end")
    ),
    sa.bindparam("any_order", type_=sa.Boolean),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many places of each facility, and from when to when they are used."""

    counts: Mapping[UUID, int]
    use: Interval


@dataclass(frozen=True, slots=True)
class Taking:
    """The places of each facility that were taken; with a reason, too few of the last one."""

    lines: Mapping[UUID, Sequence[int]]
    reason: BookingReason | None = None


async def take_places(
    tx: Tx, holder_id: UUID, facilities: Sequence[Facility], wanted: Wanted
) -> Taking:
    """Take what is wanted of facilities that are locked, given in the order of their ids."""
    lines: dict[UUID, list[int]] = {}
    for facility in facilities:
        count = wanted.counts[facility.id]
        alone = count == 1 and len(facilities) == 1
        claim = _Claim(
            holder_id,
            facility.id,
            wanted.use,
            facility.buffers.around(wanted.use),
            any_order=alone and facility.places > 1,
        )
        places, reason = await _take(tx, claim, facility.places, count)
        if places:
            lines[facility.id] = places
        if reason:
            return Taking(lines, reason)
    return Taking(lines)


async def take_place(tx: Tx, tenancy: Tenancy) -> bool:
    """Take the place of a tenancy, whose time closures do not cut; False when it is not free."""
    values = {
        "holder_id": tenancy.id,
        "facility_id": tenancy.facility_id,
        "place": tenancy.place,
        "during": sa.func.tstzrange(*tenancy.during),
    }
    statement = insert(occupied_place).values(values).on_conflict_do_nothing()
    return await tx.scalar(statement.returning(occupied_place.c.place)) is not None


async def give_back(tx: Tx, holder_id: UUID) -> None:
    """Let others have the places of a booking or tenancy that the tx has in hand."""
    await tx.execute(sa.delete(occupied_place).where(occupied_place.c.holder_id == holder_id))


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who takes places of which facility, when they are used, and how long they are kept for it."""

    holder_id: UUID
    facility_id: UUID
    use: Interval
    during: Interval
    any_order: bool = False


@dataclass(frozen=True, slots=True)
class _Outcome:
    taken: Sequence[int]
    last: int | None
    """The highest place that was tried; None when none was free."""
    closed: bool


async def _take(
    tx: Tx, claim: _Claim, places: int, count: int
) -> tuple[list[int], BookingReason | None]:
    taken: list[int] = []
    lowest = 1
    while len(taken) < count:
        if lowest > places:
            return taken, "taken"
        outcome = await _try(tx, claim, range(lowest, places + 1), count - len(taken))
        if outcome.last is None:
            return taken, "facility_closed" if outcome.closed else "taken"
        taken += outcome.taken
        if not claim.any_order:
            lowest = outcome.last + 1
    return sorted(taken), None


async def _try(tx: Tx, claim: _Claim, numbers: range, wanted: int) -> _Outcome:
    found = await tx.execute(
        _TAKE,
        {
            "holder_id": claim.holder_id,
            "facility_id": claim.facility_id,
            "start": claim.during.start,
            "end": claim.during.end,
            "use_start": claim.use.start,
            "use_end": claim.use.end,
            "places": numbers,
            "any_order": claim.any_order,
            "wanted": wanted,
        },
    )
    row = found.one()
    return _Outcome(row.taken, row.last, row.closed)
