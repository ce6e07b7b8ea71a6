"""Who waits for a lock in a service's database: so a race is brought about, not hoped for."""

from tests.support.ecosystem import Ecosystem

_BLOCKED = """
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def waiting(ecosystem: Ecosystem, service: str) -> int:
    """How many wait now."""
    return len(await ecosystem.rows(service, _BLOCKED))


async def as_many_wait(ecosystem: Ecosystem, service: str, count: int) -> bool:
    """Whether so many wait now, and no more."""
    return await waiting(ecosystem, service) == count
