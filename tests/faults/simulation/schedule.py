"""Lets actors go on one step at a time, in an order and with faults that follow from a seed."""

import random
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from types import coroutine
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")


POINTS = ("read", "acks", "mark", "fetch", "begin", "commit", "committed", "offset")
"""The awaits at which a schedule may prefer to let faults happen."""


@coroutine
def step(point: str = "") -> Generator[str, None, None]:
    """Await something outside: here the others go on, and here faults happen."""
    yield point


async def until(question: Callable[[], bool], patience: int, point: str = "") -> None:
    """Look again at each step. Raises TimeoutError after so many looks."""
    for _ in range(patience):
        if question():
            return
        await step(point)
    raise TimeoutError


class Child(Generic[T]):
    """What an actor does beside its own work; it ends with the actor."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self.work = work
        self.done = False
        self._result: T | None = None
        self._error: BaseException | None = None

    def go_on(self) -> None:
        """Take one step."""
        try:
            self.work.send(None)
        except StopIteration as end:
            self._result, self.done = end.value, True
        except Exception as error:  # noqa: BLE001 (raised where it is awaited)
            self._error, self.done = error, True

    def cancel(self) -> None:
        """End it."""
        self.work.close()
        self.done = True

    def __await__(self) -> Generator[Any, None, T]:
        """Wait for it as for a task."""
        while not self.done:
            yield
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # it is done


@dataclass(eq=False)
class Actor:
    """A process; `begin` gives its life from the start, which a crash ends at any await."""

    name: str
    begin: Callable[[], Coroutine[Any, Any, None]]
    life: Coroutine[Any, Any, None] | None = None
    at: str = ""
    """Which await it has come to."""
    asleep_until: int = 0
    children: list[Child[Any]] = field(default_factory=list)
    finished: bool = False

    def end(self) -> None:
        """End it as a kill would; what it had not committed is rolled back by the servers."""
        for child in self.children:
            child.cancel()
        self.children.clear()
        if self.life is not None:
            self.life.close()
            self.life = None


class Schedule:
    """The actors, the time in steps, and all that chance decides."""

    running: ClassVar["Schedule"]
    """The one that `beside` belongs to; a process has one event loop at a time, too."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (a schedule, not a secret)
        self.now = 0
        self.actors: list[Actor] = []
        self.current: Actor | None = None

    def add(self, name: str, begin: Callable[[], Coroutine[Any, Any, None]]) -> Actor:
        """Add an actor; it begins when it is first chosen."""
        actor = Actor(name, begin)
        self.actors.append(actor)
        return actor

    def go_on(self) -> None:
        """Let one actor, chosen by chance, take one step."""
        self.now += 1
        ready = [a for a in self.actors if not a.finished and a.asleep_until <= self.now]
        if not ready:
            return
        actor = self.current = self.chance.choice(ready)
        actor.children = [child for child in actor.children if not child.done]
        if actor.children and self.chance.random() < 0.5:
            self.chance.choice(actor.children).go_on()
            return
        if actor.life is None:
            actor.life = actor.begin()
        try:
            actor.at = actor.life.send(None)
        except StopIteration:
            actor.finished = True

    def interrupt(self, actor: Actor, error: Exception) -> None:
        """Let what the actor waits for fail; who cannot go on after that begins anew."""
        if actor.life is None or actor.finished or actor.asleep_until > self.now:
            return
        self.current = actor
        try:
            actor.at = actor.life.throw(error)
        except StopIteration:
            actor.finished = True
        except type(error):
            actor.end()


def beside(work: Coroutine[Any, Any, T]) -> Awaitable[T]:
    """Begin work beside that of the current actor: what asyncio.create_task is elsewhere."""
    assert Schedule.running.current is not None
    child = Child(work)
    Schedule.running.current.children.append(child)
    return child
