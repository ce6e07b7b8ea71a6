"""Availability over HTTP."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.facilities import queries
from services.facilities.errors import WindowTooWide
from services.facilities.models.intervals import Interval
from services.facilities.queries import Asked
from services.facilities.schemas import Availability, FreeFacility
from shared.events.facilities import FacilityKind
from shared.instants import Instant
from shared.web.operations import Operation
from shared.web.queries import Whole
from shared.web.transactions import Read

router = APIRouter(prefix="/availability", tags=["availability"], route_class=Operation)

_LONGEST: Final = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class _Question:
    """When which facilities of a unit have so many places free."""

    unit_id: UUID
    starts: Annotated[Instant, Query(alias="from")]
    ends: Annotated[Instant, Query(alias="to")]
    kind: FacilityKind | None = None
    facility_id: UUID | None = None
    places: Annotated[Whole, Query(ge=1, le=500)] = 1

    @property
    def window(self) -> Interval:
        """The time asked about. Raises WindowTooWide."""
        if not self.starts < self.ends <= self.starts + _LONGEST:
            raise WindowTooWide("Ask about a time of 62 days or less, with `from` before `to`.")
        return Interval(self.starts, self.ends)

    @property
    def asked(self) -> Asked:
        """Of which facilities."""
        return Asked(
            self.unit_id,
            kinds=[self.kind] if self.kind else None,
            facility_ids=[self.facility_id] if self.facility_id else None,
        )


@router.get("")
async def list_availability(question: Annotated[_Question, Depends()], tx: Read) -> Availability:
    """Find when the facilities of a unit are free, from now on, within two months."""
    window = question.window
    found = await queries.occupancies(tx, question.asked, window)
    left = Interval(max(window.start, await tx.now()), window.end)
    items = [FreeFacility.of(each, left, question.places) for each in found]
    return Availability(items=items)
