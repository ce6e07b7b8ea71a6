"""What a partner offers, to whom, and how many places it has."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.partners.errors import (
    AlreadyReferred,
    NothingChanged,
    OpportunityClosed,
    OutsideAgreement,
    QuotaReached,
    QuotaTooSmall,
)
from services.partners.models.agreements import Agreement
from services.partners.models.days import end_of
from services.partners.models.table import Table
from shared.events.partners import (
    AgreementScope,
    OpportunityReason,
    OpportunityState,
    OpportunityStatus,
)
from shared.events.registry import ConsentField, ConsentPurpose, SizeClass
from shared.events.state import State
from shared.streams.aggregate import Aggregate

PURPOSES: Final[Mapping[AgreementScope, ConsentPurpose]] = {
    "finance": "financing",
    "market": "market_access",
    "training": "training",
    "machine": "partnership",
    "space": "partnership",
    "mentor": "partnership",
}
"""What an owner must have consented to, for each kind of opportunity."""


class Opportunity(Table, Aggregate, table=True):
    """An offer with a number of places; an empty list of criteria excludes no one.

    `unit_ids` are the agreement's. `taken` places are those of referrals that are open or led to
    something; `referred` are the enterprises whose referral is open. When every place is taken it
    is closed until one becomes free; closed for any other reason, it is closed for good.
    """

    __state__: ClassVar[type[State]] = OpportunityState
    __table_args__ = (
        sa.CheckConstraint("taken BETWEEN 0 AND quota", name="opportunity_quota"),
        sa.Index("opportunity_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    partner_id: UUID = Field(foreign_key="partner.id", index=True)
    agreement_id: UUID = Field(foreign_key="agreement.id", index=True)
    kind: AgreementScope = Field(sa_type=sa.Text)
    title: str = Field(sa_type=sa.Text)
    unit_ids: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    size_classes: list[SizeClass] = Field(sa_type=ARRAY(sa.Text))
    kbli_prefixes: list[str] = Field(sa_type=ARRAY(sa.Text))
    regions: list[str] = Field(sa_type=ARRAY(sa.Text))
    quota: int
    taken: int = 0
    # Copied for each row; of a factory pydantic would read the signature each time, in 0.4 ms.
    referred: list[UUID] = Field(default=[], sa_type=ARRAY(sa.Uuid))
    closes_on: date
    status: OpportunityStatus = Field(default="published", sa_type=sa.Text)
    reason: OpportunityReason | None = Field(default=None, sa_type=sa.Text)
    due_at: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=True))

    @classmethod
    def publish(
        cls,
        opportunity_id: UUID,
        agreement: Agreement,
        today: date,
        **facts: Any,  # noqa: ANN401 (its columns, typed above)
    ) -> Self:
        """Offer something under an agreement. Raises AgreementNotLiving, OutsideAgreement."""
        agreement.refuse_unless_living(today)
        _refuse_outside(agreement, today, facts["closes_on"])
        if facts["kind"] not in agreement.scopes:
            message = "Choose a kind that is among the scopes of the agreement."
            raise OutsideAgreement(message, pointer="/kind")
        return cls(
            id=opportunity_id,
            partner_id=agreement.partner_id,
            agreement_id=agreement.id,
            unit_ids=agreement.unit_ids,
            due_at=end_of(facts["closes_on"]),
            **facts,
        )

    @property
    def closed_for_good(self) -> bool:
        """Whether it takes nobody any more, whatever becomes free."""
        return self.status == "closed" and self.reason != "quota_reached"

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        if self.closed_for_good:
            return ()
        return ("change_opportunity", "close_opportunity")

    @property
    def purpose(self) -> ConsentPurpose:
        """What an owner must have consented to."""
        return PURPOSES[self.kind]

    @property
    def needed_fields(self) -> list[ConsentField]:
        """What the partner must be told to judge: the name, and what there are criteria for."""
        fields: list[ConsentField] = ["trade_name"]
        if self.size_classes:
            fields.append("size_class")
        if self.kbli_prefixes:
            fields.append("kbli")
        if self.regions:
            fields.append("village")
        return fields

    def change(self, agreement: Agreement, today: date, changes: dict[str, Any]) -> None:
        """Offer it to others, more or longer.

        Raises AgreementNotLiving, OpportunityClosed, NothingChanged, OutsideAgreement,
        QuotaTooSmall.
        """
        agreement.refuse_unless_living(today)
        self.refuse_if_closed_for_good()
        if all(getattr(self, name) == value for name, value in changes.items()):
            raise NothingChanged("It is so already; leave the change out.")
        _refuse_outside(agreement, today, changes.get("closes_on", self.closes_on))
        if changes.get("quota", self.quota) < self.taken:
            message = "Choose a quota that is not below the number of places taken."
            raise QuotaTooSmall(message, pointer="/quota")
        for name, value in changes.items():
            setattr(self, name, value)
        self.due_at = end_of(self.closes_on)
        self._settle()

    def close(self, reason: OpportunityReason) -> None:
        """Take nobody any more, for good. Raises OpportunityClosed when it is so already."""
        self.refuse_if_closed_for_good()
        self.status, self.reason, self.due_at = "closed", reason, None

    def take_place(self, enterprise_id: UUID, same: Collection[UUID], now: datetime) -> None:
        """Give a place to an enterprise.

        `same` are the ids that are one with the enterprise's. Raises OpportunityClosed,
        QuotaReached, AlreadyReferred.
        """
        self.refuse_if_closed_for_good()
        if self.due_at is None or now >= self.due_at:
            raise OpportunityClosed(
                "The opportunity's last day is over. Choose another opportunity."
            )
        if not set(same).isdisjoint(self.referred):
            raise AlreadyReferred(
                "The enterprise has an open referral for this opportunity. Go on with that one."
            )
        if self.taken >= self.quota:
            raise QuotaReached("Every place is taken. Send it again when one becomes free.")
        self.taken += 1
        self.referred = [*self.referred, enterprise_id]
        self._settle()

    def free_place(self, enterprise_id: UUID) -> None:
        """Take a place back from an enterprise, for another one."""
        self.taken -= 1
        self.let_go(enterprise_id)
        self._settle()

    def let_go(self, enterprise_id: UUID) -> None:
        """Note that the enterprise's referral is open no more; its place stays taken."""
        self.referred = [each for each in self.referred if each != enterprise_id]

    def refuse_if_closed_for_good(self) -> None:
        """Raise OpportunityClosed when it takes nobody any more."""
        if self.closed_for_good:
            raise OpportunityClosed("The opportunity is closed for good. Publish a new one.")

    def _settle(self) -> None:
        """Be full or not, as the places say."""
        if not self.closed_for_good:
            full = self.taken >= self.quota
            self.status = "closed" if full else "published"
            self.reason = "quota_reached" if full else None


def _refuse_outside(agreement: Agreement, today: date, last: date) -> None:
    if not today <= last <= agreement.ends_on:
        message = "Choose a last day from today to the last day of the agreement."
        raise OutsideAgreement(message, pointer="/closes_on")
