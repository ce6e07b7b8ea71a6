"""Who waits for another service waits longer than that one takes."""

from services.facilities.models import booking_times
from services.mentoring.models import session


def test_a_booking_waits_longer_for_its_session_than_that_waits_to_be_told_of() -> None:
    assert booking_times.REPORT > session.REPORT
