"""The feed: the log as anyone may read it who has no Kafka, by a cursor that loses nothing.

A cursor is a place in the log as the relay has one, a snapshot: `id > last` would miss what a slow
transaction commits later. It names the epoch of the log too. In a log that was restored since, it
means nothing, so whoever comes with it is given everything from the beginning; by epoch and
sequence they see what they know already.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import orjson

from shared.streams.codec import COLUMNS, to_binary
from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.direct import Connection
from shared.streams.slices import Slices

LONGEST_CURSOR: Final = 16_000
"""Characters; a snapshot names every transaction that was under way, a few hundred at most."""
_INT64: Final = 2**63
_INT32: Final = 2**31

_TOPIC = Slices("event_log", COLUMNS, only="topic")
_EPOCH = "SELECT epoch FROM log_epoch"
_OF_ONE = f"""
SELECT {COLUMNS} FROM event_log
WHERE topic = $1 AND key = $2 AND (epoch, seq) > ($3, $4) ORDER BY epoch, seq LIMIT $5
"""  # noqa: S608 (columns of our own)


class NoCursor(ValueError):
    """A text that we have not given out as a cursor of this topic."""


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """How far somebody has read a topic of this log."""

    topic: str
    epoch: int = 0
    place: SnapshotCursor = field(default_factory=SnapshotCursor)

    def __str__(self) -> str:
        """Write it as it is given out: opaque, and safe in an address."""
        place = self.place
        target = place.target and place.target.as_record()
        told = [self.topic, self.epoch, place.done.as_record(), target, place.last_id]
        return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, topic: str) -> Self:
        """Read one back. Raises NoCursor for what we cannot have given out for this topic."""
        try:
            told = orjson.loads(
                base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            )
            of, epoch, done, target, last_id = told
            if of != topic:
                raise NoCursor
            place = SnapshotCursor(
                _snapshot(done), None if target is None else _snapshot(target), _whole(last_id)
            )
            return cls(topic, _whole(epoch, _INT32), place)
        except (ValueError, TypeError):  # base64's and JSON's errors are of the former
            raise NoCursor from None


@dataclass(frozen=True, slots=True)
class Part:
    """Events read together, each a structured CloudEvent, and the cursor after them."""

    events: Sequence[dict[str, Any]]
    after: FeedCursor


async def read_on(connection: Connection, cursor: FeedCursor, size: int) -> Part:
    """The next events of a topic, at most `size`; none when there are no more yet."""
    await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    epoch = await connection.fetchval(_EPOCH)
    place = cursor.place if cursor.epoch == epoch else SnapshotCursor()
    part = await _TOPIC.read(connection, place, size, cursor.topic)
    if not part.rows and place.target is not None:
        # The last walk through a snapshot ended exactly with a full slice.
        part = await _TOPIC.read(connection, part.after, size, cursor.topic)
    after = replace(cursor, epoch=epoch, place=part.after)
    return Part([to_structured(row) for row in part.rows], after)


async def read_one(
    connection: Connection, topic: str, key: str, position: tuple[int, int], size: int
) -> list[dict[str, Any]]:
    """The events of one aggregate after a position, `(epoch, seq)`, in their order."""
    rows = await connection.fetch(_OF_ONE, topic, key, *position, size)
    return [to_structured(row) for row in rows]


def to_structured(row: Any) -> dict[str, Any]:  # noqa: ANN401 (a row of the driver)
    """Encode a row of the log as one JSON document, with the attributes that Kafka carries.

    Its `data` goes out byte for byte; an event without `data` says that the aggregate is gone.
    """
    record = to_binary(row)
    attributes: dict[str, Any] = {
        name.removeprefix("ce_"): str(value, "utf-8")
        for name, value in record.headers
        if name.startswith("ce_") and value is not None
    }
    attributes["epoch"] = row["epoch"]
    if row["data"] is None:
        return attributes
    return attributes | {
        "datacontenttype": "application/json",
        "data": orjson.Fragment(row["data"]),
    }


def _snapshot(told: Any) -> Snapshot:  # noqa: ANN401 (JSON may be anything)
    """Read a snapshot as PostgreSQL takes one: its running transactions rise, within its bounds."""
    xmin, xmax, running = told
    xip = tuple(_whole(xid) for xid in running)
    if not (
        0 < _whole(xmin) <= _whole(xmax)
        and list(xip) == sorted({*xip})
        and all(xmin <= xid < xmax for xid in xip)
    ):
        raise ValueError(told)
    return Snapshot(xmin, xmax, xip)


def _whole(told: Any, limit: int = _INT64) -> int:  # noqa: ANN401 (as above)
    if type(told) is not int or not 0 <= told < limit:
        raise ValueError(told)
    return told
