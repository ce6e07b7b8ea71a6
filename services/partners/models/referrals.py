"""A referral: an enterprise sent to a partner with the owner's consent, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.partners.errors import AnswerTooLate, ReferralNotInState, ResultIncomplete
from services.partners.models.days import day_of
from services.partners.models.table import Table
from shared.events.partners import (
    Pattern,
    ReferralReason,
    ReferralState,
    ReferralStatus,
    ResultKind,
)
from shared.events.registry import ConsentField
from shared.events.state import State
from shared.streams.aggregate import Aggregate

TIME_TO_ANSWER: Final = timedelta(days=14)
OPEN: Final[tuple[ReferralStatus, ...]] = ("sent", "accepted")
"""The states in which the partner may look at the enterprise."""
_WITH_AN_AMOUNT: Final[tuple[ResultKind, ...]] = ("financing", "contract")


@dataclass(frozen=True, slots=True)
class Result:
    """What a referral led to; `amount` is in rupiah, and a contract follows a pattern."""

    kind: ResultKind
    completed_on: date
    amount: int | None = None
    pattern: Pattern | None = None


class Referral(Table, Aggregate, table=True):
    """One enterprise at one opportunity.

    While it is open, `shared_fields` of the enterprise are shown to the partner, as the consent
    allows until `consent_until`; `due_at` is when time alone changes it next. `region_code` is
    the unit's.
    """

    __state__: ClassVar[type[State]] = ReferralState
    __table_args__ = (
        sa.Index(
            "referral_open",
            "opportunity_id",
            "enterprise_id",
            unique=True,
            postgresql_where=sa.text("status IN ('sent', 'accepted')"),
        ),
        sa.Index("referral_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
        sa.Index("referral_by_unit", "unit_id", "id"),
        sa.Index("referral_by_partner", "partner_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    region_code: str = Field(sa_type=sa.Text)
    enterprise_id: UUID = Field(index=True)
    partner_id: UUID = Field(foreign_key="partner.id")
    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    opportunity_id: UUID = Field(foreign_key="opportunity.id", index=True)
    consent_id: UUID = Field(index=True)
    consent_until: datetime = Field(sa_type=sa.DateTime(timezone=True))
    shared_fields: list[ConsentField] = Field(sa_type=ARRAY(sa.Text))
    case_id: UUID | None = None
    summary: str | None = Field(default=None, sa_type=sa.Text)
    note: str | None = Field(default=None, sa_type=sa.Text)
    status: ReferralStatus = Field(default="sent", sa_type=sa.Text)
    reason: ReferralReason | None = Field(default=None, sa_type=sa.Text)
    sent_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    answer_due_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    due_at: datetime | None = Field(sa_type=sa.DateTime(timezone=True))
    result_kind: ResultKind | None = Field(default=None, sa_type=sa.Text)
    result_amount: int | None = Field(default=None, sa_type=sa.BigInteger)
    result_pattern: Pattern | None = Field(default=None, sa_type=sa.Text)
    completed_on: date | None = None

    @classmethod
    def send(
        cls,
        referral_id: UUID,
        now: datetime,
        *,
        consent_until: datetime,
        **facts: Any,  # noqa: ANN401 (its other columns, typed above)
    ) -> Self:
        """Send it; the partner has 14 days to answer, or until the consent runs out."""
        answer_due_at = now + TIME_TO_ANSWER
        return cls(
            id=referral_id,
            sent_at=now,
            answer_due_at=answer_due_at,
            consent_until=consent_until,
            due_at=min(answer_due_at, consent_until),
            **facts,
        )

    @property
    def open(self) -> bool:
        """Whether something may still come of it."""
        return self.status in OPEN

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        match self.status:
            case "sent":
                return ("accept_referral", "reject_referral")
            case "accepted":
                return ("complete_referral", "fail_referral")
        return ()

    def accept(self, note: str | None, now: datetime) -> None:
        """Take the enterprise on. Raises ReferralNotInState, AnswerTooLate."""
        self._refuse_unless_answerable(now)
        self.note = note
        self.due_at = self.consent_until
        self.status = "accepted"

    def reject(self, reason: ReferralReason, note: str | None, now: datetime) -> None:
        """Turn it down. Raises ReferralNotInState, AnswerTooLate."""
        self._refuse_unless_answerable(now)
        self.note = note
        self._finish("rejected", reason)

    def expire(self) -> None:
        """Note that nobody answered in time. Raises ReferralNotInState unless it was only sent."""
        if self.status != "sent":
            raise ReferralNotInState("Only a referral that nobody answered can expire.")
        self._finish("expired", "no_answer")

    def complete(self, result: Result, now: datetime) -> None:
        """Note what it led to. Raises ReferralNotInState, ResultIncomplete, AnswerTooLate."""
        self._refuse_unless_accepted(now)
        if not day_of(self.sent_at) <= result.completed_on <= day_of(now):
            message = "Choose a day from that of the referral to today."
            raise ResultIncomplete(message, pointer="/completed_on")
        if result.amount is None and result.kind in _WITH_AN_AMOUNT:
            raise ResultIncomplete("Say the amount of it in rupiah.", pointer="/amount")
        if result.pattern is None and result.kind == "contract":
            message = "Say which pattern of partnership the contract follows."
            raise ResultIncomplete(message, pointer="/pattern")
        self.result_kind, self.result_amount = result.kind, result.amount
        self.result_pattern, self.completed_on = result.pattern, result.completed_on
        self._finish("completed", None)

    def fail(self, reason: ReferralReason, note: str | None, now: datetime) -> None:
        """Note that nothing came of it. Raises ReferralNotInState, AnswerTooLate."""
        self._refuse_unless_accepted(now)
        self.note = note
        self._finish("failed", reason)

    def revoke(self, reason: ReferralReason) -> None:
        """Take it back from the partner. Raises ReferralNotInState when it is open no more."""
        if not self.open:
            raise ReferralNotInState("The referral is open no more.")
        self._finish("revoked", reason)

    def rest_on_consent_until(self, until: datetime) -> None:
        """Note that the consent it rests on holds for longer, or for less long."""
        self.consent_until = until
        self.due_at = min(self.answer_due_at, until) if self.status == "sent" else until

    def _refuse_unless_answerable(self, now: datetime) -> None:
        if self.status != "sent":
            raise ReferralNotInState("The referral waits for no answer.")
        self._refuse_when_late(now)

    def _refuse_unless_accepted(self, now: datetime) -> None:
        if self.status != "accepted":
            raise ReferralNotInState("Only an accepted referral has a result.")
        self._refuse_when_late(now)

    def _refuse_when_late(self, now: datetime) -> None:
        if self.due_at is not None and now >= self.due_at:
            raise AnswerTooLate("Its time has run out; ask the unit to send it again.")

    def _finish(self, status: ReferralStatus, reason: ReferralReason | None) -> None:
        self.status, self.reason, self.due_at = status, reason, None
