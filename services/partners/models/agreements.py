"""An agreement with a partner: what for, for whom, how long, and what was promised."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.partners.errors import (
    AgreementNotInState,
    AgreementNotLiving,
    AgreementTooNarrow,
    ObligationFulfilled,
)
from services.partners.models.days import end_of
from services.partners.models.partners import Partner
from services.partners.models.table import Table
from shared.events.partners import AgreementScope, AgreementState, AgreementStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate


class Agreement(Table, Aggregate, table=True):
    """What a partner agreed to do for some units, or for all when none is named.

    It runs from its first day through its last, both in Jakarta; `due_at` is when it ends by
    itself.
    """

    __state__: ClassVar[type[State]] = AgreementState
    __table_args__ = (
        sa.Index("agreement_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    title: str = Field(sa_type=sa.Text)
    scopes: list[AgreementScope] = Field(sa_type=ARRAY(sa.Text))
    unit_ids: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    starts_on: date
    ends_on: date
    status: AgreementStatus = Field(default="draft", sa_type=sa.Text)
    suspended_because: str | None = Field(default=None, sa_type=sa.Text)
    obligations: int = 0
    obligations_fulfilled: int = 0
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        match self.status:
            case "draft":
                return ("activate_agreement", "add_obligation", "end_agreement")
            case "active":
                changes = ("suspend_agreement", "end_agreement", "add_obligation")
                return (*changes, "fulfil_obligation", "publish_opportunity")
            case "suspended":
                changes = ("resume_agreement", "end_agreement", "add_obligation")
                return (*changes, "fulfil_obligation")
        return ("fulfil_obligation",)

    def activate(self, partner: Partner, today: date) -> None:
        """Put it in force. Raises AgreementNotInState, PartnerState, AgreementNotLiving."""
        if self.status != "draft":
            raise AgreementNotInState("Only a draft can be activated.")
        partner.refuse_unless_verified()
        self._refuse_when_over(today)
        self.due_at = end_of(self.ends_on)
        self.status = "active"

    def suspend(self, because: str) -> None:
        """Let nothing new begin under it. Raises AgreementNotInState unless it is active."""
        if self.status != "active":
            raise AgreementNotInState("Only an active agreement can be suspended.")
        self.suspended_because = because
        self.status = "suspended"

    def resume(self, today: date) -> None:
        """Lift the suspension. Raises AgreementNotInState, AgreementNotLiving."""
        if self.status != "suspended":
            raise AgreementNotInState("Only a suspended agreement can be resumed.")
        self._refuse_when_over(today)
        self.suspended_because = None
        self.status = "active"

    def end(self) -> None:
        """Be over, for good. Raises AgreementNotInState when it is."""
        if self.status == "ended":
            raise AgreementNotInState("The agreement has ended already.")
        self.due_at = None
        self.status = "ended"

    def promise(self) -> None:
        """Take up one more obligation. Raises AgreementNotInState when it is over."""
        if self.status == "ended":
            raise AgreementNotInState("The agreement has ended; nothing is added to it.")
        self.obligations += 1

    def keep_promise(self) -> None:
        """Note that one obligation was fulfilled. Raises AgreementNotInState for a draft."""
        if self.status == "draft":
            raise AgreementNotInState("The agreement is a draft. Activate it first.")
        self.obligations_fulfilled += 1

    def refuse_unless_living(self, today: date) -> None:
        """Raise AgreementNotLiving unless something new may begin under it today."""
        if self.status != "active" or not self.starts_on <= today <= self.ends_on:
            raise AgreementNotLiving(
                "The agreement is not in force today. Activate or resume it, or choose another."
            )

    def refuse_unless_covering(self, unit_id: UUID, scope: AgreementScope) -> None:
        """Raise AgreementTooNarrow unless it is for this unit, and for this."""
        if scope not in self.scopes:
            raise AgreementTooNarrow(
                "The agreement is not for what the opportunity offers. Choose another opportunity."
            )
        if self.unit_ids and unit_id not in self.unit_ids:
            raise AgreementTooNarrow(
                "The agreement does not cover the enterprise's unit. Choose another opportunity."
            )

    def _refuse_when_over(self, today: date) -> None:
        if today > self.ends_on:
            raise AgreementNotLiving("The agreement's last day is over. Draft a new one.")


class Obligation(Table, table=True):
    """What a party to an agreement promised to do by a day."""

    id: UUID = Field(primary_key=True)
    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    promise: str = Field(sa_type=sa.Text)
    due_on: date
    fulfilled_on: date | None = None

    def fulfil(self, today: date) -> None:
        """Note that it was done. Raises ObligationFulfilled when it was before."""
        if self.fulfilled_on is not None:
            raise ObligationFulfilled("The obligation was noted as fulfilled before.")
        self.fulfilled_on = today
