"""An enterprise that ceases business gives up what it has booked and leased."""

from uuid import UUID

from services.facilities import queries
from services.facilities.copies import EnterpriseCopy
from services.facilities.use_cases.places import give_back
from services.facilities.use_cases.tenancies import end
from shared.streams.log import Tx
from shared.streams.references import known


async def free_future_if_closed(tx: Tx, enterprise_id: UUID) -> None:
    """Cancel the bookings that have not begun and end the tenancies, those of all that it is.

    One that was merged is closed when its successor is, and lives on as long as that does.
    """
    enterprise = await known(tx, EnterpriseCopy, enterprise_id)
    if enterprise is None or enterprise["status"] != "closed":
        return
    now = await tx.now()
    for booking in await queries.future_of(tx, enterprise_id):
        booking.cancel(now, "enterprise_closed")
        await give_back(tx, booking.id)
        tx.publish(booking, "cancelled")
    for tenancy in await queries.running_of(tx, enterprise_id):
        await end(tx, tenancy, "enterprise_closed")
