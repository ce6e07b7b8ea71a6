"""Clients who do one thing after the other, break off, and note whatever is not theirs."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

PATIENCE = 0.03
"""Seconds; who breaks off does so within them."""
HASTY = 1 / 3
"""The share of deeds that may be broken off."""
_OUTAGE = (DBAPIError, PoolTimeout, TimeoutError, OSError)

Deed = Callable[[], Awaitable[None]]


@dataclass
class Impatient(ABC):
    """Somebody of one unit; the schedule follows from `chance`."""

    chance: random.Random
    foreign: list[str] = field(default_factory=list, init=False)
    """What was seen or done that is not of the unit."""
    did: Counter[str] = field(default_factory=Counter, init=False)

    @abstractmethod
    def deeds(self) -> Sequence[Deed]:
        """What it may do next."""

    async def work(self, stop: asyncio.Event) -> None:
        """Do one thing after the other until told to stop."""
        while not stop.is_set():
            deed = self.chance.choice(self.deeds())
            task = asyncio.ensure_future(deed())
            patience = self.chance.uniform(0, PATIENCE) if self.chance.random() < HASTY else None
            await asyncio.wait([task], timeout=patience)
            task.cancel()
            await asyncio.wait([task])
            self._note(getattr(deed, "__name__", ""), task)

    def whole(self) -> int:
        """How many deeds were neither broken off nor failed."""
        return self.did.total() - self.did["broken off"] - self.did["failed"]

    def _note(self, deed: str, task: asyncio.Future[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            self.did["broken off"] += 1
        elif error is None:
            self.did[deed] += 1
        elif isinstance(error, _OUTAGE) and not isinstance(error, ProgrammingError):
            self.did["failed"] += 1
        else:
            raise error


@asynccontextmanager
async def at_work(clients: Sequence[Impatient]) -> AsyncIterator[None]:
    """Let them all work for as long as the block."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as working:
        for client in clients:
            working.create_task(client.work(stop))
        try:
            yield
        finally:
            stop.set()
