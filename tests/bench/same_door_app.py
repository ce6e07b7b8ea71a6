"""A bare insert under an exclusion constraint behind our own door: what booking costs beyond it."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.facilities.ids import new_id
from services.facilities.schemas import RequestBooking
from services.facilities.settings import Settings
from shared.refusals import Conflict
from shared.web.operations import Operation
from shared.web.service import create_service
from shared.web.transactions import Create

_INSERT: Final = sa.text("""
INSERT INTO bare_booking VALUES (:id, :facility_id, tstzrange(:start, :end))
ON CONFLICT DO NOTHING RETURNING id
""").bindparams(
    *(sa.bindparam(name, type_=sa.Uuid) for name in ("id", "facility_id")),
    *(sa.bindparam(name, type_=sa.DateTime(timezone=True)) for name in ("start", "end")),
)

router = APIRouter(prefix="/bookings", tags=["bookings"], route_class=Operation)


@router.post("", status_code=201)
async def request_booking(command: RequestBooking, tx: Create) -> Response:
    """Write the row, or answer 409."""
    [facility_id] = command.counts
    values = {"id": new_id(), "facility_id": facility_id}
    use = {"start": command.use.start, "end": command.use.end}
    booking_id = await tx.scalar(_INSERT, values | use)
    if booking_id is None:
        raise Conflict("It is taken.")
    return JSONResponse({"id": str(booking_id)}, 201)


app = create_service(Settings(), "Bare booking", [router], Path(__file__).with_suffix(".toml"))
