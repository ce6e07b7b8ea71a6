"""Cases are planned, handed over and closed; outcomes are claimed and answered by the owner."""

from typing import Any
from uuid import UUID

import pytest

from services.mentoring.models import Case, Consultant, Session
from tests.mentoring.practice import Practice
from tests.mentoring.things import GOALS, SALES
from tests.support.builders import MALANG


async def _plan(practice: Practice, case: Case, goals: list[dict[str, Any]], seen: int) -> Any:  # noqa: ANN401 (JSON)
    answer = await practice.ask(
        "POST", f"/cases/{case.id}/plan", json={"goals": goals}, seen=seen, by=case.subject_id
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_plan_is_revised_until_the_case_is_closed(
    practice: Practice, consultant: Consultant, case: Case
) -> None:
    first = await _plan(practice, case, GOALS[:1], 1)
    planned = await _plan(practice, case, GOALS, 2)
    one, other = (goal["id"] for goal in planned["plan"])
    became = [{"goal_id": other, "result": "met"}, {"goal_id": one, "result": "missed"}]
    path = f"/cases/{case.id}/close"

    incomplete = await practice.ask("POST", path, json={"results": became[:1]}, seen=3)
    closed = await practice.ask("POST", path, json={"results": became}, seen=3, by=case.subject_id)
    replanned = await practice.ask("POST", f"/cases/{case.id}/plan", json={"goals": GOALS}, seen=4)

    assert [goal["indicator"] for goal in planned["plan"]] == [g["indicator"] for g in GOALS]
    assert first["plan"][0]["id"] not in (one, other)
    assert (incomplete.status_code, closed.status_code) == (422, 200)
    assert [goal["result"] for goal in closed.json()["plan"]] == ["missed", "met"]
    assert (closed.json()["goals"], closed.json()["goals_met"]) == (2, 1)
    assert closed.json()["actions"] == ["claim_outcome"]
    assert replanned.json()["type"] == "/problems/case-closed"
    assert await practice.taken(consultant) == 0
    assert await practice.verbs(case.id) == ["opened", "planned", "planned", "closed"]


async def test_a_case_is_not_closed_while_sessions_are_to_come(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)

    [listed] = (await practice.ask("GET", "/cases")).json()["items"]
    refused = await practice.ask("POST", f"/cases/{case.id}/close", json={}, seen=1)
    await practice.ask("POST", f"/sessions/{session.id}/cancel", seen=1)
    read = (await practice.ask("GET", f"/cases/{case.id}")).json()
    closed = await practice.ask("POST", f"/cases/{case.id}/close", json={}, seen=1)
    more = await practice.ask(
        "POST",
        f"/cases/{case.id}/sessions",
        json={"mode": "online", "starts_at": "2027-01-04T02:00Z", "ends_at": "2027-01-04T03:00Z"},
    )

    assert refused.json()["type"] == "/problems/sessions-planned"
    assert {*read["actions"]} - {*listed["actions"]} == {"close_case"}
    assert closed.status_code == 200
    assert more.json()["type"] == "/problems/case-closed"


async def test_a_case_that_is_handed_over_takes_its_sessions_and_their_rooms_along(
    practice: Practice, consultant: Consultant, case: Case
) -> None:
    successor = await practice.consultant(MALANG)
    given, held = await practice.session(case), await practice.session(case, mode="online")
    booking = await practice.given_room(given)
    await practice.begins(held)
    told = {"minutes": 60, "notes": "Rencana promosi."}
    await practice.ask("POST", f"/sessions/{held.id}/hold", json=told, seen=1)
    to = {"consultant_id": str(successor.id)}

    handed = await practice.ask("POST", f"/cases/{case.id}/hand-over", json=to, seen=1)
    again = await practice.ask("POST", f"/cases/{case.id}/hand-over", json=to, seen=2)

    moved, told_of = await practice.now(Session, given.id), await practice.now(Session, held.id)
    assert handed.json()["consultant_id"] == str(successor.id)
    assert (moved.consultant_id, moved.subject_id) == (successor.id, successor.person_id)
    assert (moved.booking_id, moved.room, moved.revision) == (booking.id, "given", 1)
    assert told_of.consultant_id == consultant.id
    assert (await practice.taken(consultant), await practice.taken(successor)) == (0, 2)
    assert await practice.verbs(given.id) == ["planned", "room_given", "handed_over"]
    assert again.json()["type"] == "/problems/same-consultant"
    theirs = await practice.ask("GET", f"/cases/{case.id}", by=successor.person_id)
    before = await practice.ask("GET", f"/cases/{case.id}", by=consultant.person_id)
    assert (theirs.status_code, before.status_code) == (200, 404)


async def test_a_case_is_not_handed_to_whom_has_no_hours_left(
    practice: Practice, consultant: Consultant, case: Case
) -> None:
    full = await practice.consultant(weekly_hours=1)
    to = {"consultant_id": str(full.id)}

    answer = await practice.ask("POST", f"/cases/{case.id}/hand-over", json=to, seen=1)

    assert answer.json()["type"] == "/problems/capacity-exceeded"
    assert (await practice.taken(consultant), await practice.taken(full)) == (2, 0)


async def test_who_leaves_hands_each_case_to_the_best_who_has_room(
    practice: Practice, consultant: Consultant
) -> None:
    large = await practice.case(consultant, weekly_hours=8)
    small = await practice.case(consultant, weekly_hours=3, field="sdm")
    asked = await practice.assigned(consultant)
    session = await practice.session(small)
    booking = await practice.given_room(session)
    narrow = await practice.consultant(weekly_hours=4, fields=["sdm"])
    wide = await practice.consultant(weekly_hours=9)

    left = await practice.ask("POST", f"/consultants/{consultant.id}/leave", json={}, seen=1)

    assert (left.json()["status"], left.json()["hours_left"]) == ("left", 20)
    assert (await practice.now(Case, large.id)).consultant_id == wide.id
    assert (await practice.now(Case, small.id)).consultant_id == narrow.id
    moved = await practice.now(Session, session.id)
    assert (moved.consultant_id, moved.booking_id) == (narrow.id, booking.id)
    assert (await practice.taken(wide), await practice.taken(narrow)) == (8, 3)
    assert await practice.verbs(asked.id) == ["opened", "assigned", "declined"]
    assert await practice.verbs(consultant.id) == ["registered", "left"]


async def test_who_leaves_may_name_a_successor_for_all(
    practice: Practice, consultant: Consultant
) -> None:
    cases = [await practice.case(consultant) for _ in range(3)]
    successor, other = await practice.consultant(weekly_hours=6), await practice.consultant()
    to = {"successor_id": str(successor.id)}

    left = await practice.ask("POST", f"/consultants/{consultant.id}/leave", json=to, seen=1)

    assert left.status_code == 200
    assert {(await practice.now(Case, case.id)).consultant_id for case in cases} == {successor.id}
    assert (await practice.taken(successor), await practice.taken(other)) == (6, 0)


@pytest.mark.parametrize("named", [True, False])
async def test_nobody_leaves_while_a_case_would_have_nobody(
    practice: Practice, consultant: Consultant, *, named: bool
) -> None:
    cases = [await practice.case(consultant, weekly_hours=5) for _ in range(2)]
    successor = await practice.consultant(weekly_hours=9)
    to = {"successor_id": str(successor.id)} if named else {}

    refused = await practice.ask("POST", f"/consultants/{consultant.id}/leave", json=to, seen=1)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/capacity-exceeded")
    assert "5 hours a week" in refused.json()["detail"]
    assert {(await practice.now(Case, case.id)).consultant_id for case in cases} == {consultant.id}
    assert (await practice.taken(consultant), await practice.taken(successor)) == (10, 0)
    assert await practice.verbs(consultant.id) == ["registered"]


async def test_a_head_does_not_let_go_who_has_cases_of_other_units(practice: Practice) -> None:
    consultant = await practice.consultant(MALANG)
    await practice.consultant()
    case = await practice.case(consultant)
    path = f"/consultants/{consultant.id}/leave"

    refused = await practice.ask("POST", path, json={}, seen=1, by="malang")
    left = await practice.ask("POST", path, json={}, seen=1, by="province")

    assert (refused.status_code, left.status_code) == (403, 200)
    assert (await practice.now(Case, case.id)).consultant_id != consultant.id


async def test_an_outcome_counts_when_the_owner_has_confirmed_it(
    practice: Practice, case: Case
) -> None:
    path = f"/cases/{case.id}/outcomes"
    claimed = await practice.ask("POST", path, json=SALES, by=case.subject_id)
    wrong = await practice.ask("POST", path, json=SALES | {"value": 9}, by=case.subject_id)
    one, other = (f"/outcomes/{each.json()['id']}" for each in (claimed, wrong))
    because = {"because": "Omzet naik tiga juta."}

    by_head = await practice.ask("POST", f"{one}/confirm", seen=1)
    theirs = await practice.ask("GET", one, by="owner")
    confirmed = await practice.ask("POST", f"{one}/confirm", seen=1, by="owner")
    again = await practice.ask("POST", f"{one}/dispute", json=because, seen=2, by="owner")
    disputed = await practice.ask("POST", f"{other}/dispute", json=because, seen=1, by="owner")

    assert (claimed.status_code, claimed.json()["actions"]) == (201, [])
    assert theirs.json()["actions"] == ["confirm_outcome", "dispute_outcome"]
    assert (by_head.status_code, again.status_code) == (403, 409)
    assert (confirmed.json()["status"], disputed.json()["status"]) == ("confirmed", "disputed")
    read = await practice.ask("GET", other, by=case.subject_id)
    assert read.json()["disputed_because"] == "Omzet naik tiga juta."
    listed = (await practice.ask("GET", "/outcomes?status=confirmed", by="evaluator")).json()
    assert [each["id"] for each in listed["items"]] == [claimed.json()["id"]]
    assert await practice.verbs(UUID(wrong.json()["id"])) == ["claimed", "disputed"]


async def test_an_outcome_is_not_of_a_day_to_come(practice: Practice, case: Case) -> None:
    body = SALES | {"achieved_on": "2198-01-01"}

    answer = await practice.ask("POST", f"/cases/{case.id}/outcomes", json=body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/day-impossible")
