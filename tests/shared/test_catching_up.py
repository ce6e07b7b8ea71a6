"""A service, and a worker, that is far behind says in words how far it has caught up."""

from shared.health import Health
from shared.streams.catching_up import CatchingUp
from shared.streams.lags import Lag
from tests.support.ecosystem import Ecosystem

READY = "http://test/api/registry/health/ready"


class _Listener:
    """Is as far behind as it is told."""

    def __init__(self) -> None:
        self.behind = 0

    async def lags(self) -> dict[str, Lag]:
        return {"one": Lag(self.behind // 2), "other": Lag(self.behind - self.behind // 2)}


async def test_readiness_tells_how_far_a_service_has_caught_up(registry: Ecosystem) -> None:
    client = await registry.client("registry", None)
    listener = _Listener()
    task = CatchingUp(registry.database("registry", "worker"), listener)
    said, told = [], []

    for behind in (0, 20_000, 5_800, 999, 0):
        listener.behind = behind
        await task.look()
        answer = await client.get(READY)
        said.append((answer.status_code, answer.text))
        told.append(Health(catching_up=task).told()["copies"])

    assert said == [
        (204, ""),
        (200, '{"copies":"Catching up 0 %"}'),
        (200, '{"copies":"Catching up 71 %"}'),
        (204, ""),
        (204, ""),
    ]
    assert told == [None, "Catching up 0 %", "Catching up 71 %", None, None]
