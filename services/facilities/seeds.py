"""Believable demo data, made through the use cases; made twice, it is there once."""

from typing import Any, Final, NamedTuple

from services.facilities import use_cases
from services.facilities.ids import named_id, unit_id
from services.facilities.models import Facility
from services.facilities.models.facility import Approval
from services.facilities.schemas import RegisterFacility
from services.facilities.settings import Settings
from shared.access.actor import system
from shared.database import Database
from shared.events.facilities import FacilityKind
from shared.indonesia import regions
from shared.streams.log import Tx

UNITS: Final = ("35.79", "12.71", "34", "34.01", "91.71")
"""The units that have facilities from the first day, one of them in the easternmost zone."""

_WEEK: Final = [{"weekday": day, "opens": "08:00", "closes": "16:00"} for day in (1, 2, 3, 4, 5)]
_SATURDAY: Final = [*_WEEK, {"weekday": 6, "opens": "08:00", "closes": "12:00"}]


class _Sample(NamedTuple):
    """What such a centre has."""

    code: str
    name: str
    kind: FacilityKind
    places: int = 1
    buffer_after: int = 0
    approval: Approval = "automatic"


_SAMPLES: Final = (
    _Sample("AULA", "Aula Serbaguna", "hall", buffer_after=60, approval="officer"),
    _Sample("R-101", "Ruang Konsultasi 1", "consultation_room"),
    _Sample("R-102", "Ruang Konsultasi 2", "consultation_room"),
    _Sample("R-201", "Ruang Rapat", "meeting_room", buffer_after=15),
    _Sample("R-202", "Ruang Pelatihan", "training_room", buffer_after=30),
    _Sample("CW", "Ruang Kerja Bersama", "co_working", places=12),
    _Sample("STUDIO", "Studio Foto Produk", "studio", buffer_after=15),
    _Sample("KEMAS", "Mesin Kemasan", "machine", buffer_after=30, approval="officer"),
    _Sample("INKUBASI", "Ruang Inkubasi", "incubation_room", places=4),
    _Sample("ETALASE", "Etalase Produk Unggulan", "display", places=20),
    _Sample("LAPAK", "Lapak Halaman Depan", "stall", places=6),
)


async def seed(settings: Settings) -> None:
    """Register the facilities of some units, where they are missing."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.transaction(system(settings.service, "seed")) as tx:
            for region_code in UNITS:
                for sample in _SAMPLES:
                    await _make(tx, region_code, sample)
    finally:
        await database.close()


async def _make(tx: Tx, region_code: str, sample: _Sample) -> None:
    facility_id = named_id(f"facility:{region_code}:{sample.code}")
    if await tx.get(Facility, facility_id) is not None:
        return
    hours = _SATURDAY if sample.kind == "display" else _WEEK
    facts: dict[str, Any] = {**sample._asdict(), "unit_id": unit_id(region_code), "hours": hours}
    command = RegisterFacility.model_validate(facts)
    # The units themselves are heard of later, over Kafka.
    unit = {"region_code": region_code, "time_zone": regions.time_zone(region_code)}
    await use_cases.open_facility(tx, facility_id, command, unit)
