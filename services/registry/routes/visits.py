"""Visits at a unit's desk."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.registry import queries, use_cases
from services.registry.models import Visit
from services.registry.queries import VisitFilter
from services.registry.schemas import ChangeVisit, CheckInVisit, VisitView
from shared.access.web import AskedBy, Asker
from shared.web.etags import IfMatch, tag
from shared.web.operations import Operation
from shared.web.paging import Page, Paged
from shared.web.transactions import Create, Read, Write


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer in the making, and whoever asked."""

    asked: Asker
    response: Response

    def shown(self, visit: Visit) -> VisitView:
        """The one thing that is answered, with its version."""
        tag(self.response, visit.event_seq)
        return self.view(visit)

    def view(self, visit: Visit) -> VisitView:
        """A visit, with what is open to whoever asked."""
        where = {"unit": visit.unit_id, "region": visit.region_code}
        return VisitView.of(visit, self.asked.actions(("change_visit",), **where))


async def _answer(asked: AskedBy, response: Response) -> _Answer:
    return _Answer(asked, response)


Answer = Annotated[_Answer, Depends(_answer)]

router = APIRouter(prefix="/visits", tags=["visits"], route_class=Operation, responses={404: {}})


@router.post("", status_code=201)
async def check_in_visit(command: CheckInVisit, tx: Create, answer: Answer) -> VisitView:
    """Note who came to the desk and what for; a need for mentoring becomes a request."""
    visit = await use_cases.check_in_visit(tx, command)
    answer.response.headers["Location"] = f"/api/registry/v1/visits/{visit.id}"
    return answer.shown(visit)


@router.get("")
async def list_visits(
    wanted: Annotated[VisitFilter, Depends()], tx: Read, window: Paged, answer: Answer
) -> Page[VisitView]:
    """List visits by unit, enterprise or need, the oldest first."""
    found, following = await queries.visits(tx, window, wanted)
    return Page(items=[answer.view(each) for each in found], next=following)


@router.get("/{visit_id}")
async def read_visit(visit_id: UUID, tx: Read, answer: Answer) -> VisitView:
    """Read one visit; its ETag is the version that a change must name."""
    return answer.shown(await queries.visit(tx, visit_id))


@router.patch("/{visit_id}")
async def change_visit(
    visit_id: UUID,
    command: ChangeVisit,
    seen: IfMatch,
    tx: Write,
    answer: Answer,
) -> VisitView:
    """Correct a visit, or say later whose it was."""
    return answer.shown(await use_cases.change_visit(tx, visit_id, seen, command))
