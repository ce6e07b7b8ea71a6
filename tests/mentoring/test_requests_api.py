"""An enterprise asks for help, a consultant is proposed and asked, and answers or does not."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.mentoring.models import Case, Request
from tests.mentoring.practice import UNITS, Practice
from tests.support.builders import BATU, MALANG


async def test_a_request_becomes_a_case_in_the_hands_of_who_accepts_it(practice: Practice) -> None:
    enterprise, consultant = await practice.enterprise(), await practice.consultant()
    body = {"enterprise_id": str(enterprise), "field": "pemasaran", "weekly_hours": 3}

    opened = await practice.ask("POST", "/requests", json=body, by="desk")
    address = opened.headers["Location"].removeprefix("/api/mentoring/v1")
    to = {"consultant_id": str(consultant.id)}
    assigned = await practice.ask("POST", f"{address}/assign", json=to, seen=1)
    accepted = await practice.ask("POST", f"{address}/accept", seen=2, by=consultant.person_id)

    assert [opened.status_code, assigned.status_code, accepted.status_code] == [201, 200, 200]
    assert opened.json()["actions"] == ["withdraw_request"]
    assert assigned.json()["actions"] == ["accept_request", "decline_request", "withdraw_request"]
    case = await practice.now(Case, UUID(accepted.json()["case_id"]))
    assert (case.consultant_id, case.subject_id) == (consultant.id, consultant.person_id)
    assert (case.enterprise_id, case.weekly_hours, case.status) == (enterprise, 3, "open")
    assert await practice.taken(consultant) == 3
    assert await practice.verbs(UUID(opened.json()["id"])) == ["opened", "assigned", "accepted"]
    assert await practice.verbs(case.id) == ["opened"]


async def test_who_is_asked_has_three_working_days_and_then_it_is_open_again(
    practice: Practice,
) -> None:
    consultant = await practice.consultant()
    request = await practice.assigned(consultant)
    assert request.due_at is not None
    to_answer = request.due_at - datetime.now(request.due_at.tzinfo)

    passed = await practice.time_passes("request", request.id)

    open_again = await practice.now(Request, request.id)
    assert timedelta(days=3) < to_answer < timedelta(days=12)
    assert passed
    assert (open_again.status, open_again.consultant_id, open_again.due_at) == ("open", None, None)
    assert await practice.taken(consultant) == 0
    assert await practice.verbs(request.id) == ["opened", "assigned", "declined"]


async def test_who_declines_leaves_it_to_somebody_else(practice: Practice) -> None:
    consultant = await practice.consultant()
    request = await practice.assigned(consultant)
    address = f"/requests/{request.id}"

    stranger = await practice.ask("POST", f"{address}/decline", seen=2, by=uuid4())
    stale = await practice.ask("POST", f"{address}/decline", seen=1, by=consultant.person_id)
    declined = await practice.ask("POST", f"{address}/decline", seen=2, by=consultant.person_id)
    again = await practice.ask("POST", f"{address}/decline", seen=3)

    answers = [stranger, stale, declined, again]
    assert [answer.status_code for answer in answers] == [404, 412, 200, 409]
    assert (declined.json()["status"], declined.json()["consultant_id"]) == ("open", None)
    assert await practice.taken(consultant) == 0


async def test_proposals_say_what_speaks_for_each_consultant_the_best_first(
    practice: Practice,
) -> None:
    request = await practice.request(weekly_hours=4)
    far = await practice.consultant(MALANG, weekly_hours=40)
    other_field = await practice.consultant(fields=["sdm"])
    full = await practice.consultant(weekly_hours=3)
    best = await practice.consultant()
    away = await practice.consultant()
    await practice.ask("POST", f"/consultants/{away.id}/pause", seen=1)

    answer = await practice.ask("GET", f"/requests/{request.id}/proposals")

    found = answer.json()
    assert [UUID(each["consultant_id"]) for each in found] == [
        best.id,
        far.id,
        other_field.id,
        full.id,
    ]
    assert found[0]["actions"] == found[1]["actions"] == ["assign_request"]
    assert (found[0]["hours_left"], found[1]["same_unit"]) == (20, False)
    assert (found[2]["holds_field"], found[3]["enough_hours"]) == (False, False)
    assert found[3]["actions"] == []


async def test_nobody_is_asked_who_has_no_hours_left_or_takes_nothing_new(
    practice: Practice,
) -> None:
    full, paused = await practice.consultant(weekly_hours=3), await practice.consultant()
    await practice.assigned(full)
    await practice.ask("POST", f"/consultants/{paused.id}/pause", seen=1)
    request = await practice.request()

    async def refused(consultant: UUID) -> tuple[int, str]:
        to = {"consultant_id": str(consultant)}
        answer = await practice.ask("POST", f"/requests/{request.id}/assign", json=to, seen=1)
        return answer.status_code, answer.json()["type"].rpartition("/")[2]

    assert await refused(full.id) == (409, "capacity-exceeded")
    assert await refused(paused.id) == (409, "consultant-not-in-state")
    assert await refused(uuid4()) == (422, "consultant-unknown")
    assert await practice.taken(full) == 2


async def test_an_owner_asks_for_and_withdraws_what_is_their_own(practice: Practice) -> None:
    mine, theirs = await practice.enterprise(), await practice.enterprise(owner_ids=(uuid4(),))
    foreign = await practice.request(theirs)

    def body(enterprise: UUID) -> dict[str, str]:
        return {"enterprise_id": str(enterprise), "field": "sdm"}

    made = await practice.ask("POST", "/requests", json=body(mine), by="owner")
    for_them = await practice.ask("POST", "/requests", json=body(theirs), by="owner")
    for_another_unit = await practice.ask("POST", "/requests", json=body(mine), by="malang")
    seen = (await practice.ask("GET", "/requests", by="owner")).json()["items"]
    absent = await practice.ask("GET", f"/requests/{foreign.id}", by="owner")
    address = f"/requests/{made.json()['id']}"
    withdrawn = await practice.ask("POST", f"{address}/withdraw", seen=1, by="owner")

    assert (made.status_code, made.json()["actions"]) == (201, ["withdraw_request"])
    assert (for_them.status_code, for_another_unit.status_code) == (403, 403)
    assert ([each["id"] for each in seen], absent.status_code) == ([made.json()["id"]], 404)
    ended = withdrawn.json()
    assert (ended["status"], ended["reason"], ended["actions"]) == ("ended", "withdrawn", [])


async def test_a_withdrawn_assignment_frees_the_consultant(practice: Practice) -> None:
    consultant = await practice.consultant()
    request = await practice.assigned(consultant)

    await practice.ask("POST", f"/requests/{request.id}/withdraw", seen=2)

    assert await practice.taken(consultant) == 0


async def test_requests_are_found_by_what_they_are_about_and_merged_enterprises_are_one(
    practice: Practice,
) -> None:
    one, other = await practice.enterprise(), await practice.enterprise()
    first = await practice.request(one)
    second = await practice.request(other, field="sdm")
    consultant = await practice.consultant()
    third = await practice.assigned(consultant, unit_id=UNITS[MALANG])

    async def found(by: str = "province", **wanted: object) -> list[UUID]:
        given = {name: str(value) for name, value in wanted.items()}
        answer = await practice.ask("GET", "/requests", params=given, by=by)
        return [UUID(each["id"]) for each in answer.json()["items"]]

    assert await found() == [first.id, second.id, third.id]
    assert await found("head") == [first.id, second.id]
    assert await found(unit_id=UNITS[MALANG]) == [third.id]
    assert await found(field="sdm") == [second.id]
    assert await found(status="assigned") == await found(consultant_id=consultant.id) == [third.id]
    assert await found(enterprise_id=one) == [first.id]
    await practice.hears_again(one, merged_into=other)
    assert await found(enterprise_id=one) == await found(enterprise_id=other)
    assert await found(enterprise_id=one) == [first.id, second.id]
    await practice.hears_again(one, merged_into=None)
    assert await found(enterprise_id=other) == [second.id]


async def test_a_closed_enterprise_asks_for_nothing(practice: Practice) -> None:
    closed = await practice.enterprise(status="closed")
    body = {"enterprise_id": str(closed), "field": "pemasaran"}

    answer = await practice.ask("POST", "/requests", json=body)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/enterprise-closed")


async def test_consultants_are_registered_once_found_changed_and_foreign_ones_are_absent(
    practice: Practice,
) -> None:
    person = str(uuid4())
    body = {
        "unit_id": str(UNITS[BATU]),
        "person_id": person,
        "fields": ["sdm", "pemasaran"],
        "weekly_hours": 20,
    }

    made = await practice.ask("POST", "/consultants", json=body)
    again = await practice.ask("POST", "/consultants", json=body)
    address = f"/consultants/{made.json()['id']}"
    changed = await practice.ask("PATCH", address, json={"weekly_hours": 30}, seen=1)
    found = await practice.ask("GET", "/consultants?field=sdm&status=active")
    foreign = await practice.ask("GET", address, by="malang")

    assert (made.status_code, again.status_code, foreign.status_code) == (201, 409, 404)
    assert again.json()["type"] == "/problems/person-is-consultant"
    assert (changed.json()["weekly_hours"], changed.json()["hours_left"]) == (30, 30)
    assert changed.json()["fields"] == ["pemasaran", "sdm"]
    assert [each["id"] for each in found.json()["items"]] == [made.json()["id"]]
    assert (await practice.ask("GET", "/consultants?field=produksi")).json()["items"] == []
