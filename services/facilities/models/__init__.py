"""The tables of facilities, and the rules that keep them true."""

from services.facilities.models.booking import Booking
from services.facilities.models.facility import Closure, Facility
from services.facilities.models.occupied import occupied_place
from services.facilities.models.table import metadata
from services.facilities.models.tenancy import Tenancy

__all__ = [
    "Booking",
    "Closure",
    "Facility",
    "Tenancy",
    "metadata",
    "occupied_place",
]
