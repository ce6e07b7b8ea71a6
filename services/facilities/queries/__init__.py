"""Every question that facilities answers."""

from services.facilities.queries.availability import Asked, Occupancy, occupancies
from services.facilities.queries.bookings import (
    BookingFilter,
    booking,
    bookings,
    facilities_of_session,
    future_of,
    in_the_way,
    of_session,
    open_bookings_of,
)
from services.facilities.queries.enterprises import enterprises_of, held_enterprise, same_as
from services.facilities.queries.facilities import (
    FacilityFilter,
    closure,
    closures,
    code_is_taken,
    facilities,
    facility,
    highest_place_in_use,
    locked,
    rooms,
)
from services.facilities.queries.tenancies import (
    TenancyFilter,
    leased,
    running_of,
    tenancies,
    tenancy,
)

__all__ = [
    "Asked",
    "BookingFilter",
    "FacilityFilter",
    "Occupancy",
    "TenancyFilter",
    "booking",
    "bookings",
    "closure",
    "closures",
    "code_is_taken",
    "enterprises_of",
    "facilities",
    "facilities_of_session",
    "facility",
    "future_of",
    "held_enterprise",
    "highest_place_in_use",
    "in_the_way",
    "leased",
    "locked",
    "occupancies",
    "of_session",
    "open_bookings_of",
    "rooms",
    "running_of",
    "same_as",
    "tenancies",
    "tenancy",
]
