"""What time makes mentoring do: what nobody answered is open again, what nobody told is missed."""

from typing import Final

from services.mentoring import queries, use_cases
from services.mentoring.models import Session
from shared.deadlines import Deadline, first_due

DEADLINES: Final = (
    Deadline("pass_over", queries.unanswered, use_cases.pass_over),
    Deadline("count_as_missed", first_due(Session), use_cases.count_as_missed),
)
