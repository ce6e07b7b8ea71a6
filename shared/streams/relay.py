"""The relay: carries the log to Kafka, in order, losing nothing.

One relay per service is active, elected by a lock of the very connection that reads the log and
marks what is done; when the connection dies, so does the right to mark. Any failure starts it over.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from opentelemetry import trace

from shared.sentences import Sentence, Spoken
from shared.streams.codec import COLUMNS, to_binary
from shared.streams.cursor import SnapshotCursor
from shared.streams.direct import Connection, connected, elected
from shared.streams.kafka import Brokers, EventTooLarge, Producer, open_producer
from shared.streams.slices import PASSED, Slice, Slices
from shared.streams.tracing import send_span, since
from shared.streams.wakeup import CHANNEL
from shared.waiting import wait

log = structlog.get_logger(__name__)

POLL = 0.1
STALLED_AFTER = 150.0
"""Seconds without a turn; the deadlines of all that it waits for in one add up to less."""
FENCE_RENEWAL = 24 * 3600.0
"""Seconds; the broker forgets a fence that was not renewed for a week."""
STAND_BY = 1.0
SLICE = 2_000
READER = "kafka"
"""The name of its cursor."""
_BACK_OFF = (0.1, 0.2, 0.5, 1.0, 2.0)

_LOAD = """
INSERT INTO relay_cursor AS c (reader, done, system_identifier)
SELECT $1, '1:1:', system_identifier FROM pg_control_system()
ON CONFLICT (reader) DO UPDATE SET reader = c.reader
RETURNING done, target, last_id,
          system_identifier = (SELECT system_identifier FROM pg_control_system()) AS at_home
"""

_LOG = Slices("event_log", COLUMNS)

_MARK = "UPDATE relay_cursor SET done = $2, target = $3, last_id = $4 WHERE reader = $1"

_UNDELIVERED = f"""
SELECT count(*), coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 FROM (
    SELECT occurred_at FROM event_log AS e, (
        SELECT coalesce(done, '1:1:') AS done, target, last_id
        FROM (VALUES (1)) AS once LEFT JOIN relay_cursor ON reader = $1
    ) AS c
    WHERE e.xid >= pg_snapshot_xmin(c.done)
      AND NOT {PASSED}
    LIMIT 1000000
) AS waiting
"""  # noqa: S608 (words of our own)


class ForeignCluster(Spoken):
    """The database was brought into another cluster, where the relay's cursor means nothing."""

    def __init__(self) -> None:
        super().__init__(
            "This database was restored by hand, and what it says would not be believed. "
            "Nothing is sent: restore the backup with `sinergi restore`."
        )


class Relay:
    """Reads one database's log and sends it to Kafka while it holds the lock."""

    def __init__(
        self, database_url: str, kafka: Brokers, *, service: str, prefix: str = ""
    ) -> None:
        """Topics are named with `prefix` in front; the database's address must be direct."""
        self._url = database_url
        self._kafka = kafka
        self._fence = fence_of(service, prefix)
        self._prefix = prefix
        self._reader = READER
        self.leading = False
        self.turned = time.monotonic()
        """When it last began a turn, on a clock that only runs forward."""
        self.lag: float | None = None
        """Seconds from the oldest event of what was sent last until the brokers held it."""

    @property
    def stalled(self) -> bool:
        """Whether it neither sends nor looks nor tries; who waits out an outage tries."""
        return time.monotonic() - self.turned > STALLED_AFTER

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; every failure is logged and starts it over.

        Raises ForeignCluster, after which nothing may be sent until the log was restored properly.
        """
        failures = 0
        while not stop.is_set():
            self.turned = time.monotonic()
            try:
                await self._lead(stop)
                failures = 0
            except ForeignCluster as refusal:
                log.error("relay.refuses", reason=Sentence(refusal))  # noqa: TRY400 (no trace)
                raise
            except EventTooLarge as error:
                log.error("relay.stuck", reason=Sentence(error))  # noqa: TRY400 (as above)
                await wait(stop, _BACK_OFF[-1])
            except Exception as error:  # noqa: BLE001 (whatever it was, only a fresh start is safe)
                pause = _BACK_OFF[min(failures, len(_BACK_OFF) - 1)]
                failures = 0 if self.leading else failures + 1
                log.warning("relay.starts_over", error=type(error).__name__, pause=pause)
                await wait(stop, pause)
            finally:
                self.leading = False

    async def _lead(self, stop: asyncio.Event) -> None:
        # A lost mark means sending again, never losing.
        async with connected(self._url, synchronous_commit="off") as connection:
            if not await self._elected(connection, stop):
                return
            cursor = await self._load(connection)
            woken = asyncio.Event()
            await connection.add_listener(CHANNEL, lambda *_: woken.set())
            async with open_producer(self._kafka, self._fence) as producer:
                self.leading = True
                log.info("relay.leads", fence=self._fence)
                renewal = time.monotonic() + FENCE_RENEWAL
                while not stop.is_set() and time.monotonic() < renewal:
                    self.turned = time.monotonic()
                    woken.clear()
                    cursor, moved = await self._drain(connection, producer, cursor, stop)
                    if not moved:
                        await wait(woken, POLL)

    async def _elected(self, connection: Connection, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            self.turned = time.monotonic()
            if await elected(connection, self._fence):
                return True
            await wait(stop, STAND_BY)
        return False

    async def _load(self, connection: Connection) -> SnapshotCursor:
        [row] = await connection.fetch(_LOAD, self._reader)
        if not row["at_home"]:
            raise ForeignCluster
        return SnapshotCursor.of(row)

    async def _drain(
        self,
        connection: Connection,
        producer: Producer,
        cursor: SnapshotCursor,
        stop: asyncio.Event,
    ) -> tuple[SnapshotCursor, bool]:
        """Deliver what there is; the next slice is read while the last one is on its way."""
        ahead = await self._read(connection, cursor)
        if not ahead.rows:
            return ahead.after, False
        while True:
            more = ahead.after.target is not None and not stop.is_set()
            reading = asyncio.create_task(self._read(connection, ahead.after)) if more else None
            try:
                await self._send(producer, ahead.rows)
            except BaseException:
                if reading:
                    reading.cancel()
                raise
            following = await reading if reading else None
            await self._mark(connection, ahead.after)
            if following is None:
                return ahead.after, True
            ahead = following

    async def _read(self, connection: Connection, cursor: SnapshotCursor) -> Slice:
        return await _LOG.read(connection, cursor, SLICE)

    async def _send(self, producer: Producer, rows: Sequence[Any]) -> None:
        if not rows:
            return
        with send_span(self._fence, rows) as span:
            await producer.send(to_binary(row, prefix=self._prefix) for row in rows)
            span.set_status(trace.StatusCode.OK)
        self.lag = since(rows[0]["occurred_at"])

    async def _mark(self, connection: Connection, cursor: SnapshotCursor) -> None:
        self.turned = time.monotonic()
        target = cursor.target and cursor.target.as_record()
        await connection.execute(
            _MARK, self._reader, cursor.done.as_record(), target, cursor.last_id
        )


def fence_of(service: str, prefix: str = "") -> str:
    """What the relays of a service are elected by in its database, and known by to the brokers."""
    return f"{prefix}{service}-relay"


async def undelivered(connection: Connection, reader: str = READER) -> tuple[int, float]:
    """How many events wait for the relay, and the age of the oldest in seconds."""
    [(count, age)] = await connection.fetch(_UNDELIVERED, reader)
    return count, age
