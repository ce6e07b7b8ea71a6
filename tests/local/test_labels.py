"""Each event is shown with what it is about."""

from datetime import datetime
from string import Formatter

import pytest

from deploy.local.labels import LABELS, label
from shared.events import STATES
from shared.events.state import State

BOOKING = "facilities.booking.v1"


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.topic)
def test_every_topic_says_what_its_events_are_about_from_fields_that_it_has(
    state: type[State],
) -> None:
    named = {name for _, name, _, _ in Formatter().parse(LABELS[state.topic]) if name}

    assert named
    assert named <= set(state.model_fields)


def test_what_is_empty_is_left_out() -> None:
    referral = {"status": "completed", "result_kind": "financing", "reason": None}

    assert label("partners.referral.v1", referral) == "completed · financing"
    assert label("partners.referral.v1", None) == ""
    assert label("nobody.knows.v1", referral) == ""


def test_numbers_and_lists_are_easy_to_read() -> None:
    loan = {"status": "completed", "result_amount": 25_000_000}

    assert label("partners.referral.v1", loan) == "completed · 25 000 000"
    assert label("mentoring.consultant.v1", {"fields": ["sdm", "produksi"], "weekly_hours": 4}) == (
        "sdm, produksi · 4 h"
    )


def test_times_are_those_of_this_computer() -> None:
    here = datetime(2026, 11, 26, 9, 30).astimezone()

    assert label(BOOKING, {"starts_at": here.isoformat()}) == "2026-11-26 09:30"
