"""The relay of production on modelled servers, and two that read by cursors known to be wrong."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from shared.streams.cursor import Snapshot, SnapshotCursor
from shared.streams.kafka import Brokers
from shared.streams.relay import Relay
from shared.streams.slices import Slice, Slices
from tests.faults.simulation.kafka import Broker, Fenced
from tests.faults.simulation.postgres import Log, Session
from tests.faults.simulation.schedule import step
from tests.faults.simulation.ways import Way

SIZE = 3
"""Rows in a slice; a snapshot then takes several."""
_LOG = Slices("event_log", "*")


class SimulatedRelay(Relay):
    """Loads, reads, drains and marks as ever; rows go to the broker as they are."""

    async def _read(self, connection: Any, cursor: SnapshotCursor) -> Slice:  # noqa: ANN401 (a model)
        return await _LOG.read(connection, cursor, SIZE)

    async def _send(self, producer: Any, rows: Sequence[Any]) -> None:  # noqa: ANN401 (as above)
        if rows:
            await producer.send(rows)

    async def lead(self, log: Log, broker: Broker, session: Session) -> None:
        """Lead once elected; the loop of `_lead`, without its waits. Raises what ends it."""
        while not session.elected():
            await step()
        connection = cast("Any", session)
        cursor = await self._load(connection)
        producer = cast("Any", broker.open_producer())
        try:
            while True:
                fresh = cursor.target is None
                cursor, moved = await self._drain(connection, producer, cursor, asyncio.Event())
                log.idle = fresh and not moved
                await step()
        finally:
            producer.abandon()


class ById(SimulatedRelay):
    """Reads on from the last id; but an id is drawn before its row is committed."""

    async def _read(self, connection: Any, cursor: SnapshotCursor) -> Slice:  # noqa: ANN401 (as above)
        rows, _ = await connection.look()
        new = [row for row in rows if row["id"] > cursor.last_id][:SIZE]
        return Slice(new, SnapshotCursor(last_id=new[-1]["id"] if new else cursor.last_id))


class ByXmin(SimulatedRelay):
    """Reads in the order of transaction ids; but one is assigned by a first write of anything."""

    async def _read(self, connection: Any, cursor: SnapshotCursor) -> Slice:  # noqa: ANN401 (as above)
        rows, seen = await connection.look()
        place = (cursor.done.xmax, cursor.last_id)
        old = [row for row in rows if row["xid"] < seen.xmin and (row["xid"], row["id"]) > place]
        new = sorted(old, key=lambda row: (row["xid"], row["id"]))[:SIZE]
        xid, last_id = (new[-1]["xid"], new[-1]["id"]) if new else place
        return Slice(new, SnapshotCursor(Snapshot(xid, xid, ()), last_id=last_id))


_KINDS = {Way.ID_CURSOR: ById, Way.XMIN_CURSOR: ByXmin}


async def relay(log: Log, broker: Broker, way: Way | None, sessions: list[Session]) -> None:
    """A relay process: any failure starts it over, with another session and producer."""
    kind = _KINDS.get(way, SimulatedRelay) if way else SimulatedRelay
    work = kind("", cast("Brokers", ""), service="simulated")
    while True:
        session = Session(log)
        sessions.append(session)
        try:
            await work.lead(log, broker, session)
        except (ConnectionError, TimeoutError, Fenced):
            await step()
        finally:
            session.alive = False
            sessions.remove(session)
