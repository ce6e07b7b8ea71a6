"""What can be done with units."""

from services.registry.ids import unit_id
from services.registry.models import Unit
from services.registry.schemas import OpenUnit
from shared.indonesia import regions
from shared.streams.log import Tx


async def open_unit(tx: Tx, command: OpenUnit) -> Unit:
    """Open the unit of a region; opening it twice leaves it as it is."""
    unit = await tx.get(Unit, unit_id(command.region_code))
    if unit is None:
        unit = Unit(
            id=unit_id(command.region_code),
            time_zone=regions.time_zone(command.region_code),
            **command.model_dump(),
        )
        tx.add(unit)
        tx.publish(unit, "opened")
    return unit
