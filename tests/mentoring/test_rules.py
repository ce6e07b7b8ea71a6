"""The rules of consultants, requests, cases, sessions and outcomes, without a database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest

from services.mentoring.errors import (
    CaseClosed,
    ConsultantNotInState,
    DayImpossible,
    HoursInUse,
    NothingChanged,
    OutcomeAnswered,
    RequestNotInState,
    ResultsIncomplete,
    SameConsultant,
    SessionNotInState,
    TimeImpossible,
    TooEarly,
)
from services.mentoring.models import (
    Achievement,
    Consultant,
    Goal,
    Meeting,
    Need,
    Outcome,
    Request,
    Result,
    Session,
    end_of_working_days,
    latest_day,
    proposals,
)
from services.mentoring.models.session import REPORT
from shared.events.mentoring import ConsultantStatus, RequestStatus, SessionStatus
from shared.refusals import Refusal
from tests.mentoring.things import (
    BEFORE,
    HOUR,
    IN_A_ROOM,
    NINE,
    ONLINE,
    UNIT,
    a_case,
    a_consultant,
    a_request,
    a_session,
)

OF_CONSULTANT: dict[str, tuple[Callable[[Consultant], None], str, set[str]]] = {
    "change": (lambda c: c.change({"weekly_hours": 30}), "", {"active", "paused"}),
    "pause": (lambda c: c.pause(), "paused", {"active"}),
    "resume": (lambda c: c.resume(), "active", {"paused"}),
    "leave": (lambda c: c.leave(), "left", {"active", "paused"}),
}
OF_REQUEST: dict[str, tuple[Callable[[Request], None], str, set[str]]] = {
    "assign": (lambda r: r.assign(a_consultant(), NINE), "assigned", {"open"}),
    "accept": (lambda r: r.accept(uuid4()), "accepted", {"assigned"}),
    "reopen": (lambda r: r.reopen(), "open", {"assigned"}),
    "end": (lambda r: r.end("withdrawn"), "ended", {"open", "assigned"}),
}
OF_SESSION: dict[str, tuple[Callable[[Session], None], str, set[str]]] = {
    "replan": (lambda s: s.replan(IN_A_ROOM, BEFORE), "planned", {"planned", "to_replan"}),
    "hold": (lambda s: s.hold(60, "Harga pokok.", NINE), "held", {"planned", "to_replan"}),
    "miss": (lambda s: s.miss(NINE), "missed", {"planned", "to_replan"}),
    "cancel": (lambda s: s.cancel(), "cancelled", {"planned", "to_replan"}),
}


@pytest.mark.parametrize("change", OF_CONSULTANT)
@pytest.mark.parametrize("status", get_args(ConsultantStatus))
def test_a_consultant_becomes_only_what_may_follow(change: str, status: ConsultantStatus) -> None:
    act, to, froms = OF_CONSULTANT[change]
    consultant = a_consultant(status=status)
    _only_from(lambda: act(consultant), allowed=status in froms, refusal=ConsultantNotInState)
    assert consultant.status == (to or status if status in froms else status)
    open_to = {name.partition("_")[0] for name in a_consultant(status=status).open_operations}
    assert (change in open_to) == (status in froms)


@pytest.mark.parametrize("change", OF_REQUEST)
@pytest.mark.parametrize("status", get_args(RequestStatus))
def test_a_request_becomes_only_what_may_follow(change: str, status: RequestStatus) -> None:
    act, to, froms = OF_REQUEST[change]
    request = a_request(status=status)
    _only_from(lambda: act(request), allowed=status in froms, refusal=RequestNotInState)
    assert request.status == (to if status in froms else status)
    waiting = request.status == "assigned" and status != "assigned"
    assert (request.due_at is not None) == waiting


@pytest.mark.parametrize("change", OF_SESSION)
@pytest.mark.parametrize("status", get_args(SessionStatus))
def test_a_session_becomes_only_what_may_follow(change: str, status: SessionStatus) -> None:
    act, to, froms = OF_SESSION[change]
    session = a_session()
    session.status = status
    operations = {name.partition("_")[0] for name in session.open_operations(NINE)}

    _only_from(lambda: act(session), allowed=status in froms, refusal=SessionNotInState)

    assert session.status == (to if status in froms else status)
    assert (change in operations) == (status in froms)
    if status in froms:
        assert (session.due_at is not None) == (session.status == "planned")


@pytest.mark.parametrize("status", get_args(SessionStatus))
def test_a_session_that_has_not_begun_offers_nobody_to_tell_of_it(status: SessionStatus) -> None:
    session = a_session()
    session.status = status

    early = session.open_operations(NINE - timedelta(seconds=1))

    told = {"hold_session", "miss_session"}
    assert set(early) == set(session.open_operations(NINE)) - told


def _only_from(act: Callable[[], None], *, allowed: bool, refusal: type[Refusal]) -> None:
    if allowed:
        act()
    else:
        with pytest.raises(refusal):
            act()


def test_hours_that_are_taken_cannot_be_taken_away() -> None:
    consultant = a_consultant(taken=12)

    with pytest.raises(HoursInUse) as refused:
        consultant.change({"weekly_hours": 11})
    with pytest.raises(NothingChanged):
        consultant.change({"weekly_hours": 20})
    consultant.change({"weekly_hours": 12})

    assert "12 hours" in refused.value.detail
    assert consultant.hours_left == 0


def test_the_best_proposal_has_hours_then_the_field_then_the_unit_then_most_hours() -> None:
    elsewhere = uuid4()
    full = a_consultant(taken=19)
    stranger = a_consultant(fields=["sdm"], taken=1)
    far = a_consultant(unit_id=elsewhere)
    busy = a_consultant(taken=10)
    free = a_consultant(taken=5)
    paused, left = a_consultant(status="paused"), a_consultant(status="left")

    found = proposals(Need(UNIT, "pemasaran", 2), [full, stranger, paused, far, left, busy, free])

    assert [each.consultant for each in found] == [free, busy, far, stranger, full]
    assert found[0][1:] == (True, True, True, 15)
    assert found[2].same_unit is found[3].holds_field is found[4].enough_hours is False


def test_a_case_is_closed_with_the_result_of_each_goal_once() -> None:
    case = a_case()
    goals = [
        Goal(id=uuid4(), case_id=case.id, indicator="Omzet", baseline=1, target=2) for _ in range(2)
    ]
    case.plan(len(goals))
    one, other = (goal.id for goal in goals)
    for results in (
        [],
        [Result(one, "met")],
        [Result(one, "met"), Result(one, "met")],
        [Result(one, "met"), Result(other, "met"), Result(uuid4(), "met")],
    ):
        with pytest.raises(ResultsIncomplete):
            case.close(goals, results)

    case.close(goals, [Result(other, "partly"), Result(one, "met")])

    assert (case.status, case.goals_met) == ("closed", 1)
    assert [goal.result for goal in goals] == ["met", "partly"]
    with pytest.raises(CaseClosed):
        case.plan(1)
    with pytest.raises(CaseClosed):
        case.close([], [])
    with pytest.raises(CaseClosed):
        case.hand_over(a_consultant())


def test_a_case_is_handed_to_somebody_else() -> None:
    one, other = a_consultant(), a_consultant()
    case = a_case(one)

    with pytest.raises(SameConsultant):
        case.hand_over(one)
    case.hand_over(other)

    assert (case.consultant_id, case.subject_id) == (other.id, other.person_id)


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (timedelta(), HOUR),
        (-HOUR, HOUR),
        (timedelta(days=367), HOUR),
        (HOUR, timedelta(minutes=14)),
        (HOUR, timedelta(hours=12, seconds=1)),
    ],
)
def test_a_time_that_cannot_be_is_refused(start: timedelta, length: timedelta) -> None:
    session, meeting = a_session(IN_A_ROOM), Meeting("online", NINE + start, NINE + start + length)

    with pytest.raises(TimeImpossible):
        session.replan(meeting, NINE)


def test_a_session_is_told_of_once_it_has_begun_and_counts_as_missed_two_days_after() -> None:
    session = a_session()

    for act in (lambda now: session.hold(60, "Ya.", now), session.miss):
        with pytest.raises(TooEarly):
            act(NINE - timedelta(seconds=1))

    assert session.due_at == NINE + HOUR + REPORT == NINE + timedelta(hours=49)
    session.hold(60, "Ya.", NINE)
    assert (session.status, session.minutes, session.notes) == ("held", 60, "Ya.")


def test_replanning_what_is_planned_so_changes_nothing_unless_the_room_was_lost() -> None:
    online, wanted, refused = a_session(ONLINE), a_session(IN_A_ROOM), a_session(IN_A_ROOM)
    refused.room = "refused"

    for session in (online, wanted):
        with pytest.raises(NothingChanged):
            session.replan(session.meeting, BEFORE)
    refused.replan(refused.meeting, BEFORE)

    assert (refused.room, refused.revision) == ("wanted", 2)


def test_an_outcome_is_of_a_day_that_has_come_and_answered_once() -> None:
    case = a_case()
    today, tomorrow = date(2026, 12, 1), date(2026, 12, 2)
    with pytest.raises(DayImpossible):
        Outcome.claim(uuid4(), case, Achievement("sales", 1, tomorrow), today=today)
    confirmed, disputed = (
        Outcome.claim(uuid4(), case, Achievement("sales", 1, today), today=today) for _ in range(2)
    )

    confirmed.confirm()
    disputed.dispute("Tidak.")

    assert (confirmed.status, disputed.status) == ("confirmed", "disputed")
    for answered in (confirmed, disputed):
        with pytest.raises(OutcomeAnswered):
            answered.confirm()
        with pytest.raises(OutcomeAnswered):
            answered.dispute("Lagi.")


def test_three_working_days_end_at_midnight_where_the_unit_is() -> None:
    wednesday = datetime(2026, 12, 23, 15, 30, tzinfo=UTC)  # the 24th in Jayapura

    west = end_of_working_days(wednesday, 3, "Asia/Jakarta")
    east = end_of_working_days(wednesday, 3, "Asia/Jayapura")

    # The 24th and 25th are off, then comes a weekend.
    assert west == datetime(2026, 12, 30, 17, tzinfo=UTC)
    assert east == datetime(2026, 12, 30, 15, tzinfo=UTC)
    assert latest_day(wednesday) == date(2026, 12, 24)
