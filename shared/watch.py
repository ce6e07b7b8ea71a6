"""The watch: reads every ten seconds how far a service is behind, for its metrics.

Nobody who asks for metrics waits for the database, and the database is asked by nobody else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.audit.sealer import unsealed_age
from shared.streams.direct import Connection, connected
from shared.streams.reactions import Listener
from shared.streams.relay import undelivered
from shared.telemetry import instruments
from shared.waiting import wait

log = structlog.get_logger(__name__)

EVERY: Final = 10.0
"""Seconds between two looks."""
_DEADLINE: Final = 5.0
"""Seconds for one of them."""

_PARKED = """
SELECT state, count(p) FROM unnest(ARRAY['retry', 'fork', 'dead', 'skipped']) AS state
LEFT JOIN (SELECT DISTINCT state, topic, coalesce(key, id::text) FROM parked_event) AS p
USING (state) GROUP BY state
"""


class Watch:
    """Looks after the numbers of one service that have to be asked for."""

    def __init__(self, service: str, database_url: str, listener: Listener | None = None) -> None:
        self._service = service
        self._url = database_url
        self._listener = listener

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set; what cannot be found out is not told, and tried again."""
        while not stop.is_set():
            await self.look()
            await wait(stop, EVERY)

    async def look(self) -> None:
        """Look once at the database, and once at the brokers."""
        await self._try(self._look_at_the_database)
        if self._listener is not None:
            await self._try(self._look_at_the_copies)

    async def _try(self, look: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(_DEADLINE):
                await look()
        except Exception as error:  # noqa: BLE001 (whatever it was, an outdated number is left out)
            log.warning("watch.saw_nothing", service=self._service, error=type(error).__name__)

    async def _look_at_the_database(self) -> None:
        of = {"sinergi.service": self._service}
        async with connected(self._url) as connection:
            events, age = await undelivered(connection)
            instruments.LOG_UNDELIVERED.found(events, of)
            instruments.LOG_AGE.found(age, of)
            instruments.AUDIT_UNSEALED_AGE.found(await unsealed_age(connection), of)
            for state, keys in (await parked_keys(connection)).items():
                instruments.PARKED_KEYS.found(keys, {**of, "sinergi.parked.state": state})

    async def _look_at_the_copies(self) -> None:
        lags = await self._listener.lags() if self._listener else {}
        for topic, lag in lags.items():
            of = {"messaging.consumer.group.name": self._service}
            of["messaging.destination.name"] = topic
            instruments.COPY_BEHIND.found(lag.events, of)
            instruments.COPY_LAG.found(lag.seconds, of)
            instruments.LISTENER_HELD.found(lag.held, of)


async def parked_keys(connection: Connection) -> dict[str, int]:
    """How many keys have a parked event, by its state; what is no event counts as a key."""
    rows = await connection.fetch(_PARKED)
    return {row["state"]: row["count"] for row in rows}
