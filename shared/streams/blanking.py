"""The one change of what was said: a member of old states is blanked when a person is erased."""

from collections.abc import Mapping

import orjson
import sqlalchemy as sa

from shared.streams.log import Tx

_BLANK = sa.text("""
UPDATE event_log SET data = (data::jsonb || CAST(:members AS jsonb))::json
WHERE topic = :topic AND key = :key AND seq < :before AND data IS NOT NULL
""")


async def blank(tx: Tx, topic: str, key: str, before: int, members: Mapping[str, str]) -> None:
    """Write these members over those of an aggregate's states, in its events before one of them.

    What Kafka has of them goes when the topic is compacted, since a newer state is there. Only
    the worker's role may do this.
    """
    which = {"topic": topic, "key": key, "before": before}
    await tx.execute(_BLANK, {**which, "members": orjson.dumps(members).decode()})
