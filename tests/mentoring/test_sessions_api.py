"""Sessions are planned, given a room or refused one, held, missed or cancelled."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.mentoring.deadlines import DEADLINES
from services.mentoring.models import Case, Session
from shared.deadlines import Deadlines
from shared.events.facilities import BookingState
from tests.mentoring.practice import HOUR, TOMORROW, Practice, a_booking, a_meeting


async def test_a_session_that_wants_a_room_says_so_and_knows_when_it_has_one(
    practice: Practice, case: Case
) -> None:
    planned = await practice.ask(
        "POST", f"/cases/{case.id}/sessions", json=a_meeting(), by=case.subject_id
    )
    session = await practice.now(Session, UUID(planned.json()["id"]))
    booking = await practice.given_room(session)

    read = await practice.ask("GET", f"/sessions/{session.id}", by=case.subject_id)

    assert planned.status_code == 201
    assert planned.headers["Location"] == f"/api/mentoring/v1/sessions/{session.id}"
    assert (planned.json()["room"], planned.json()["status"]) == ("wanted", "planned")
    assert (read.json()["room"], read.json()["booking_id"]) == ("given", str(booking.id))
    assert session.state().model_dump()["revision"] == 1
    assert await practice.verbs(session.id) == ["planned", "room_given"]


async def test_a_session_that_is_refused_a_room_knows_the_alternatives_and_tries_again(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    slot = {"facility_id": uuid4(), "starts_at": TOMORROW + HOUR, "ends_at": TOMORROW + 2 * HOUR}
    await practice.hears(a_booking(session, status="rejected", alternatives=(slot,)))
    refused = await practice.ask("GET", f"/sessions/{session.id}")
    [free] = refused.json()["alternatives"]
    times = {"starts_at": free["starts_at"], "ends_at": free["ends_at"]}

    answer = await practice.ask(
        "POST", f"/sessions/{session.id}/replan", json=a_meeting(**times), seen=2
    )
    again = await practice.now(Session, session.id)
    await practice.given_room(again)

    assert (refused.json()["status"], refused.json()["room"]) == ("planned", "refused")
    assert (answer.json()["room"], answer.json()["alternatives"]) == ("wanted", [])
    assert (again.revision, again.starts_at) == (2, TOMORROW + HOUR)
    assert (await practice.now(Session, session.id)).room == "given"


async def test_a_displaced_booking_makes_a_session_be_planned_anew(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    booking = await practice.given_room(session)

    await practice.hears_again(booking.id, status="displaced", reason="facility_closed")

    lost = (await practice.ask("GET", f"/sessions/{session.id}")).json()
    assert (lost["status"], lost["room"]) == ("to_replan", "lost")
    assert "replan_session" in lost["actions"]
    assert await practice.verbs(session.id) == ["planned", "room_given", "room_lost"]
    at_their_place = a_meeting(mode="client_site")
    path = f"/sessions/{session.id}/replan"
    replanned = (await practice.ask("POST", path, json=at_their_place, seen=3)).json()
    assert (replanned["status"], replanned["room"]) == ("planned", "not_wanted")
    assert (replanned["booking_id"], replanned["facility_kind"]) == (None, None)


async def test_a_session_that_lost_its_room_after_it_began_is_told_of(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    booking = await practice.given_room(session)
    await practice.begins(session)
    await practice.hears_again(booking.id, status="cancelled", reason="not_needed")
    lost = (await practice.ask("GET", f"/sessions/{session.id}")).json()

    told = {"minutes": 60, "notes": "Di lorong, dan selesai."}
    path = f"/sessions/{session.id}/hold"
    held = await practice.ask("POST", path, json=told, seen=3, by=case.subject_id)

    assert (lost["status"], "hold_session" in lost["actions"]) == ("to_replan", True)
    assert (held.status_code, held.json()["status"]) == (200, "held")


STORIES: dict[str, tuple[list[dict[str, Any]], tuple[str, str]]] = {
    "lost": ([{"status": "confirmed"}, {"status": "displaced"}], ("to_replan", "lost")),
    "given": ([{"status": "pending"}, {"status": "confirmed"}], ("planned", "given")),
    "used": ([{"status": "confirmed"}, {"status": "checked_in"}], ("planned", "given")),
}


@pytest.mark.parametrize("story", STORIES)
async def test_states_of_a_booking_that_come_again_or_in_another_order_end_in_the_same(
    practice: Practice, case: Case, story: str
) -> None:
    states, end = STORIES[story]
    for order in permutations(range(len(states))):
        session = await practice.session(case)
        booking = a_booking(session)
        for number in (*order, *order):
            changed = booking.model_copy(update=states[number])
            await practice.hears(changed, seq=number + 1)
        seen = await practice.now(Session, session.id)
        # Whoever builds the copy anew hears all of it once more.
        await practice.forgets("booking")
        for number in range(len(states)):
            await practice.hears(booking.model_copy(update=states[number]), seq=number + 1)

        again = await practice.now(Session, session.id)
        assert (again.status, again.room) == end
        assert again.event_seq == seen.event_seq


async def test_an_answer_to_an_earlier_wish_changes_nothing(practice: Practice, case: Case) -> None:
    session = await practice.session(case)
    first: BookingState = a_booking(session)
    later = a_meeting(
        starts_at=(TOMORROW + HOUR).isoformat(), ends_at=(TOMORROW + 2 * HOUR).isoformat()
    )
    await practice.ask("POST", f"/sessions/{session.id}/replan", json=later, seen=1)

    await practice.hears(first)
    await practice.hears_again(first.id, status="cancelled", reason="not_needed")
    await practice.hears(a_booking(session, id=uuid4(), session_id=uuid4()))

    now = await practice.now(Session, session.id)
    assert (now.room, now.status, now.event_seq) == ("wanted", "planned", 2)


async def test_a_session_is_held_with_minutes_and_notes_that_stay_here(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case, mode="online")
    told = {"minutes": 75, "notes": "Menghitung harga pokok tiga produk."}
    path = f"/sessions/{session.id}/hold"

    early = await practice.ask("POST", path, json=told, seen=1, by=case.subject_id)
    before = await practice.ask("GET", f"/sessions/{session.id}", by=case.subject_id)
    await practice.begins(session)
    [begun] = (await practice.ask("GET", "/sessions", by=case.subject_id)).json()["items"]
    held = await practice.ask("POST", path, json=told, seen=1, by=case.subject_id)
    again = await practice.ask("POST", path, json=told, seen=2, by=case.subject_id)

    assert (early.status_code, early.json()["type"]) == (409, "/problems/too-early")
    assert before.json()["actions"] == ["replan_session", "cancel_session"]
    assert {*begun["actions"]} == {*before.json()["actions"], "hold_session", "miss_session"}
    assert (held.json()["minutes"], held.json()["notes"]) == (75, told["notes"])
    assert (held.json()["status"], held.json()["actions"]) == ("held", [])
    assert again.status_code == 409
    logged = await practice.ecosystem.rows("mentoring", "SELECT data::text FROM event_log")
    assert not any("harga pokok" in row["data"] for row in logged)
    listed = (await practice.ask("GET", "/sessions", by="evaluator")).json()["items"]
    assert [each["minutes"] for each in listed] == [75]
    assert "notes" not in listed[0]


async def test_a_session_that_nobody_tells_of_is_missed_after_two_days(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    assert session.due_at == session.ends_at + timedelta(hours=48)
    await practice.begins(session)

    passed = await practice.time_passes("session", session.id)

    missed = await practice.now(Session, session.id)
    assert (passed, missed.status, missed.due_at) == (True, "missed", None)
    assert not await practice.time_works()


async def test_one_that_fails_holds_nobody_else_up(practice: Practice, case: Case) -> None:
    broken, good = await practice.session(case), await practice.session(case)
    await practice.begins(good)
    for session, status, days in ((broken, "held", 9), (good, "planned", 1)):
        spoil = f"UPDATE session SET status = '{status}', due_at = now() - interval '{days} d'"  # noqa: S608 (our own words)
        await practice.ecosystem.rows("mentoring", f"{spoil} WHERE id = $1", session.id)
    deadlines = Deadlines(practice.database, "mentoring", DEADLINES)

    assert await deadlines.take()
    assert await deadlines.take()

    assert (await practice.now(Session, good.id)).status == "missed"


async def test_a_session_that_nobody_plans_anew_is_missed_as_any_other(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    booking = await practice.given_room(session)
    await practice.hears_again(booking.id, status="displaced", reason="facility_closed")
    lost = await practice.now(Session, session.id)
    await practice.begins(session)

    passed = await practice.time_passes("session", session.id)

    assert (lost.status, lost.due_at) == ("to_replan", session.ends_at + timedelta(hours=48))
    assert (passed, (await practice.now(Session, session.id)).status) == (True, "missed")
    assert (await practice.verbs(session.id))[-2:] == ["room_lost", "missed"]


async def test_a_session_is_missed_or_cancelled_by_whom_it_belongs_to(
    practice: Practice, case: Case
) -> None:
    missed, cancelled = await practice.session(case), await practice.session(case)
    await practice.begins(missed)

    one = await practice.ask("POST", f"/sessions/{missed.id}/miss", seen=1, by=case.subject_id)
    other = await practice.ask("POST", f"/sessions/{cancelled.id}/cancel", seen=1)
    foreign = await practice.ask("POST", f"/sessions/{cancelled.id}/cancel", seen=2, by=uuid4())

    assert (one.json()["status"], other.json()["status"]) == ("missed", "cancelled")
    assert foreign.status_code == 404
    assert await practice.verbs(cancelled.id) == ["planned", "cancelled"]


async def test_sessions_are_found_by_time_status_and_room(practice: Practice, case: Case) -> None:
    online = await practice.session(case, mode="online")
    later = (TOMORROW + timedelta(days=2)).isoformat()
    ends = (TOMORROW + timedelta(days=2, hours=1)).isoformat()
    in_a_room = await practice.session(case, starts_at=later, ends_at=ends)

    async def found(**wanted: str) -> list[UUID]:
        answer = await practice.ask("GET", "/sessions", params=wanted)
        return [UUID(each["id"]) for each in answer.json()["items"]]

    assert await found() == [online.id, in_a_room.id]
    assert await found(room="wanted") == await found(starts_from=later) == [in_a_room.id]
    assert await found(starts_before=later) == [online.id]
    assert await found(status="held") == await found(case_id=str(uuid4())) == []
    first = (await practice.ask("GET", "/sessions?limit=1")).json()
    second = (await practice.ask("GET", f"/sessions?limit=1&after={first['next']}")).json()
    assert (second["items"][0]["id"], second["next"]) == (str(in_a_room.id), None)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"starts_at": datetime.now(UTC).isoformat()}, 422),
        ({"ends_at": TOMORROW.isoformat()}, 422),
        ({"mode": "online", "facility_kind": "hall"}, 422),
    ],
)
async def test_a_meeting_that_cannot_be_is_refused(
    practice: Practice, case: Case, changes: dict[str, str], status: int
) -> None:
    path = f"/cases/{case.id}/sessions"

    answer = await practice.ask("POST", path, json=a_meeting(**changes))

    assert answer.status_code == status
