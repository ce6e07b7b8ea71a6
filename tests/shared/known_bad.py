"""Ways to listen that are known to be wrong; a proof counts once it has caught them."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from shared.streams.taking import Taken


def auto_commit(_taken: Taken, asked: int) -> int:
    """The client's default: what was fetched counts as done, taken or not."""
    return asked


def unguarded(upsert: str) -> str:
    """The obvious upsert: whatever comes last is kept, however old it is."""
    guarded, _, _ = upsert.partition("WHERE (c.epoch")
    return f"{guarded} RETURNING id"


async def look_at_nothing_parked(_tx: AsyncSession, _topic: str, _keys: Iterable[str]) -> set[str]:
    """The obvious listener: what is parked is somebody else's business."""
    return set()
