"""What is sent to facilities, with believable values; each can be changed by name."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import uuid4

from services.facilities.models import Facility
from services.facilities.models.opening import ZONES
from services.registry.ids import unit_id
from tests.support.builders import BATU, MALANG

UNITS: Final = {BATU: unit_id(BATU), MALANG: unit_id(MALANG)}
HOUR: Final = timedelta(hours=1)
TOMORROW: Final = datetime.combine(
    datetime.now(UTC).date() + timedelta(days=2), time(8), ZONES["Asia/Jakarta"]
)
"""Eight in the morning in Batu, when everything opens, on a day that is surely to come."""
ALWAYS: Final = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
DAILY: Final = [{"weekday": day, "opens": "08:00", "closes": "17:00"} for day in range(1, 8)]


def hours(first: float, last: float, day: int = 0) -> dict[str, str]:
    """A time on a day, in hours after everything opens."""
    start = TOMORROW + timedelta(days=day)
    return {
        "starts_at": (start + first * HOUR).isoformat(),
        "ends_at": (start + last * HOUR).isoformat(),
    }


def a_facility(**changes: object) -> dict[str, Any]:
    """The body of a registration."""
    return {
        "unit_id": str(UNITS[BATU]),
        "code": f"R-{uuid4().hex[:8].upper()}",
        "name": "Ruang Konsultasi",
        "kind": "consultation_room",
        "places": 1,
        "hours": DAILY,
    } | changes


def a_request(*facilities: Facility, **changes: object) -> dict[str, Any]:
    """The body of a request for one place of each facility, tomorrow from nine to ten."""
    wanted = [{"facility_id": str(facility.id)} for facility in facilities]
    return {"facilities": wanted, "purpose": "Latihan", **hours(1, 2)} | changes
