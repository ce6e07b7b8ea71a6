"""What is parked, key by key: what an operator looks at before single events."""

from typing import Any, Final

import sqlalchemy as sa

from shared.streams.parked_verbs import Chosen
from shared.streams.parking import WAITING, parked_event

_ROW: Final = parked_event.c
# What is no event, or was put aside, holds back nothing: it stands for itself.
_TOGETHER: Final = (
    _ROW.topic,
    sa.case((WAITING, _ROW.key), else_=sa.cast(_ROW.id, sa.Text)),
)
_IN_ORDER: Final = (_ROW.epoch, _ROW.seq, _ROW.first_failed_at, _ROW.id)


def parked_keys(chosen: Chosen) -> tuple[sa.Select[Any], list[sa.ColumnElement[Any]]]:
    """The first event of each chosen key, how many wait behind it and since when; and their order.

    What was put aside is meant only when its state, `skipped`, is asked for.
    """
    conditions = chosen.conditions()
    if chosen.state is None:
        conditions.append(_ROW.state != "skipped")
    each = (
        sa.select(
            *(_ROW[name] for name in ("id", "topic", "key", "state", "error", "attempts")),
            (sa.func.count().over(partition_by=_TOGETHER) - 1).label("behind"),
            sa.func.min(_ROW.first_failed_at).over(partition_by=_TOGETHER).label("since"),
            sa.func.row_number().over(partition_by=_TOGETHER, order_by=_IN_ORDER).label("place"),
        )
        .where(*conditions)
        .subquery()
    )
    return sa.select(each).where(each.c.place == 1), [each.c.since, each.c.id]
