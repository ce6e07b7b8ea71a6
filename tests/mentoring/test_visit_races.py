"""A visit is corrected while somebody decides: nothing is lost, doubled or counted twice."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from services.mentoring import use_cases
from services.mentoring.models import Consultant, Request
from services.mentoring.schemas import AssignRequest
from shared.access.actor import system
from shared.events.registry import VisitState
from shared.refusals import Stale
from shared.streams.log import Tx
from shared.streams.verdicts import QUICK_PAUSES
from shared.web.etags import Versions
from tests.mentoring.practice import Practice
from tests.support.eventually import eventually
from tests.support.lock_waits import waiting

_US = system("test")
_OF_VISIT = "SELECT field, coalesce(reason, status) FROM request WHERE visit_id = $1 ORDER BY id"
_FIRST = "SELECT id FROM request WHERE visit_id = $1"
_COUNTED = """
SELECT c.taken, (SELECT coalesce(sum(weekly_hours), 0) FROM request
    WHERE consultant_id = c.id AND status IN ('assigned', 'accepted')) AS counted
FROM consultant AS c
"""

Decide = Callable[[Tx, Request, Consultant], Awaitable[Any]]


async def _visited(practice: Practice) -> tuple[UUID, Request]:
    """A visit, and the request that it made."""
    visit = await practice.visit(await practice.enterprise())
    rows = await practice.ecosystem.rows("mentoring", _FIRST, visit)
    return visit, await practice.now(Request, rows[0]["id"])


async def _ends(practice: Practice, visit: UUID) -> list[Any]:
    rows = await practice.ecosystem.rows("mentoring", _OF_VISIT, visit)
    return [tuple(row.values()) for row in rows]


async def _hears(practice: Practice, visit: UUID, seq: int, **changes: object) -> None:
    """Hear a correction as a listener does, which tries what failed a few times more."""
    corrected = practice.heard(visit).model_copy(update=changes)
    for _ in QUICK_PAUSES:
        with suppress(Stale):
            return await practice.hears(corrected, seq=seq)
    return await practice.hears(corrected, seq=seq)


async def _assign(tx: Tx, request: Request, to: Consultant) -> None:
    command = AssignRequest(consultant_id=to.id)
    await use_cases.assign_request(tx, request.id, Versions([1]), command)


async def _assign_and_accept(tx: Tx, request: Request, to: Consultant) -> None:
    await _assign(tx, request, to)
    await tx.flush()
    await use_cases.accept_request(tx, request.id, Versions([2]))


@pytest.mark.parametrize(
    ("decide", "end", "taken"),
    [(_assign, "not_needed", 0), (_assign_and_accept, "accepted", 2)],
    ids=["assigned", "accepted"],
)
async def test_a_visit_corrected_while_somebody_decides_goes_by_the_decision(
    practice: Practice, consultant: Consultant, decide: Decide, end: str, taken: int
) -> None:
    visit, request = await _visited(practice)

    async with asyncio.TaskGroup() as group, practice.database.transaction(_US) as tx:
        await decide(tx, request, consultant)
        await tx.flush()
        group.create_task(_hears(practice, visit, 2, field="sdm"))
        await eventually(partial(waiting, practice.ecosystem, "mentoring"))

    assert await _ends(practice, visit) == [("pemasaran", end), ("sdm", "open")]
    assert await practice.taken(consultant) == taken


async def test_nobody_takes_on_what_is_corrected_in_the_same_moment(
    practice: Practice, consultant: Consultant
) -> None:
    visit, request = await _visited(practice)
    await practice.does(lambda tx: _assign(tx, request, consultant))
    changed = practice.heard(visit).model_copy(update={"field": "sdm"})
    assert isinstance(changed, VisitState)
    path, by = f"/requests/{request.id}/accept", consultant.person_id

    async with asyncio.TaskGroup() as group, practice.database.transaction(_US) as tx:
        await use_cases.follow_visit(tx, changed)
        accepting = group.create_task(practice.ask("POST", path, seen=2, by=by))
        await eventually(partial(waiting, practice.ecosystem, "mentoring"))

    assert (await accepting).status_code == 412
    assert await _ends(practice, visit) == [("pemasaran", "not_needed"), ("sdm", "open")]
    assert await practice.taken(consultant) == 0


async def test_corrections_and_decisions_at_once_leave_what_the_last_correction_needs(
    practice: Practice, consultant: Consultant
) -> None:
    for _ in range(4):
        visit, request = await _visited(practice)
        to = {"consultant_id": str(consultant.id)}
        ask = partial(practice.ask, "POST")

        answers = await asyncio.gather(
            _hears(practice, visit, 2, field="sdm"),
            ask(f"/requests/{request.id}/assign", json=to, seen=1),
            _hears(practice, visit, 3, field="produksi"),
            ask(f"/requests/{request.id}/accept", seen=2, by=consultant.person_id),
            _hears(practice, visit, 3, field="produksi"),
        )

        assert {each.status_code for each in answers if each} <= {200, 404, 409, 412}
        first, *between, last = await _ends(practice, visit)
        assert first in [("pemasaran", "not_needed"), ("pemasaran", "accepted")]
        assert between in ([], [("sdm", "not_needed")])
        assert last == ("produksi", "open")
    for row in await practice.ecosystem.rows("mentoring", _COUNTED):
        assert row["taken"] == row["counted"]
