"""A centre that a synchronous test can ask."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import sqlalchemy as sa

from shared.access.actor import system
from shared.refusals import Refusal
from shared.streams.log import Tx
from tests.facilities.centre import Centre

T = TypeVar("T")
_US = system("test")


class Stage:
    """A centre that a synchronous test can ask."""

    def __init__(self, runner: asyncio.Runner, centre: Centre) -> None:
        self.runner = runner
        self.centre = centre
        self.seed = 0.0
        """From -1 to 1: which of the free places is taken, so that it is done again alike."""

    def run(self, waiting: Awaitable[T]) -> T:
        """Wait for something."""

        async def wait() -> T:
            return await waiting

        return self.runner.run(wait())

    def do(self, act: Callable[[Tx], Awaitable[T]]) -> T | str:
        """Do something in a transaction; when it is refused, say by its name as what."""

        async def acting() -> T:
            async with self.centre.ecosystem.database("facilities").transaction(_US) as tx:
                await tx.execute(sa.select(sa.func.setseed(self.seed)))
                return await act(tx)

        try:
            return self.runner.run(acting())
        except Refusal as refusal:
            return type(refusal).__name__
