"""What partners says: who works with the centres, on what terms, and what referrals led to."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.events.registry import SizeClass
from shared.events.state import KbliPrefix, State, TradeName
from shared.indonesia.codes import RegionShape

PartnerKind = Literal[
    "government_office",
    "university",
    "association",
    "private_sector",
    "community",
    "large_or_medium_enterprise",
]
PartnerStatus = Literal["registered", "verified", "suspended"]
AgreementStatus = Literal["draft", "active", "suspended", "ended"]
AgreementScope = Literal["finance", "market", "training", "machine", "space", "mentor"]
OpportunityStatus = Literal["published", "closed"]
OpportunityReason = Literal["quota_reached", "deadline_passed", "withdrawn", "agreement_ended"]
ReferralStatus = Literal[
    "sent", "accepted", "rejected", "expired", "completed", "failed", "revoked"
]
ReferralReason = Literal[
    "not_eligible",
    "no_capacity",
    "not_interested",
    "no_answer",
    "consent_withdrawn",
    "enterprise_closed",
    "agreement_ended",
]
ResultKind = Literal["financing", "contract", "market_access", "training", "equipment", "space"]
Pattern = Literal[
    "inti_plasma",
    "subkontrak",
    "waralaba",
    "perdagangan_umum",
    "distribusi_dan_keagenan",
    "rantai_pasok",
    "bagi_hasil",
    "kerja_sama_operasional",
    "usaha_patungan",
    "penyumberluaran",
]
"""The ten patterns of partnership (PP 7/2021, article 106)."""


class PartnerState(State):
    """An organisation that works with the centres; the unit, if there is one, looks after it."""

    topic: ClassVar[str] = "partners.partner.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {"registered", "changed", "verified", "suspended", "restored"}
    )

    kind: PartnerKind
    name: TradeName
    unit_id: UUID | None = None
    status: PartnerStatus


class AgreementState(State):
    """What a partner agreed to do for whom and for how long; without units it is for all.

    It lasts through its last day in Jakarta. `obligations_fulfilled` of its `obligations` are
    done.
    """

    topic: ClassVar[str] = "partners.agreement.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {
            "drafted",
            "activated",
            "suspended",
            "resumed",
            "ended",
            "obligation_added",
            "obligation_fulfilled",
        }
    )

    partner_id: UUID
    scopes: tuple[AgreementScope, ...]
    unit_ids: tuple[UUID, ...]
    starts_on: date
    ends_on: date
    status: AgreementStatus
    obligations: int
    obligations_fulfilled: int


class OpportunityState(State):
    """What a partner offers, to whom, and how many it can take; empty criteria exclude no one.

    When all of `quota` is `taken` it is closed until a place becomes free; closed for any other
    reason, it is closed for good.
    """

    topic: ClassVar[str] = "partners.opportunity.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"published", "changed", "closed", "reopened"})

    partner_id: UUID
    agreement_id: UUID
    kind: AgreementScope
    size_classes: tuple[SizeClass, ...]
    kbli_prefixes: tuple[KbliPrefix, ...]
    regions: tuple[RegionShape, ...]
    quota: int
    taken: int
    closes_on: date
    status: OpportunityStatus
    reason: OpportunityReason | None = None


class ReferralState(State):
    """An enterprise sent to a partner with the owner's consent, and what came of it.

    `result_amount` is in rupiah. `case_id` names the mentoring case it arose from.
    """

    topic: ClassVar[str] = "partners.referral.v1"
    verbs: ClassVar[frozenset[str]] = frozenset(
        {"sent", "accepted", "rejected", "expired", "completed", "failed", "revoked"}
    )

    unit_id: UUID
    enterprise_id: UUID
    partner_id: UUID
    agreement_id: UUID
    opportunity_id: UUID
    consent_id: UUID
    case_id: UUID | None = None
    status: ReferralStatus
    reason: ReferralReason | None = None
    answer_due_at: datetime
    result_kind: ResultKind | None = None
    result_amount: int | None = None
    result_pattern: Pattern | None = None
    completed_on: date | None = None
