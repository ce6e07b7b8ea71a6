"""Whether what is wanted fits: places taken, or the reason why not and what can be had instead."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import reduce
from typing import Final
from uuid import UUID

from services.facilities import queries
from services.facilities.models import Facility
from services.facilities.models.alternatives import Option, nearest
from services.facilities.models.intervals import Interval, common
from services.facilities.queries import Asked, Occupancy
from services.facilities.use_cases.places import Taking, Wanted, give_back, take_places
from shared.events.facilities import FacilityKind, Slot
from shared.streams.log import Tx

_AROUND: Final = timedelta(days=7)
"""How far from the time that was wanted an alternative is looked for."""


async def fit(tx: Tx, holder_id: UUID, facilities: Sequence[Facility], wanted: Wanted) -> Taking:
    """Take what is wanted of facilities that are locked, given in the order of their ids.

    When it does not fit, nothing is taken.
    """
    for facility in facilities:
        reason = facility.unusable(wanted.use)
        if reason:
            return Taking({}, reason)
    found = await take_places(tx, holder_id, facilities, wanted)
    if found.reason is None or not found.lines:
        return found
    await give_back(tx, holder_id)
    return Taking({}, found.reason)


async def alternatives(tx: Tx, facilities: Sequence[Facility], wanted: Wanted) -> list[Slot]:
    """The nearest times at which all of it can be had; one facility can be another of its kind."""
    together = tuple(facility.id for facility in facilities)
    asked = Asked(facilities[0].unit_id, facility_ids=together)
    if len(facilities) == 1:
        asked = Asked(facilities[0].unit_id, kinds=[facilities[0].kind])
    found, window = await _around(tx, asked, wanted.use)
    most = max(wanted.counts.values())
    free = {
        each.facility.id: each.free(window, wanted.counts.get(each.facility.id, most))
        for each in found
    }
    options = [Option(together, reduce(common, (free.get(each, []) for each in together)))]
    options += [Option((each,), free[each]) for each in free if each not in together]
    return nearest(options, wanted.use)


async def free_rooms(
    tx: Tx, unit_id: UUID, kinds: Collection[FacilityKind], use: Interval
) -> list[Slot]:
    """The nearest times at which one place of a facility of these kinds can be had."""
    found, window = await _around(tx, Asked(unit_id, kinds=kinds), use)
    options = [Option((each.facility.id,), each.free(window, 1)) for each in found]
    return nearest(options, use)


async def _around(tx: Tx, asked: Asked, use: Interval) -> tuple[Sequence[Occupancy], Interval]:
    window = use.widened(_AROUND, _AROUND)
    found = await queries.occupancies(tx, asked, window)
    return found, Interval(max(window.start, await tx.now()), window.end)
