"""What an answer says besides the thing itself: its version, where it is, and what is open."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from services.facilities import queries
from services.facilities.models import Booking, Facility, Tenancy
from services.facilities.schemas import BookingView, FacilityView, TenancyView
from shared.access.web import AskedBy, Asker
from shared.streams.log import Tx
from shared.web.etags import tag


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer in the making, and whoever asked."""

    asked: Asker
    response: Response

    def made(self, path: str) -> None:
        """Say where what was made is."""
        self.response.headers["Location"] = f"/api/facilities/v1/{path}"

    async def facility(self, tx: Tx, facility: Facility) -> FacilityView:
        """Show a facility with its version."""
        tag(self.response, facility.event_seq)
        return FacilityView.of(facility, self.asked, await queries.leased(tx, [facility.id]))

    async def booking(self, tx: Tx, booking: Booking) -> BookingView:
        """Show a booking with its version."""
        tag(self.response, booking.event_seq)
        mine, now = await own(tx, self.asked), await tx.now()
        return BookingView.of(booking, self.asked, mine, now)

    async def tenancy(self, tx: Tx, tenancy: Tenancy) -> TenancyView:
        """Show a tenancy with its version."""
        tag(self.response, tenancy.event_seq)
        return TenancyView.of(tenancy, self.asked, await own(tx, self.asked))


async def _answer(asked: AskedBy, response: Response) -> _Answer:
    return _Answer(asked, response)


Answer = Annotated[_Answer, Depends(_answer)]


async def own(tx: Tx, asked: Asker) -> Collection[UUID]:
    """The enterprises that whoever asks owns."""
    return await queries.enterprises_of(tx, asked.actor.person_id)
