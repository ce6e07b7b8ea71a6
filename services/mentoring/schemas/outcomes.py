"""What the API takes and gives of outcomes."""

from collections.abc import Collection
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.mentoring.models import Achievement, Outcome
from services.mentoring.schemas.texts import Day, Value, Words
from shared.access.web import Asker
from shared.events.mentoring import OutcomeKind, OutcomeStatus
from shared.web.bodies import Command


class ClaimOutcome(Command):
    """Say what a case achieved: rupiah of sales, financing or a contract; else how many."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "sales", "value": 6000000, "achieved_on": "2026-11-30"}]
        }
    )

    kind: OutcomeKind
    value: Value
    achieved_on: Day

    @property
    def achieved(self) -> Achievement:
        """What was achieved, as the rules know it."""
        return Achievement(self.kind, self.value, self.achieved_on)


class DisputeOutcome(Command):
    """Say, as an owner, why it is not so."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"because": "Omzet naik tiga juta, bukan enam."}]}
    )

    because: Words


class OutcomeView(BaseModel):
    """An outcome; `actions` are the operations that are open to whoever asks."""

    id: UUID
    unit_id: UUID
    case_id: UUID
    enterprise_id: UUID
    kind: OutcomeKind
    value: int
    achieved_on: date
    referral_id: UUID | None
    status: OutcomeStatus
    actions: list[str]

    @classmethod
    def of(cls, outcome: Outcome, asked: Asker, own: Collection[UUID]) -> Self:
        """Show an outcome to somebody whose own these enterprises are."""
        person = asked.actor.person_id
        actions = asked.actions(
            outcome.open_operations,
            enterprise=outcome.enterprise_id,
            persons=[person] if person and outcome.enterprise_id in own else [],
        )
        return cls(actions=actions, **outcome.model_dump(include={*cls.model_fields}))


class WholeOutcome(OutcomeView):
    """An outcome with the owner's reason, when it is disputed."""

    disputed_because: str | None
