"""Whose a thing is: staff's within their reach, the consultant's who has it, and the owners'."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import col

from services.mentoring.models import Case
from services.mentoring.queries.enterprises import owned_by
from shared.access.actor import Actor
from shared.access.scope import Place, visible_to


def seen_by(actor: Actor | None, place: Place) -> sa.ColumnElement[bool]:
    """The condition under which the actor may read a row, also as an owner of the enterprise."""
    within = visible_to(actor, place)
    if actor is None or actor.person_id is None:
        return within
    return sa.or_(within, place.enterprise.in_(owned_by(actor.person_id)))


def seen_with_its_case(
    actor: Actor | None, place: Place, case_id: Mapped[UUID]
) -> sa.ColumnElement[bool]:
    """The same of what belongs to a case: also by the consultant in whose hands the case is now."""
    seen = seen_by(actor, place)
    if actor is None or actor.person_id is None:
        return seen
    theirs = sa.select(col(Case.id)).where(col(Case.subject_id) == actor.person_id)
    return sa.or_(seen, case_id.in_(theirs))
