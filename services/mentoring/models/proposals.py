"""Who might take a request or a case, and why: the best first."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from services.mentoring.models.case import Case
from services.mentoring.models.consultant import Consultant
from services.mentoring.models.request import Request
from shared.events.registry import AssistanceField


class Need(NamedTuple):
    """What a consultant is wanted for."""

    unit_id: UUID
    field: AssistanceField
    weekly_hours: int

    @classmethod
    def of(cls, wanted: Request | Case) -> "Need":
        """What a request or a case needs."""
        return cls(wanted.unit_id, wanted.field, wanted.weekly_hours)


class Proposal(NamedTuple):
    """A consultant, and what speaks for and against them."""

    consultant: Consultant
    enough_hours: bool
    holds_field: bool
    same_unit: bool
    hours_left: int


def proposals(need: Need, consultants: Iterable[Consultant]) -> list[Proposal]:
    """Each of these who takes something new, with the reasons.

    First come those with enough hours left, among them those who hold the field, then those of
    the unit, then those with the most hours left.
    """
    found = [
        Proposal(
            consultant=each,
            enough_hours=each.hours_left >= need.weekly_hours,
            holds_field=need.field in each.fields,
            same_unit=each.unit_id == need.unit_id,
            hours_left=each.hours_left,
        )
        for each in consultants
        if each.status == "active"
    ]
    return sorted(found, key=_worst_last)


def _worst_last(proposal: Proposal) -> tuple[bool, bool, bool, int, UUID]:
    _, enough_hours, holds_field, same_unit, hours_left = proposal
    return not enough_hours, not holds_field, not same_unit, -hours_left, proposal.consultant.id
