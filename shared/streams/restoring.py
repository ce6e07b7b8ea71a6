"""Makes a log that was restored from a backup the truth again, for all who heard what came after.

What was said after the backup is lost here and known elsewhere: on Kafka, in copies. So the log
enters a new epoch and says the last state of every aggregate once more, which is newer than all
that anyone heard; and what it never knew it takes back. Transaction ids mean nothing in another
cluster, so each row is stamped anew (docs/decisions/0015).
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from shared.events.state import State
from shared.streams.codec import MOST_EPOCHS, EnvelopeError, from_binary, id_in
from shared.streams.direct import Connection
from shared.streams.kafka import Brokers, Message
from shared.streams.kafka.whole import read_whole
from shared.streams.relay import READER
from shared.streams.slices import PASSED

_LONG: Final = 3600.0
"""Seconds for one statement: it may write every row of the log anew."""
_ANSWER: Final = 10.0

_RAISE_EPOCH = "UPDATE log_epoch SET epoch = greatest(epoch, $1) + 1"
_EPOCH = "SELECT epoch FROM log_epoch"
# A row of the new epoch was written after the restore, whatever its transaction's id looks like.
_STAMP = f"""
UPDATE event_log AS e
SET xid = CASE WHEN e.epoch < $1 AND {PASSED} THEN '3'::xid8 ELSE pg_current_xact_id() END
FROM (
    SELECT coalesce(done, '1:1:') AS done, target, coalesce(last_id, 0) AS last_id
    FROM (VALUES (1)) AS once LEFT JOIN relay_cursor ON reader = $2
) AS c
"""  # noqa: S608 (words of our own)
_RESTATE = """
INSERT INTO event_log (topic, key, epoch, seq, type, release, unit, data)
SELECT topic, key, $1, seq, type, release, unit, data FROM (
    SELECT DISTINCT ON (topic, key) * FROM event_log WHERE topic = ANY ($2)
    ORDER BY topic, key, epoch DESC, seq DESC
) AS newest
WHERE epoch < $1 ORDER BY id
"""
# Sequence 0, so that an aggregate that is made again under the same id begins with 1 as ever.
_RETRACT = """
INSERT INTO event_log (topic, key, epoch, seq, type)
SELECT $2, key, $1, 0, $3 FROM unnest($4::text[]) AS key
WHERE NOT EXISTS (SELECT FROM event_log AS known WHERE known.topic = $2 AND known.key = key.key)
"""
_FORGET_READERS = "DELETE FROM relay_cursor"
_BEGIN_HERE = """
INSERT INTO relay_cursor (reader, done, system_identifier)
SELECT $1, $2, system_identifier FROM pg_control_system()
"""


@dataclass(frozen=True, slots=True)
class Restated:
    """What a restored log says anew: last states, and aggregates that it takes back."""

    epoch: int
    states: int
    retracted: int


@dataclass(slots=True)
class Heard:
    """What Kafka has of a service: the keys of what can be taken back, and the newest epoch.

    Those that were taken back are among them: who reads the feed may not have come so far.
    """

    keys: dict[type[State], set[str]] = field(default_factory=dict)
    epoch: int = 0


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, timeout=_ANSWER, command_timeout=_LONG)
    try:
        yield connection
    finally:
        connection.terminate()


async def epoch_of(url: str) -> int:
    """The epoch that a log is in."""
    async with _connected(url) as connection:
        epoch: int = await connection.fetchval(_EPOCH)
        return epoch


async def raise_epoch(url: str, above: int) -> None:
    """Let everything that is said from now on be newer than whatever was said.

    `above` is the newest epoch that anyone heard of: a backup may be restored more than once.
    """
    async with _connected(url) as connection:
        await connection.execute(_RAISE_EPOCH, above)


async def restate(url: str, heard: Heard) -> Restated:
    """Stamp the rows of the log, say the last states again, and take back what is not known.

    It is done after `raise_epoch`, as a superuser, while no relay runs.
    """
    async with _connected(url) as connection, connection.transaction():
        # Taken before this transaction has an id, so that what it writes is not done.
        done = await connection.fetchval("SELECT pg_current_snapshot()")
        epoch = await connection.fetchval(_EPOCH)
        await connection.execute(_STAMP, epoch, READER)
        told = await connection.execute(_RESTATE, epoch, [state.topic for state in heard.keys])
        retracted = 0
        for state, keys in heard.keys.items():
            about = epoch, state.topic, state.retraction()
            gone = await connection.execute(_RETRACT, *about, list(keys))
            retracted += _count(gone)
        await connection.execute(_FORGET_READERS)
        await connection.execute(_BEGIN_HERE, READER, done)
        return Restated(epoch, _count(told), retracted)


async def heard_on(kafka: Brokers, states: Iterable[type[State]], prefix: str = "") -> Heard:
    """What the topics of a service, all of which are there, still tell of it.

    Those that are never taken back give the epoch only. Raises ConnectionError or TimeoutError when
    Kafka cannot be asked.
    """
    heard = Heard()
    for state in states:
        keys: set[str] = set()
        async for message in read_whole(kafka, prefix + state.topic):
            heard.epoch = max(heard.epoch, _epoch(state, message))
            if (key := id_in(message.key)) is not None:
                keys.add(key)
        if state.retractable:
            heard.keys[state] = keys
    return heard


def _epoch(state: type[State], message: Message) -> int:
    """Of an event; 0 of none, and of a forgery that would leave no room for later restores."""
    try:
        epoch = from_binary(state, message.key, message.value, message.headers).epoch
    except EnvelopeError:
        return 0
    return epoch if epoch <= MOST_EPOCHS // 2 else 0


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
