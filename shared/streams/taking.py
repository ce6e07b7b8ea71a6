"""Takes what a partition brought: all together, and one by one only what hinders the others.

A batch that fails is halved until the event is found that cannot be taken; that one is tried a few
times more and then parked, with all that follow of its key.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from shared.database import Database
from shared.sentences import Sentence
from shared.streams.codec import Event
from shared.streams.copies import Copy
from shared.streams.hearing import Heard, Hearing
from shared.streams.kafka import Message
from shared.streams.parking import Parked, park
from shared.streams.tracing import process_span
from shared.streams.verdicts import QUICK_PAUSES, Failure, failure_of
from shared.telemetry.instruments import tried_again

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of the records are dealt with, from the first on, and what holds the rest."""

    count: int
    failed: Exception | None = None


class Taker:
    """Takes batches into one database."""

    def __init__(self, database: Database, hearing: Hearing) -> None:
        self._database = database
        self._hearing = hearing

    async def take(
        self,
        copy: Copy[Any],
        records: Sequence[Message],
        *,
        go_on: Callable[[], bool],
        may_wait: bool,
    ) -> Taken:
        """Take as many as can be taken, in order, for as long as `go_on` says so.

        With `may_wait`, a reference that was not heard of yet holds what follows; without, it
        parks its key. Raises nothing but CancelledError, which undoes the part in hand.
        """
        parts, count = [[Heard.of(copy, record) for record in records]], 0
        while parts and go_on():
            part = parts.pop()
            try:
                await self._together(copy, part)
            except Exception as error:  # noqa: BLE001 (told apart here, and never lost)
                if len(part) > 1 and failure_of(error) is not Failure.OUTAGE:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]
                    continue
                failed = await self._alone(copy, part[0], error, may_wait=may_wait)
                if failed is not None:
                    return Taken(count, failed)
            count += len(part)
        return Taken(count)

    async def _together(self, copy: Copy[Any], part: Sequence[Heard]) -> None:
        """Take a part in one transaction."""
        events = [each.event for each in part if isinstance(each.event, Event)]
        with process_span(self._hearing.service, copy.state.topic, events):
            async with self._database.transaction() as tx:
                parked = await self._hearing.take(tx, copy, part)
        for each in parked:
            if each.state == "dead":
                _tell(each)

    async def _alone(
        self, copy: Copy[Any], heard: Heard, error: Exception, *, may_wait: bool
    ) -> Exception | None:
        """Try one record again in place, then park it; return what holds it instead, if any."""
        again = await self._again(copy, heard, error)
        if again is None or not isinstance(heard.event, Event):
            return again
        failure = failure_of(again)
        if failure is Failure.OUTAGE or (failure is Failure.NOT_YET and may_wait):
            return again
        parked = Parked.after(copy.state.topic, heard.record, heard.event, again)
        try:
            async with self._database.transaction() as tx:
                await park(tx, [parked])
        except Exception as hindrance:  # noqa: BLE001 (what can be neither taken nor parked is held)
            return hindrance
        _tell(parked)
        return None

    async def _again(self, copy: Copy[Any], heard: Heard, error: Exception) -> Exception | None:
        """Try a few times more what failed by a fault; return what it fails by in the end."""
        for pause in QUICK_PAUSES:
            if failure_of(error) is not Failure.FAULT:
                break
            await asyncio.sleep(pause)
            tried_again(copy.state.topic, "batch")
            try:
                await self._together(copy, [heard])
            except Exception as again:  # noqa: BLE001 (as above)
                error = again
            else:
                return None
        return error


def _tell(parked: Parked) -> None:
    log.error(
        "listener.parked",
        topic=parked.topic,
        partition=parked.record.partition,
        offset=parked.record.offset,
        state=parked.state,
        reason=Sentence(parked.error),
    )
