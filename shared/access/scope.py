"""Which rows an actor may see: one condition, in every query."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.access.actor import NATION, Actor, Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Place:
    """The columns that say where a row belongs and whose it is; what a row has not is left out.

    `unit`, `enterprise` and `partner` are ids, `region` a code of the Kemendagri list with dots,
    `persons` the id of a person or an array of them.
    """

    unit: Any = None
    region: Any = None
    enterprise: Any = None
    partner: Any = None
    persons: Any = None


def visible_to(actor: Actor | None, place: Place) -> sa.ColumnElement[bool]:
    """The condition under which a row of this place is within the actor's reach.

    Without an actor, and for one whose grants say nothing of such rows, it is never met.
    """
    if actor is None:
        return sa.false()
    if NATION in actor.scopes:
        return sa.true()
    ways = [way for scope in actor.scopes if (way := _within(scope, place)) is not None]
    if actor.person_id is not None and place.persons is not None:
        ways.append(_is_one_of(actor.person_id, place.persons))
    return sa.or_(sa.false(), *ways)


def within_region(column: Any, region: str) -> sa.ColumnElement[bool]:  # noqa: ANN401 (a column of any making)
    """Whether a code is the region's own, or one below it in the hierarchy."""
    return sa.or_(column == region, column.startswith(region + ".", autoescape=True))


def _within(scope: Scope, place: Place) -> sa.ColumnElement[bool] | None:
    if scope.kind is ScopeKind.REGION:
        return None if place.region is None else within_region(place.region, str(scope.of))
    columns = {
        ScopeKind.UNIT: place.unit,
        ScopeKind.ENTERPRISE: place.enterprise,
        ScopeKind.PARTNER: place.partner,
    }
    column = columns.get(scope.kind)
    return None if column is None else column == scope.of


def _is_one_of(person: object, persons: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 (as above)
    many = isinstance(persons.type, sa.ARRAY)
    found: sa.ColumnElement[bool] = persons.contains([person]) if many else persons == person
    return found
