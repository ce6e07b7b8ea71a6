"""`make bench`: measures everything and prints one table."""

import asyncio
from collections.abc import Awaitable, Callable

from rich.console import Console

from deploy.local.parts import real_parts
from shared import event_loop
from tests.bench import booking, commands, copies, drain, latency, rooms, sealing, start
from tests.bench.figures import Figure, show
from tests.support.databases import migrated_templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem

_MEASURES: dict[str, Callable[[Ecosystem], Awaitable[list[Figure]]]] = {
    "the command path": commands.measure,
    "sealing beside it": sealing.measure,
    "latency": latency.measure,
    "the relay's drain": drain.measure,
    "copies": copies.measure,
    "booking": booking.measure,
    "a room for a session": rooms.measure,
}


def main() -> None:
    """Run every measure on databases and topics of its own."""
    figures: list[Figure] = []
    console = Console(stderr=True)
    with console.status("measuring the start"):
        readings = asyncio.run(start.measure())
    with real_parts() as parts:
        templates = migrated_templates(parts)

        async def run(measure: Callable[[Ecosystem], Awaitable[list[Figure]]]) -> list[Figure]:
            async with fresh_ecosystem(parts, templates) as ecosystem:
                await ecosystem.create_topics()
                return await measure(ecosystem)

        event_loop.keep_what_is_loaded()
        with asyncio.Runner(loop_factory=event_loop.factory()) as runner:
            for name, measure in _MEASURES.items():
                with console.status(f"measuring {name}"):
                    figures += runner.run(run(measure))
    show(figures, readings)


if __name__ == "__main__":
    main()
