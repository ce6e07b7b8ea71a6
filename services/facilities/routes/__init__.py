"""HTTP in, HTTP out; no decisions."""

from services.facilities.routes import availability, bookings, copies, facilities, tenancies

ROUTERS = (
    *copies.ROUTERS,
    facilities.router,
    availability.router,
    bookings.router,
    tenancies.router,
)

__all__ = ["ROUTERS"]
