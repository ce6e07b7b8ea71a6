"""What the registry says: the PLUT units, and the enterprises and cooperatives they serve."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.state import State, TradeName
from shared.indonesia.codes import KbliShape, RegionShape, VillageShape
from shared.indonesia.regions import TimeZone

Kind = Literal["enterprise", "cooperative"]
SizeClass = Literal["mikro", "kecil", "menengah"]
"""The legal size classes of PP 7/2021, articles 35 and 36."""
EnterpriseStatus = Literal["active", "closed"]
UnitLevel = Literal["province", "regency"]


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
    verbs: ClassVar[frozenset[str]] = frozenset(
        {"registered", "renamed", "reclassified", "closed", "reopened"}
    )

    kind: Kind
    trade_name: TradeName
    unit_id: UUID
    village_code: VillageShape
    kbli: KbliShape
    size_class: SizeClass
    status: EnterpriseStatus
    merged_into: UUID | None = None
    owner_ids: tuple[UUID, ...] = ()
