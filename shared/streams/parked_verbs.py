"""What an operator does about parked events: find, retry, put aside, repair.

Everything is written into the audit trail with the ids of the events; the redriver does the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa

from shared.refusals import Invalid, NotFound
from shared.streams.codec import id_in
from shared.streams.log import Tx
from shared.streams.parking import parked_event
from shared.web.etags import Versions

_ROW: Final = parked_event.c
_EVENT: Final = "/event"
_PLACE: Final = {"id": "event_id", "subject": "key", "epoch": "epoch", "sequence": "seq"}
"""The members of an event that say which one it is, and the columns that know."""

# What has a place among the events of its key goes back there; what has none is read again.
_AGAIN: Final[Mapping[str, Any]] = {
    "state": sa.case((_ROW.event_id.is_(None), "dead"), else_="retry"),
    "reason": None,
    "next_attempt_at": sa.func.now(),
    "version": _ROW.version + 1,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which parked events are meant: those that fit all that is given."""

    id: UUID | None = None
    topic: str | None = None
    key: str | None = None
    type: str | None = None
    state: str | None = None
    since: datetime | None = None
    """The instant of the first failure, and all that came after it."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same in SQL."""
        names = ("id", "topic", "key", "type", "state")
        given = {name: value for name in names if (value := getattr(self, name)) is not None}
        found = [_ROW[name] == value for name, value in given.items()]
        return found if self.since is None else [*found, _ROW.first_failed_at >= self.since]


async def parked_one(tx: Tx, parked_id: UUID) -> sa.RowMapping:
    """One parked event. Raises NotFound."""
    return await _one(tx, sa.select(parked_event).where(_ROW.id == parked_id))


async def retry(tx: Tx, chosen: Chosen) -> int:
    """Let the chosen ones be taken up at once; return how many.

    What was put aside is meant only when it is named by its id.
    """
    conditions = chosen.conditions()
    if chosen.id is None:
        conditions.append(_ROW.state != "skipped")
    statement = sa.update(parked_event).where(*conditions).values(_AGAIN).returning(_ROW.id)
    changed = list(await tx.scalars(statement))
    tx.touched += changed
    return len(changed)


async def skip(tx: Tx, parked_id: UUID, seen: Versions, reason: str) -> sa.RowMapping:
    """Put an event aside, so that the later ones of its key go on; it can still be retried.

    Raises NotFound and Stale.
    """
    await _locked(tx, parked_id, seen)
    aside = {"state": "skipped", "reason": reason, "next_attempt_at": None}
    return await _changed(tx, parked_id, aside | {"version": _ROW.version + 1})


async def edit(tx: Tx, parked_id: UUID, seen: Versions, event: str) -> sa.RowMapping:
    """Let a repaired copy, a CloudEvent in JSON, be taken up; what came is kept beside it.

    Raises NotFound, Stale and Invalid; whether the state fits its topic is found out when it is
    taken up.
    """
    row = await _locked(tx, parked_id, seen)
    if row["record_key"] is not None and id_in(row["record_key"]) is None:
        # An event's subject is its record's key, and is an id.
        raise Invalid("The key of this record is no id, so no repair makes it an event. Skip it.")
    _refuse_another(row, event)
    return await _changed(tx, parked_id, {**_AGAIN, "edited": event.encode()})


def _refuse_another(row: sa.RowMapping, event: str) -> None:
    try:
        document = orjson.loads(event)
    except orjson.JSONDecodeError:
        raise Invalid("The event is not JSON.", pointer=_EVENT) from None
    if not isinstance(document, dict) or document.get("specversion") != "1.0":
        raise Invalid("The event is no CloudEvent of version 1.0, in JSON.", pointer=_EVENT)
    for name, column in _PLACE.items():
        if row[column] is not None and str(document.get(name)) != str(row[column]):
            raise Invalid("An event keeps its id, subject, epoch and sequence.", pointer=_EVENT)


async def _locked(tx: Tx, parked_id: UUID, seen: Versions) -> sa.RowMapping:
    row = await _one(tx, sa.select(parked_event).where(_ROW.id == parked_id).with_for_update())
    seen.refuse_if_stale(row["version"])
    return row


async def _changed(tx: Tx, parked_id: UUID, values: Mapping[str, Any]) -> sa.RowMapping:
    tx.touched.append(parked_id)
    statement = sa.update(parked_event).where(_ROW.id == parked_id).values(values)
    return await _one(tx, statement.returning(*_ROW))


async def _one(tx: Tx, statement: Any) -> sa.RowMapping:  # noqa: ANN401 (a question, or a change that answers)
    row: sa.RowMapping | None = (await tx.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no parked event with this id; it may have been taken up.")
    return row
