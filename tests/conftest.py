"""The real parts, once per run; a fresh ecosystem of databases and topics for each test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog

from deploy.local.parts import Parts, real_parts
from shared import event_loop
from tests.support.databases import Templates, migrated_templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem
from tests.support.memory_folder import take_memory_folder

_FOLDER = pytest.StashKey[Path | None]()
_LOOPS = {"served": event_loop.factory() or asyncio.new_event_loop}


def pytest_configure(config: pytest.Config) -> None:
    """Write to memory, but for the long proofs, which write more than fits; log plainly."""
    if not hasattr(config, "workerinput") and config.option.markexpr != "proof":
        config.stash[_FOLDER] = take_memory_folder()
    # To paint one traceback takes structlog four seconds of what is local to it.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    if folder := config.stash.get(_FOLDER, None):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Look at what was loaded no more, as a service does."""
    event_loop.keep_what_is_loaded()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run each test on what services run on."""
    return _LOOPS


@pytest.fixture(scope="session")
def parts() -> Iterator[Parts]:
    """A real PostgreSQL and a real Kafka."""
    with real_parts() as found:
        yield found


@pytest.fixture(scope="session")
def templates(parts: Parts) -> Templates:
    """One migrated database per service, to be cloned."""
    return migrated_templates(parts)


@pytest.fixture
async def ecosystem(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """Four services with empty databases and topics of their own."""
    async with fresh_ecosystem(parts, templates) as fresh:
        await fresh.create_topics()
        yield fresh


@pytest.fixture
async def registry(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """The registry alone: quicker where no other service takes part."""
    async with fresh_ecosystem(parts, templates, ("registry",)) as fresh:
        yield fresh


@pytest.fixture
async def topics(registry: Ecosystem) -> None:
    """The topics of the registry's ecosystem, which most of its tests do without."""
    await registry.create_topics()
