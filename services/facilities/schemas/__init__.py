"""What the API of facilities takes and gives."""

from services.facilities.schemas.availability import Availability, FreeFacility
from services.facilities.schemas.bookings import BookingView, MoveBooking, RequestBooking
from services.facilities.schemas.facilities import (
    AddClosure,
    ChangeFacility,
    ClosureView,
    FacilityView,
    RegisterFacility,
)
from services.facilities.schemas.tenancies import AgreeTenancy, TenancyView

__all__ = [
    "AddClosure",
    "AgreeTenancy",
    "Availability",
    "BookingView",
    "ChangeFacility",
    "ClosureView",
    "FacilityView",
    "FreeFacility",
    "MoveBooking",
    "RegisterFacility",
    "RequestBooking",
    "TenancyView",
]
