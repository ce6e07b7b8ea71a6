"""Who might be sent to an opportunity: each criterion, and whether an enterprise meets it."""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.partners.copies import EnterpriseCopy
from services.partners.models import Opportunity
from services.partners.queries.enterprises import Enterprise
from shared.access.scope import Place, visible_to, within_region
from shared.streams.log import Tx
from shared.web.paging import Window, page

Criterion = Literal["unit", "size_class", "kbli", "region"]
"""The agreement's units; then the opportunity's classes, kinds of business, and regions."""

_COPY: Final = EnterpriseCopy.table.c
_PLACE = Place(unit=_COPY.unit_id, region=_COPY.village_code)


class Candidate(NamedTuple):
    """An enterprise, and which criteria it meets."""

    enterprise: Enterprise
    met: dict[Criterion, bool]


async def candidates(
    tx: Tx, window: Window, opportunity: Opportunity, unit_id: UUID | None
) -> tuple[Sequence[Candidate], str | None]:
    """The enterprises within the actor's reach that meet most, then those that meet less."""
    criteria = _criteria(opportunity)
    unmet = sum((sa.cast(sa.not_(met), sa.Integer) for met in criteria.values()), sa.literal(0))
    card = [_COPY[name] for name in Enterprise._fields]
    statement = sa.select(*card, *(met.label(f"is_{name}") for name, met in criteria.items()))
    statement = statement.where(
        visible_to(tx.actor, _PLACE), _COPY.status == "active", _COPY.merged_into.is_(None)
    )
    if unit_id:
        statement = statement.where(_COPY.unit_id == unit_id)
    rows, following = await page(tx, statement, [unmet, _COPY.id], window)
    return [_candidate(row, list(criteria)) for row in rows], following


def _criteria(opportunity: Opportunity) -> dict[Criterion, sa.ColumnElement[bool]]:
    """What is asked for, each as a condition; what excludes no one is met by all."""
    prefixes = [_COPY.kbli.startswith(prefix) for prefix in opportunity.kbli_prefixes]
    regions = [within_region(_COPY.village_code, region) for region in opportunity.regions]
    return {
        "unit": _one_of(_COPY.unit_id, opportunity.unit_ids),
        "size_class": _one_of(_COPY.size_class, opportunity.size_classes),
        "kbli": sa.or_(*prefixes) if prefixes else sa.true(),
        "region": sa.or_(*regions) if regions else sa.true(),
    }


def _one_of(column: sa.Column[Any], wanted: Sequence[Any]) -> sa.ColumnElement[bool]:
    return column.in_(wanted) if wanted else sa.true()


def _candidate(row: sa.Row[Any], criteria: Sequence[Criterion]) -> Candidate:
    size = len(Enterprise._fields)
    met = dict(zip(criteria, row[size : size + len(criteria)], strict=True))
    return Candidate(Enterprise(*row[:size]), met)
