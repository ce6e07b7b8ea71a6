"""What mentoring does when others speak: once, however often it hears of it."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.mentoring.models import Case, Outcome, Request, Session
from shared.events.partners import ReferralState
from shared.refusals import NotYetKnown
from tests.mentoring.practice import TOMORROW, UNITS, Practice
from tests.support.builders import BATU


async def _requests(practice: Practice) -> list[UUID]:
    rows = await practice.ecosystem.rows("mentoring", "SELECT id FROM request ORDER BY id")
    return [row["id"] for row in rows]


async def test_a_visit_that_needs_mentoring_opens_one_request(practice: Practice) -> None:
    enterprise = await practice.enterprise()

    visit = await practice.visit(enterprise)
    await practice.hears_again(visit, arrived_at=TOMORROW)
    await practice.forgets("visit")
    await practice.hears_again(visit)

    [made] = await _requests(practice)
    request = await practice.now(Request, made)
    assert (request.visit_id, request.enterprise_id) == (visit, enterprise)
    assert (request.field, request.status, request.weekly_hours) == ("pemasaran", "open", 2)
    assert await practice.verbs(made) == ["opened"]


async def test_a_visit_opens_a_request_only_when_it_says_for_whom_and_for_what(
    practice: Practice,
) -> None:
    enterprise, closed = await practice.enterprise(), await practice.enterprise(status="closed")

    await practice.visit(enterprise, need="licence")
    await practice.visit(enterprise, field=None)
    await practice.visit(closed)
    anonymous = await practice.visit(None)
    before = await _requests(practice)
    await practice.hears_again(anonymous, enterprise_id=enterprise)

    assert before == []
    assert len(await _requests(practice)) == 1


async def test_a_visit_whose_need_was_another_one_takes_its_request_back(
    practice: Practice,
) -> None:
    consultant = await practice.consultant()
    visit = await practice.visit(await practice.enterprise())
    [made] = await _requests(practice)
    to = {"consultant_id": str(consultant.id)}
    await practice.ask("POST", f"/requests/{made}/assign", json=to, seen=1)

    await practice.hears_again(visit, need="licence", field=None)

    ended = await practice.now(Request, made)
    assert (ended.status, ended.reason) == ("ended", "not_needed")
    assert await practice.taken(consultant) == 0


async def test_a_visit_of_an_enterprise_that_was_not_heard_of_waits(practice: Practice) -> None:
    with pytest.raises(NotYetKnown):
        await practice.visit(uuid4())

    assert await _requests(practice) == []


def _referral(case: Case, **changes: object) -> ReferralState:
    facts = {
        "id": uuid4(),
        "unit_id": UNITS[BATU],
        "enterprise_id": case.enterprise_id,
        "partner_id": uuid4(),
        "agreement_id": uuid4(),
        "opportunity_id": uuid4(),
        "consent_id": uuid4(),
        "case_id": case.id,
        "status": "completed",
        "answer_due_at": TOMORROW,
        "result_kind": "financing",
        "result_amount": 25_000_000,
        "completed_on": date(2026, 11, 20),
    }
    return ReferralState.model_validate(facts | changes)


async def _claimed(practice: Practice) -> list[Outcome]:
    rows = await practice.ecosystem.rows("mentoring", "SELECT id FROM outcome ORDER BY id")
    return [await practice.now(Outcome, row["id"]) for row in rows]


async def test_a_completed_referral_is_claimed_once_and_confirmed_by_the_owner(
    practice: Practice,
) -> None:
    case = await practice.case(await practice.consultant())
    accepted = _referral(case, status="accepted", result_kind=None, completed_on=None)
    await practice.hears(accepted)
    before = await _claimed(practice)

    for _ in range(2):
        await practice.hears_again(
            accepted.id, status="completed", result_kind="training", completed_on=date(2026, 11, 1)
        )
        await practice.forgets("referral")

    [claimed] = await _claimed(practice)
    path = f"/outcomes/{claimed.id}/confirm"
    confirmed = await practice.ask("POST", path, seen=1, by="owner")
    assert before == []
    assert (claimed.referral_id, claimed.case_id) == (accepted.id, case.id)
    assert (claimed.kind, claimed.value, claimed.status) == ("training", 1, "claimed")
    assert confirmed.json()["status"] == "confirmed"


async def test_what_is_not_measured_in_rupiah_counts_as_one(practice: Practice) -> None:
    case = await practice.case(await practice.consultant())

    await practice.hears(_referral(case, result_kind="financing"))
    await practice.hears(_referral(case, result_kind="space"))
    await practice.hears(_referral(case, result_kind="equipment", result_amount=None))

    claimed = {each.kind: each.value for each in await _claimed(practice)}
    assert claimed == {"financing": 25_000_000, "space": 1, "equipment": 1}


async def test_a_referral_of_another_enterprise_is_no_outcome_of_the_case(
    practice: Practice,
) -> None:
    case = await practice.case(await practice.consultant())
    other = await practice.enterprise()

    await practice.hears(_referral(case, enterprise_id=other))
    await practice.hears(_referral(case, case_id=uuid4()))
    await practice.hears(_referral(case, case_id=None))
    before = await _claimed(practice)
    await practice.hears_again(other, merged_into=case.enterprise_id)
    await practice.hears(_referral(case, enterprise_id=other))

    assert before == []
    assert len(await _claimed(practice)) == 1


async def test_a_closed_enterprise_has_no_open_request_and_no_session_to_come(
    practice: Practice,
) -> None:
    consultant = await practice.consultant()
    enterprise = await practice.enterprise()
    case = await practice.case(consultant, enterprise)
    planned, lost = await practice.session(case), await practice.session(case)
    booking = await practice.given_room(lost)
    await practice.hears_again(booking.id, status="displaced")
    opened = await practice.request(enterprise)
    assigned = await practice.assigned(consultant, enterprise)
    others = await practice.request()

    for _ in range(2):
        await practice.hears_again(enterprise, status="closed")

    for made in (opened, assigned):
        ended = await practice.now(Request, made.id)
        assert (ended.status, ended.reason) == ("ended", "enterprise_closed")
        assert (await practice.verbs(made.id))[-1:] == ["ended"]
    for session in (planned, lost):
        assert (await practice.now(Session, session.id)).status == "cancelled"
    assert (await practice.now(Request, others.id)).status == "open"
    assert (await practice.now(Case, case.id)).status == "open"
    assert await practice.taken(consultant) == case.weekly_hours
    path = f"/cases/{case.id}/sessions"
    again = {"mode": "online", "starts_at": "2027-01-04T02:00Z", "ends_at": "2027-01-04T03:00Z"}
    refused = await practice.ask("POST", path, json=again)
    assert refused.json()["type"] == "/problems/enterprise-closed"
    assert "plan_session" not in await _open_to(practice, case)

    await practice.hears_again(enterprise, status="active")

    assert "plan_session" in await _open_to(practice, case)


async def _open_to(practice: Practice, case: Case) -> list[str]:
    [listed] = (await practice.ask("GET", "/cases")).json()["items"]
    read = (await practice.ask("GET", f"/cases/{case.id}")).json()
    assert listed["actions"] == read["actions"]
    actions: list[str] = read["actions"]
    return actions


async def test_an_enterprise_that_was_merged_lives_on_in_its_successor(practice: Practice) -> None:
    one, other = await practice.enterprise(), await practice.enterprise()
    request = await practice.request(one)

    await practice.hears_again(one, status="closed", merged_into=other)
    living = await practice.now(Request, request.id)
    await practice.hears_again(other, status="closed")

    assert living.status == "open"
    assert (await practice.now(Request, request.id)).reason == "enterprise_closed"


async def test_what_it_was_merged_into_is_waited_for(practice: Practice) -> None:
    one = await practice.enterprise()
    request = await practice.request(one)

    await practice.hears_again(one, status="closed", merged_into=uuid4())

    assert (await practice.now(Request, request.id)).status == "open"
