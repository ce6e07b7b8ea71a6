"""What the API takes and gives of requests, and who might take them."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.mentoring.models import Proposal, Request
from services.mentoring.schemas.texts import Hours
from shared.access.web import Asker
from shared.events.mentoring import RequestReason, RequestStatus
from shared.events.registry import AssistanceField
from shared.web.bodies import Command

_OWNERS: Final = ("withdraw_request",)
"""What those do in whose name it was made; the rest is the consultant's and the unit's."""


class OpenRequest(Command):
    """Ask for a consultant, of the enterprise's own unit if none is named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "enterprise_id": "0198c0de-0000-7000-8000-000000000001",
                    "field": "pemasaran",
                    "weekly_hours": 2,
                }
            ]
        }
    )

    enterprise_id: UUID
    unit_id: UUID | None = None
    field: AssistanceField
    weekly_hours: Hours = 2


class AssignRequest(Command):
    """Ask a consultant to take it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"consultant_id": "0198c0de-0000-7000-8000-000000000202"}]}
    )

    consultant_id: UUID


class RequestView(BaseModel):
    """A request; `actions` are the operations that are open to whoever asks.

    The consultant whom it is assigned to has until `due_at` to answer.
    """

    id: UUID
    unit_id: UUID
    enterprise_id: UUID
    field: AssistanceField
    weekly_hours: int
    visit_id: UUID | None
    consultant_id: UUID | None
    case_id: UUID | None
    status: RequestStatus
    reason: RequestReason | None
    due_at: datetime | None
    actions: list[str]

    @classmethod
    def of(cls, request: Request, asked: Asker, own: Collection[UUID]) -> Self:
        """Show a request to somebody whose own these enterprises are."""
        place = {
            "unit": request.unit_id,
            "region": request.region_code,
            "enterprise": request.enterprise_id,
        }
        person = asked.actor.person_id
        mine = [person] if person and request.enterprise_id in own else []
        theirs = [request.subject_id] if request.subject_id else []
        actions = [
            name
            for name in request.open_operations
            if asked.actions([name], persons=mine if name in _OWNERS else theirs, **place)
        ]
        return cls(actions=actions, **request.model_dump(include={*cls.model_fields}))


class ProposalView(BaseModel):
    """A consultant who might take a request, and what speaks for and against it.

    `actions` has `assign_request` when whoever asks may assign it to them now.
    """

    consultant_id: UUID
    unit_id: UUID
    enough_hours: bool
    hours_left: int
    holds_field: bool
    same_unit: bool
    fields: list[AssistanceField]
    actions: list[str]

    @classmethod
    def of(cls, proposal: Proposal, request: Request, asked: Asker) -> Self:
        """Show a proposal for a request."""
        consultant, *_ = proposal
        ready = request.status == "open" and proposal.enough_hours
        return cls(
            consultant_id=consultant.id,
            unit_id=consultant.unit_id,
            enough_hours=proposal.enough_hours,
            hours_left=proposal.hours_left,
            holds_field=proposal.holds_field,
            same_unit=proposal.same_unit,
            fields=consultant.fields,
            actions=asked.actions(
                ("assign_request",) if ready else (),
                unit=request.unit_id,
                region=request.region_code,
            ),
        )
