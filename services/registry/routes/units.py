"""The PLUT units."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.registry import queries
from services.registry.schemas import UnitView
from shared.indonesia.codes import RegionShape
from shared.web.etags import tag
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Read

router = APIRouter(prefix="/units", tags=["units"], route_class=Operation)


@router.get("")
async def list_units(
    tx: Read, window: Paged, region: Annotated[RegionShape | None, Query()] = None
) -> Page[UnitView]:
    """List the units, all or those in a region, in the order of the region codes."""
    found, following = await queries.units(tx, window, region)
    return Page(items=[UnitView.of(unit) for unit in found], next=following)


@router.get("/{unit_id}")
async def read_unit(unit_id: UUID, tx: Read, answer: Response) -> UnitView:
    """Read one unit."""
    unit = await queries.unit(tx, unit_id)
    tag(answer, unit.event_seq)
    return UnitView.of(unit)
