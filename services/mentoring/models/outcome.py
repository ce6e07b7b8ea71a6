"""An outcome: what a case achieved, as the consultant claims it and the owner sees it."""

from datetime import date
from typing import ClassVar, Final, NamedTuple, Self
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.mentoring.errors import DayImpossible, OutcomeAnswered
from services.mentoring.models.case import Case
from services.mentoring.models.table import Table
from shared.events.mentoring import OutcomeKind, OutcomeState, OutcomeStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate

IN_RUPIAH: Final[tuple[OutcomeKind, ...]] = ("sales", "financing", "contract")
"""The kinds whose value is in rupiah; that of all else is a number."""


class Achievement(NamedTuple):
    """What was achieved: rupiah for the kinds `IN_RUPIAH`; of all else, how many."""

    kind: OutcomeKind
    value: int
    achieved_on: date


class Outcome(Table, Aggregate, table=True):
    """An achievement of a case; it counts when an owner of the enterprise has confirmed it.

    `referral_id` is the referral that led to it, if one did; a referral leads to one at most.
    """

    __state__: ClassVar[type[State]] = OutcomeState
    __table_args__ = (sa.Index("outcome_by_unit", "unit_id", "id"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    case_id: UUID = Field(foreign_key="mentoring_case.id", index=True)
    enterprise_id: UUID = Field(index=True)
    kind: OutcomeKind = Field(sa_type=sa.Text)
    value: int = Field(sa_type=sa.BigInteger)
    achieved_on: date
    referral_id: UUID | None = Field(default=None, unique=True)
    status: OutcomeStatus = Field(default="claimed", sa_type=sa.Text)
    disputed_because: str | None = Field(default=None, sa_type=sa.Text)

    @classmethod
    def claim(cls, outcome_id: UUID, case: Case, achieved: Achievement, *, today: date) -> Self:
        """Say that a case achieved something by a day. Raises DayImpossible for one to come."""
        if achieved.achieved_on > today:
            raise DayImpossible("Choose today or a day before.", pointer="/achieved_on")
        return cls(
            id=outcome_id,
            unit_id=case.unit_id,
            region_code=case.region_code,
            case_id=case.id,
            enterprise_id=case.enterprise_id,
            **achieved._asdict(),
        )

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        return ("confirm_outcome", "dispute_outcome") if self.status == "claimed" else ()

    def confirm(self) -> None:
        """Be as the consultant says. Raises OutcomeAnswered."""
        self._refuse_if_answered()
        self.status = "confirmed"

    def dispute(self, because: str) -> None:
        """Be otherwise. Raises OutcomeAnswered."""
        self._refuse_if_answered()
        self.status, self.disputed_because = "disputed", because

    def _refuse_if_answered(self) -> None:
        if self.status != "claimed":
            raise OutcomeAnswered("It was confirmed or disputed before. Claim a new outcome.")
