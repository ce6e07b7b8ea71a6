"""An enterprise that ceases business gives up what it has booked and leased."""

from uuid import UUID

from services.facilities import queries
from services.facilities.use_cases.places import give_back
from services.facilities.use_cases.tenancies import end
from shared.streams.log import Tx


async def free_future(tx: Tx, enterprise_id: UUID) -> None:
    """Cancel the bookings that have not begun and end the tenancies, those of all that it is."""
    now = await queries.now(tx)
    for booking in await queries.future_of(tx, enterprise_id):
        booking.cancel(now, "enterprise_closed")
        await give_back(tx, booking.id)
        tx.publish(booking, "cancelled")
    for tenancy in await queries.running_of(tx, enterprise_id):
        await end(tx, tenancy, "enterprise_closed")
