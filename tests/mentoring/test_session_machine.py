"""A session and its room, whatever facilities says, however often and in whatever order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.mentoring.models import Meeting
from services.mentoring.models.session import REPORT
from shared.events.facilities import BookingState, BookingStatus
from shared.refusals import Refusal
from tests.mentoring.things import BEFORE, HOUR, IN_A_ROOM, NINE, ONLINE, a_booking, a_session

CLIENT_SITE = Meeting("client_site", NINE, NINE + HOUR)
LATER_ROOM = Meeting("room", NINE + HOUR, NINE + 2 * HOUR, "meeting_room")
MEETINGS = st.sampled_from([ONLINE, CLIENT_SITE, IN_A_ROOM, LATER_ROOM])
STATUSES = st.sampled_from(get_args(BookingStatus))
ENDED = ("held", "missed", "cancelled")


class SessionMachine(RuleBasedStateMachine):
    """The model is plain: how it ended, the wishes so far, and what became of the last."""

    def __init__(self) -> None:
        super().__init__()
        self.session = a_session(IN_A_ROOM)
        self.status, self.wishes, self.room = "planned", 1, "wanted"
        self.meeting = IN_A_ROOM
        self.said: list[BookingState] = []

    @rule(status=STATUSES, behind=st.integers(0, 3))
    def facilities_says(self, status: BookingStatus, behind: int) -> None:
        wish = max(1, self.wishes - behind)
        booking = a_booking(self.session, status, session_revision=wish)
        self.said.append(booking)
        self._hear(booking)

    @precondition(lambda self: self.said)
    @rule(which=st.integers(0, 100))
    def facilities_says_again(self, which: int) -> None:
        self._hear(self.said[which % len(self.said)])

    @rule(meeting=MEETINGS)
    def somebody_replans(self, meeting: Meeting) -> None:
        pending = self.status in ("planned", "to_replan")
        changed = meeting != self.meeting or self.room in ("refused", "lost")
        possible = pending and changed
        assert self._try(lambda: self.session.replan(meeting, BEFORE)) == possible
        if possible:
            self.meeting, self.status = meeting, "planned"
            self.room = "wanted" if meeting.mode == "room" else "not_wanted"
            self.wishes += meeting.mode == "room"

    @rule(begun=st.booleans(), held=st.booleans())
    def somebody_tells(self, *, begun: bool, held: bool) -> None:
        now = self.meeting.starts_at - timedelta(0 if begun else 1)
        possible = self.status in ("planned", "to_replan") and begun
        assert self._try(lambda: self._tell(now, held=held)) == possible
        if possible:
            self.status = "held" if held else "missed"

    @rule()
    def somebody_cancels(self) -> None:
        possible = self.status not in ENDED
        assert self._try(self.session.cancel) == possible
        if possible:
            self.status = "cancelled"

    def _hear(self, booking: BookingState) -> None:
        answer = self.session.hear(booking)
        before = self.room
        if self.status == "planned" and booking.session_revision == self.wishes:
            self.room = _room_after(self.room, booking.status)
            self.status = "to_replan" if self.room == "lost" else "planned"
        assert (answer is not None) == (self.room != before)
        if answer:
            assert answer == f"room_{self.room}"
            assert self.session.booking_id == booking.id

    def _tell(self, now: datetime, *, held: bool) -> None:
        if held:
            self.session.hold(60, "Ya.", now)
        else:
            self.session.miss(now)

    def _try(self, act: Callable[[], None]) -> bool:
        before = self.session.model_dump()
        try:
            act()
        except Refusal:
            assert self.session.model_dump() == before
            return False
        return True

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        session = self.session
        assert (session.status, session.room) == (self.status, self.room)
        assert (session.revision, session.meeting) == (self.wishes, self.meeting)
        assert session.due_at == (None if self.status in ENDED else self.meeting.ends_at + REPORT)
        assert (session.room == "not_wanted") == (session.mode != "room")
        assert session.state().model_dump()["revision"] == self.wishes


def _room_after(room: str, status: BookingStatus) -> str:
    """A wish is given or refused once, and what is not refused may be lost."""
    if room == "wanted" and status == "rejected":
        return "refused"
    if room in ("wanted", "given") and status in ("displaced", "cancelled"):
        return "lost"
    if room == "wanted" and status in ("confirmed", "checked_in", "completed", "no_show"):
        return "given"
    return room


SessionMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestSession = SessionMachine.TestCase
