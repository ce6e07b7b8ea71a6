"""Consultants, requests, cases and sessions in memory, with believable values."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.mentoring.models import Case, Consultant, Meeting, Request, Session
from shared.events.facilities import BookingState, BookingStatus

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
BEFORE = NINE - timedelta(days=7)
HOUR = timedelta(hours=1)
UNIT = UUID("209ec504-3987-5fa6-8ad7-c117b48f5969")
IN_A_ROOM = Meeting("room", NINE, NINE + HOUR, "consultation_room")
ONLINE = Meeting("online", NINE, NINE + HOUR)

GOALS = [
    {"indicator": "Omzet per bulan (rupiah)", "baseline": 12000000, "target": 18000000},
    {"indicator": "Tenaga kerja", "baseline": 2, "target": 3},
]
SALES = {"kind": "sales", "value": 6000000, "achieved_on": "2026-11-02"}


def a_consultant(**changes: Any) -> Consultant:  # noqa: ANN401 (any column)
    """Somebody who knows marketing and gives 20 hours a week to the unit of Batu."""
    facts: dict[str, Any] = {
        "id": uuid4(),
        "unit_id": UNIT,
        "region_code": "35.79",
        "person_id": uuid4(),
        "fields": ["pemasaran"],
        "weekly_hours": 20,
    }
    return Consultant(**facts | changes)


def a_request(**changes: Any) -> Request:  # noqa: ANN401 (any column)
    """An enterprise asks for two hours a week of help with marketing."""
    facts: dict[str, Any] = {
        "id": uuid4(),
        "unit_id": UNIT,
        "region_code": "35.79",
        "enterprise_id": uuid4(),
        "field": "pemasaran",
        "weekly_hours": 2,
    }
    return Request(**facts | changes)


def a_case(consultant: Consultant | None = None) -> Case:
    """That request, taken on by a consultant."""
    return Case.open(uuid4(), a_request(), consultant or a_consultant())


def a_session(meeting: Meeting = ONLINE) -> Session:
    """A meeting of a case on the first of December from nine to ten, planned a week before."""
    session = Session(
        id=uuid4(),
        unit_id=UNIT,
        region_code="35.79",
        case_id=uuid4(),
        enterprise_id=uuid4(),
        consultant_id=uuid4(),
        subject_id=uuid4(),
        **meeting._asdict(),
    )
    session.plan(meeting, BEFORE)
    return session


def a_booking(session: Session, status: BookingStatus, **changes: object) -> BookingState:
    """How the booking for a session's present wish stands."""
    facts = {
        "id": uuid4(),
        "unit_id": UNIT,
        "facility_ids": (),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "status": status,
        "session_id": session.id,
        "session_revision": session.revision,
    }
    return BookingState.model_validate(facts | changes)
