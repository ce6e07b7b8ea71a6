"""What the API takes and gives of referrals."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.partners.models import Referral, Result
from services.partners.queries import Enterprise
from services.partners.schemas.texts import Day, Rupiah, Words
from shared.events.partners import Pattern, ReferralReason, ReferralStatus, ResultKind
from shared.events.registry import ConsentField, SizeClass
from shared.web.bodies import Command


class SendReferral(Command):
    """Send an enterprise to an opportunity, resting on a consent of its owner.

    `case_id` is the mentoring case it arose from, `summary` what the partner should know.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "opportunity_id": "0198c0de-0000-7000-8000-000000000103",
                    "enterprise_id": "0198c0de-0000-7000-8000-000000000001",
                    "consent_id": "0198c0de-0000-7000-8000-000000000104",
                    "summary": "Membutuhkan modal kerja untuk mesin pengemas.",
                }
            ]
        }
    )

    opportunity_id: UUID
    enterprise_id: UUID
    consent_id: UUID
    case_id: UUID | None = None
    summary: Words | None = None


class AcceptReferral(Command):
    """Take the enterprise on; `note` says what comes next."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"note": "Survei usaha pada hari Kamis."}]}
    )

    note: Words | None = None


class RejectReferral(Command):
    """Turn the enterprise down."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "no_capacity", "note": "Coba lagi tahun depan."}]
        }
    )

    reason: Literal["not_eligible", "no_capacity", "not_interested"]
    note: Words | None = None


class FailReferral(Command):
    """Note that nothing came of an accepted referral."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "not_interested"}]})

    reason: Literal["not_eligible", "no_capacity", "not_interested", "no_answer"]
    note: Words | None = None


class CompleteReferral(Command):
    """Note what an accepted referral led to; `amount` is in rupiah.

    Financing and contracts have an amount; a contract also follows a pattern (PP 7/2021, 106).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "contract",
                    "amount": 75000000,
                    "pattern": "rantai_pasok",
                    "completed_on": "2027-03-15",
                }
            ]
        }
    )

    kind: ResultKind
    amount: Rupiah | None = None
    pattern: Pattern | None = None
    completed_on: Day

    @property
    def result(self) -> Result:
        """The result as the rules know it."""
        return Result(**self.model_dump())


class SharedEnterprise(BaseModel):
    """What the partner may know of the enterprise; the rest is absent."""

    trade_name: str | None = None
    kbli: str | None = None
    size_class: SizeClass | None = None
    village_code: str | None = None

    @classmethod
    def of(cls, enterprise: Enterprise, fields: list[ConsentField]) -> Self:
        """Show these fields of an enterprise."""
        names = {"village": "village_code"}
        shown = [names.get(field, field) for field in fields]
        return cls(**{name: getattr(enterprise, name) for name in shown})


class ReferralView(BaseModel):
    """A referral; `actions` are the operations that are open to whoever asks.

    `enterprise` is what the partner may know, for as long as the referral is open; when it is
    revoked, the summary is told no more either.
    """

    id: UUID
    unit_id: UUID
    enterprise_id: UUID
    partner_id: UUID
    agreement_id: UUID
    opportunity_id: UUID
    consent_id: UUID
    case_id: UUID | None
    summary: str | None = None
    note: str | None
    status: ReferralStatus
    reason: ReferralReason | None
    sent_at: datetime
    answer_due_at: datetime
    result_kind: ResultKind | None
    result_amount: int | None
    result_pattern: Pattern | None
    completed_on: date | None
    enterprise: SharedEnterprise | None
    actions: list[str]

    @classmethod
    def of(cls, referral: Referral, enterprise: Enterprise | None, actions: list[str]) -> Self:
        """Show a referral."""
        shown = None
        if enterprise and referral.open:
            shown = SharedEnterprise.of(enterprise, referral.shared_fields)
        hidden = {"summary"} if referral.status == "revoked" else set()
        facts = referral.model_dump(include=set(cls.model_fields) - hidden)
        return cls(enterprise=shown, actions=actions, **facts)
