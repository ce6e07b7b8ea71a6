"""One ecosystem as `make up` runs it, for all journeys of the day; in both modes in the proofs."""

import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.cli.demo.day.scene import Scene
from tests.journeys.stage import opened
from tests.support.launched import Launched

MODES = ["one", pytest.param("processes", marks=pytest.mark.proof)]


@pytest.fixture(scope="package", params=MODES)
def launched(request: pytest.FixtureRequest) -> Iterator[Launched]:
    """Four services with the demo data of a laptop, everything at work."""
    # Not pytest's own folder, which each new run closes to PostgreSQL's account.
    with tempfile.TemporaryDirectory(prefix="sinergi-day-", ignore_cleanup_errors=True) as folder:
        running = Launched(Path(folder, ".sinergi"))
        running.start(request.param)
        yield running
        running.end(signal.SIGINT)


@pytest.fixture
async def scene(launched: Launched) -> AsyncIterator[Scene]:
    """The services over HTTP, as anyone of the cast."""
    async with opened(launched) as scene:
        yield scene
