"""Whose a thing is: staff's within their reach, the consultant's who has it, and the owners'."""

import sqlalchemy as sa

from services.mentoring.queries.enterprises import owned_by
from shared.access.actor import Actor
from shared.access.scope import Place, visible_to


def seen_by(actor: Actor | None, place: Place) -> sa.ColumnElement[bool]:
    """The condition under which the actor may read a row, also as an owner of the enterprise."""
    within = visible_to(actor, place)
    if actor is None or actor.person_id is None:
        return within
    return sa.or_(within, place.enterprise.in_(owned_by(actor.person_id)))
