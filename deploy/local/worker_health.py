"""How each worker is, as it tells itself."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import httpx

_ANSWER_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class WorkerHealth:
    """What one worker told; one that does not answer is not live, and nothing is known of it."""

    live: bool = False
    delivery_lag_s: float | None = None
    """Of the events that its relay sent last; None when it has sent none."""
    held: dict[str, dict[str, Any]] | None = None
    """By topic and partition: what it waits for (`reason`), and for how many `seconds`."""


async def worker_health(url: str, services: Collection[str]) -> dict[str, WorkerHealth]:
    """Ask every worker at once, through the front."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=_ANSWER_S) as client:
        found = await asyncio.gather(*(_one(client, service) for service in services))
    return dict(zip(services, found, strict=True))


async def _one(client: httpx.AsyncClient, service: str) -> WorkerHealth:
    try:
        answer = await client.get(f"/workers/{service}/health/live")
        told = answer.json()
        return WorkerHealth(answer.is_success, told["delivery_lag_s"], told["held"])
    except (httpx.HTTPError, ValueError, KeyError):
        return WorkerHealth()
