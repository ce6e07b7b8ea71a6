"""Builds a copy anew beside the one in use, and puts it in its place in one transaction.

The live listener goes on. What it has yet to hear, or has heard since we began, is left to it: a
copy that ran ahead of it would make it take what it has not reacted to for old. So the new copy is
filled with what the listener's group had passed when we began; keys of which there is more, and
keys of which an event is parked, stay as they are. Reactions do not run.
"""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from shared.database import open_engine
from shared.migrations.roles import Roles, become_owner
from shared.sentences import Spoken
from shared.streams.codec import EnvelopeError, Event, from_binary
from shared.streams.copies import Copy
from shared.streams.kafka import Brokers, Message
from shared.streams.kafka.whole import WholeTopic, committed, open_whole

Progress = Callable[[int, int], None]
"""Takes how many records were read, and how many there are."""

_LONG: Final = 900.0
_LEFT_TO_IT: Final = "left_to_the_listener"


class NothingToBuildFrom(Spoken):
    """The topic is empty, and the copy is not."""


async def rebuild(  # noqa: PLR0913 (all but two are named at the call)
    url: str,
    kafka: Brokers,
    *,
    copy: Copy[Any],
    group: str,
    roles: Roles,
    progress: Progress,
    prefix: str = "",
) -> int:
    """Build a copy anew from its topic, as the owner of the database; return how many rows it has.

    `group` is the listener's, with its prefix. Broken off, it leaves nothing behind. Raises
    NothingToBuildFrom; ConnectionError or TimeoutError when Kafka cannot be asked; RolesMissing.
    """
    engine = open_engine(url, pool_size=1, command_deadline=_LONG)
    try:
        async with (
            open_whole(kafka, prefix + copy.state.topic) as topic,
            engine.connect() as connection,
        ):
            passed = await committed(kafka, group)
            work = _Rebuilding(
                connection, copy, {(p.topic, p.partition): n for p, n in passed.items()}
            )
            await work.begin(roles)
            async for messages in topic.to_the_end():
                await work.take(messages)
                progress(topic.done, topic.total)
            return await work.swap(topic)
    finally:
        await engine.dispose()


class _Rebuilding:
    """A copy being built in a temporary table that hides the real one from this connection."""

    def __init__(
        self, connection: AsyncConnection, copy: Copy[Any], passed: dict[tuple[str, int], int]
    ) -> None:
        self._session = AsyncSession(connection, expire_on_commit=False)
        self._copy = copy
        self._passed = passed
        self._name = copy.table.name

    async def begin(self, roles: Roles) -> None:
        await self._session.run_sync(lambda sync: become_owner(sync.connection(), roles))
        name = self._name
        await self._do(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING ALL)")
        await self._do(f"CREATE TEMP TABLE {_LEFT_TO_IT} (id uuid PRIMARY KEY)")
        await self._do(f"SET ROLE {roles.owner}")
        await self._session.commit()

    async def take(self, messages: list[Message]) -> None:
        """Keep what the listener has passed, and remember of whom there is more."""
        heard, left = [], set()
        for message in messages:
            event = _event(self._copy, message)
            if event is None:
                continue
            place = message.topic, message.partition
            if message.offset < self._passed.get(place, 0):
                heard.append(event)
            else:
                left.add(UUID(event.key))
        await self._copy.hear(self._session, heard)
        await self._leave(left)
        await self._session.commit()

    async def swap(self, topic: WholeTopic) -> int:
        """Read what came meanwhile, while the listener waits a moment, and change places."""
        await self._do(f"LOCK TABLE public.{self._name} IN SHARE ROW EXCLUSIVE MODE")
        async for messages in topic.to_the_end():
            await self._leave({UUID(e.key) for m in messages if (e := _event(self._copy, m))})
        await self._do(_PARKED.format(left=_LEFT_TO_IT), topic=self._copy.state.topic)
        await self._refuse_emptiness()
        await self._do(_DELETE.format(name=self._name, left=_LEFT_TO_IT))
        columns = [column.name for column in self._copy.table.columns]
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
        names = ", ".join(columns)
        await self._do(_UPSERT.format(name=self._name, left=_LEFT_TO_IT, names=names, set=changes))
        count = await self._session.scalar(sa.text(_COUNT.format(name=self._name)))
        await self._session.commit()
        return int(count or 0)

    async def _leave(self, keys: set[UUID]) -> None:
        await self._do(_LEAVE.format(left=_LEFT_TO_IT), keys=list(keys))

    async def _refuse_emptiness(self) -> None:
        lost = sa.text(_LOST.format(name=self._name, left=_LEFT_TO_IT))
        if await self._session.scalar(lost):
            topic = self._copy.state.topic
            message = f"{topic} is empty, and the copy is not: let it be published again first."
            raise NothingToBuildFrom(message)

    async def _do(self, statement: str, **values: object) -> None:
        await self._session.execute(sa.text(statement), values)


_LEAVE: Final = """
INSERT INTO {left} SELECT unnest(CAST(:keys AS uuid[])) ON CONFLICT DO NOTHING
"""
_PARKED: Final = """
INSERT INTO {left} SELECT key::uuid FROM parked_event
WHERE topic = :topic AND state IN ('retry', 'fork') AND key IS NOT NULL ON CONFLICT DO NOTHING
"""
_LOST: Final = """
SELECT NOT EXISTS (SELECT FROM {name}) AND NOT EXISTS (SELECT FROM {left})
   AND EXISTS (SELECT FROM public.{name})
"""
_COUNT: Final = "SELECT count(*) FROM public.{name}"
_DELETE: Final = """
DELETE FROM public.{name} AS old
WHERE NOT EXISTS (SELECT FROM {name} AS new WHERE new.id = old.id)
  AND NOT EXISTS (SELECT FROM {left} AS kept WHERE kept.id = old.id)
"""
# Never back in time, though nothing should be newer here than what the listener has passed.
_UPSERT: Final = """
INSERT INTO public.{name} AS old ({names})
SELECT {names} FROM {name} AS new WHERE NOT EXISTS (SELECT FROM {left} WHERE {left}.id = new.id)
ON CONFLICT (id) DO UPDATE SET {set}
WHERE (old.epoch, old.seq) <= (excluded.epoch, excluded.seq) AND old IS DISTINCT FROM excluded
"""


def _event(copy: Copy[Any], message: Message) -> Event[Any] | None:
    """The event of a record; None for one that the listener parks, which is no event."""
    try:
        return from_binary(copy.state, message.key, message.value, message.headers)
    except EnvelopeError:
        return None
