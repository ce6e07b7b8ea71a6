"""When nothing is under way any more, and whether everybody then knows the same."""

from deploy.local.databases import connected
from deploy.local.lags import lags
from deploy.local.services import module
from shared.streams.relay import undelivered
from tests.journeys.chronicle import Lives
from tests.support.databases import SERVICES
from tests.support.launched import Launched


async def settled(launched: Launched) -> bool:
    """Whether all that was written was said and heard, and nothing more came of it."""
    before, waiting = await _written(launched)
    behind = await lags(launched.here.kafka, SERVICES)
    heard = all(lag == 0 for each in behind.values() for lag in each.values())
    return waiting == 0 and heard and await _written(launched) == (before, 0)


async def wrong_copies(launched: Launched, now: Lives) -> dict[str, set[tuple[object, ...]]]:
    """The rows of copies that are not at the last event of their topic, and what is missing."""
    wrong = {}
    for service, url in launched.here.databases.items():
        async with connected(url) as session:
            for copy in module(service, "copies").COPIES:
                name = copy.table.name
                rows = await session.fetch(f"SELECT id::text, epoch, seq, event_id FROM {name}")  # noqa: S608 (our own table)
                last = [of[-1] for of in now.values() if of[-1].topic == copy.state.topic]
                said = {(event.key, *event.position, event.id) for event in last if event.data}
                wrong[f"{service}.{name}"] = said ^ {tuple(row) for row in rows}
    return {name: rows for name, rows in wrong.items() if rows}


async def _written(launched: Launched) -> tuple[int, int]:
    """How many events all services have written, and how many of them wait for Kafka."""
    written, waiting = 0, 0
    for url in launched.here.databases.values():
        async with connected(url) as session:
            written += await session.fetchval("SELECT count(*) FROM event_log")
            waiting += (await undelivered(session))[0]
    return written, waiting
