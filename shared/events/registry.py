"""What the registry says: the PLUT units, and the enterprises and cooperatives they serve."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.events.state import State, TradeName
from shared.indonesia.codes import KbliShape, RegionShape, VillageShape
from shared.indonesia.regions import TimeZone

Kind = Literal["enterprise", "cooperative"]
SizeClass = Literal["mikro", "kecil", "menengah"]
"""The legal size classes of PP 7/2021, articles 35 and 36."""
EnterpriseStatus = Literal["active", "closed", "merged"]
Verification = Literal["draft", "submitted", "verified", "returned"]
"""How far a second person vouched for what was entered."""
UnitLevel = Literal["province", "regency"]
Need = Literal[
    "mentoring",
    "licence",
    "financing",
    "marketing",
    "training",
    "facility",
    "partnership",
    "information",
]
"""What somebody comes to a centre for."""
ConsentPurpose = Literal["financing", "market_access", "training", "partnership", "publication"]
ConsentField = Literal[
    "trade_name", "kbli", "size_class", "village", "owner_name", "owner_phone", "owner_email"
]
"""What of an enterprise and its owners a consent lets a recipient see."""
ConsentStatus = Literal["granted", "withdrawn"]


AssistanceField = Literal[
    "kelembagaan",
    "sdm",
    "produksi",
    "pembiayaan",
    "pemasaran",
    "teknologi_informasi",
    "jaringan_kerja_sama",
]
"""The seven fields of assistance (bidang pendampingan)."""


class UnitState(State):
    """A PLUT: a service centre, provincial or of a regency or city."""

    topic: ClassVar[str] = "registry.unit.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"opened"})

    level: UnitLevel
    region_code: RegionShape
    time_zone: TimeZone


class EnterpriseState(State):
    """A micro, small or medium enterprise, or a cooperative, without anything personal."""

    topic: ClassVar[str] = "registry.enterprise.v1"
    release: ClassVar[int] = 2
    verbs: ClassVar[frozenset[str]] = frozenset(
        {
            "registered",
            "renamed",
            "reclassified",
            "relocated",
            "activity_changed",
            "submitted",
            "verified",
            "returned",
            "transferred",
            "closed",
            "reopened",
            "merged",
            "unmerged",
            "owners_changed",
            "owner_erased",
        }
    )

    kind: Kind
    trade_name: TradeName
    unit_id: UUID
    village_code: VillageShape
    kbli: KbliShape
    size_class: SizeClass
    status: EnterpriseStatus
    verification: Verification = "draft"
    merged_into: UUID | None = None
    owner_ids: tuple[UUID, ...] = ()


class ConsentState(State):
    """An owner's consent that a recipient sees some fields for one purpose (UU 27/2022, 20).

    `recipient_id` is a partner's id; after `until` it holds no more, withdrawn or not.
    """

    topic: ClassVar[str] = "registry.consent.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"granted", "withdrawn"})

    enterprise_id: UUID
    unit_id: UUID
    recipient_id: UUID
    purpose: ConsentPurpose
    fields: tuple[ConsentField, ...]
    until: datetime
    status: ConsentStatus


class VisitState(State):
    """Somebody who came to a unit's desk with a need; anonymous without an enterprise.

    `field` is the field of assistance when the need is mentoring.
    """

    topic: ClassVar[str] = "registry.visit.v1"
    verbs: ClassVar[frozenset[str]] = frozenset({"checked_in", "changed"})

    unit_id: UUID
    arrived_at: datetime
    need: Need
    enterprise_id: UUID | None = None
    field: AssistanceField | None = None
