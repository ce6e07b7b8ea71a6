"""What happens at once: no consultant has more hours taken than they give, and nothing is lost."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from services.mentoring import queries, use_cases
from services.mentoring.models import Case, Consultant, Request, Session
from services.mentoring.schemas import AssignRequest, OpenRequest, PlanSession
from shared.access.actor import system
from shared.streams.log import Tx
from shared.web.etags import Versions
from tests.mentoring.practice import Practice, a_meeting
from tests.support.eventually import eventually
from tests.support.lock_waits import waiting

_US = system("test")
_COUNTED = """
SELECT c.taken, c.weekly_hours,
    (SELECT coalesce(sum(weekly_hours), 0) FROM request
     WHERE consultant_id = c.id AND status = 'assigned')
    + (SELECT coalesce(sum(weekly_hours), 0) FROM mentoring_case
       WHERE consultant_id = c.id AND status = 'open') AS counted
FROM consultant AS c
"""


async def _refuse_miscounted(practice: Practice) -> None:
    for row in await practice.ecosystem.rows("mentoring", _COUNTED):
        assert row["taken"] == row["counted"] <= row["weekly_hours"]


async def test_of_fifty_assignments_at_once_as_many_succeed_as_there_are_hours(
    practice: Practice,
) -> None:
    consultant = await practice.consultant(weekly_hours=20)
    enterprise = await practice.enterprise()
    made = [await practice.request(enterprise, weekly_hours=2) for _ in range(50)]
    to = {"consultant_id": str(consultant.id)}

    answers = await asyncio.gather(
        *(practice.ask("POST", f"/requests/{r.id}/assign", json=to, seen=1) for r in made)
    )

    assert Counter(answer.status_code for answer in answers) == {200: 10, 409: 40}
    refused = {answer.json()["type"] for answer in answers if answer.status_code == 409}
    assert refused == {"/problems/capacity-exceeded"}
    assert await practice.taken(consultant) == 20
    await _refuse_miscounted(practice)


async def test_if_nobody_looked_how_many_are_left_the_database_would_refuse(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultant = await practice.consultant(weekly_hours=3)
    await practice.assigned(consultant)
    request = await practice.request()
    command, seen = AssignRequest(consultant_id=consultant.id), Versions([1])
    monkeypatch.setattr(queries, "take_hours", _take_blindly)

    with pytest.raises(IntegrityError):
        await practice.does(lambda tx: use_cases.assign_request(tx, request.id, seen, command))

    assert await practice.taken(consultant) == 2


async def _take_blindly(tx: Tx, consultant_id: UUID, hours: int) -> bool:
    await queries.free_hours(tx, consultant_id, -hours)
    return True


async def test_hours_taken_given_back_and_handed_over_at_once_are_counted_right(
    practice: Practice,
) -> None:
    enterprise = await practice.enterprise()
    one, other, leaving = [await practice.consultant(weekly_hours=16) for _ in range(3)]
    declined = [await practice.assigned(one, enterprise) for _ in range(3)]
    closed = [await practice.case(other, enterprise) for _ in range(3)]
    left = [await practice.case(leaving, enterprise) for _ in range(3)]
    wished = [await practice.request(enterprise) for _ in range(12)]
    crossing = [await practice.case(one, enterprise), await practice.case(other, enterprise)]
    ask = partial(practice.ask, "POST")

    answers = await asyncio.gather(
        ask(f"/cases/{crossing[0].id}/hand-over", json=_to(other), seen=1),
        *(ask(f"/requests/{each.id}/assign", json=_to(one), seen=1) for each in wished),
        *(ask(f"/requests/{each.id}/decline", seen=2) for each in declined),
        ask(f"/consultants/{leaving.id}/leave", json={}, seen=1),
        *(ask(f"/cases/{each.id}/close", json={}, seen=1) for each in closed),
        ask(f"/cases/{crossing[1].id}/hand-over", json=_to(one), seen=1),
    )

    assert {answer.status_code for answer in answers} <= {200, 409, 412}
    await _refuse_miscounted(practice)
    if (await practice.now(Consultant, leaving.id)).status == "left":
        for case in left:
            assert (await practice.now(Case, case.id)).consultant_id != leaving.id


def _to(consultant: Consultant) -> dict[str, str]:
    return {"consultant_id": str(consultant.id)}


async def test_a_session_planned_while_its_case_is_handed_over_is_the_successors(
    practice: Practice,
) -> None:
    case = await practice.case(await practice.consultant())
    successor = await practice.consultant()
    command = PlanSession.model_validate(a_meeting())

    async with asyncio.TaskGroup() as group, practice.database.transaction(_US) as tx:
        planned = await use_cases.plan_session(tx, case.id, command)
        await tx.flush()
        path = f"/cases/{case.id}/hand-over"
        asking = group.create_task(practice.ask("POST", path, json=_to(successor), seen=1))
        await eventually(partial(waiting, practice.ecosystem, "mentoring"))

    assert (await asking).status_code == 200
    assert (await practice.now(Session, planned.id)).consultant_id == successor.id


async def test_a_case_accepted_while_its_consultant_leaves_is_not_left_alone(
    practice: Practice,
) -> None:
    consultant, other = await practice.consultant(), await practice.consultant()
    request = await practice.assigned(consultant)
    path = f"/consultants/{consultant.id}/leave"

    async with asyncio.TaskGroup() as group, practice.database.transaction(_US) as tx:
        accepted = await use_cases.accept_request(tx, request.id, Versions([2]))
        await tx.flush()
        leaving = group.create_task(practice.ask("POST", path, json={}, seen=1))
        await eventually(partial(waiting, practice.ecosystem, "mentoring"))

    assert (await leaving).status_code == 200
    assert accepted.case_id is not None
    assert (await practice.now(Case, accepted.case_id)).consultant_id == other.id
    await _refuse_miscounted(practice)


async def test_a_request_opened_while_its_enterprise_closes_is_ended(practice: Practice) -> None:
    enterprise = await practice.enterprise()
    command = OpenRequest(enterprise_id=enterprise, field="sdm")

    async with asyncio.TaskGroup() as group, practice.database.transaction(_US) as tx:
        opened = await use_cases.open_request(tx, command)
        await tx.flush()
        group.create_task(practice.hears_again(enterprise, status="closed"))
        await eventually(partial(waiting, practice.ecosystem, "mentoring"))

    ended = await practice.now(Request, opened.id)
    assert (ended.status, ended.reason) == ("ended", "enterprise_closed")


async def test_two_workers_let_time_act_on_a_thing_once(practice: Practice) -> None:
    consultant = await practice.consultant()
    made = [await practice.assigned(consultant) for _ in range(4)]
    late = "UPDATE request SET due_at = now() - interval '1 s'"
    await practice.ecosystem.rows("mentoring", late)

    done = await asyncio.gather(*(_until_nothing_is_due(practice) for _ in range(3)))

    assert sum(done) == len(made)
    assert await practice.taken(consultant) == 0
    for request in made:
        assert await practice.verbs(request.id) == ["opened", "assigned", "declined"]


async def _until_nothing_is_due(practice: Practice) -> int:
    """Let time act for as long as anything is due, also in another worker's hands."""
    done = 0
    due: Awaitable[list[Any]]
    while True:
        done += await practice.time_works()
        due = practice.ecosystem.rows("mentoring", "SELECT FROM request WHERE due_at < now()")
        if not await due:
            return done
