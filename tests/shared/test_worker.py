"""A worker runs its tasks until it is told to stop, ends them in time, and hides no failure."""

import asyncio

import pytest
from structlog.testing import capture_logs

from shared import worker as worker_module
from shared.worker import TaskEnded, Worker


class Stage:
    """Tasks of every temper, and what became of them."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def patient(self, stop: asyncio.Event) -> None:
        """Run until told to stop, and finish the work in hand."""
        await stop.wait()
        await asyncio.sleep(0.01)
        self.told.append("drained")

    async def deaf(self, _: asyncio.Event) -> None:
        """Hear nothing."""
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.told.append("cancelled")
            raise

    async def broken(self, _: asyncio.Event) -> None:
        """Fail at once."""
        raise ZeroDivisionError

    async def fleeting(self, _: asyncio.Event) -> None:
        """End at once."""

    async def close(self) -> None:
        """Give back what was held."""
        self.told.append("closed")


async def test_what_is_in_hand_is_finished_before_anything_is_closed() -> None:
    stage, stop = Stage(), asyncio.Event()
    worker = Worker("test", [stage.patient, stage.patient], [stage.close])

    running = asyncio.create_task(worker.run(stop))
    await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 1)

    assert stage.told == ["drained", "drained", "closed"]


async def test_who_does_not_stop_in_time_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "DRAIN_DEADLINE", 0.05)
    stage, stop = Stage(), asyncio.Event()
    stop.set()

    await asyncio.wait_for(Worker("test", [stage.deaf, stage.patient], [stage.close]).run(stop), 1)

    assert stage.told == ["drained", "cancelled", "closed"]


async def test_a_task_that_fails_stops_the_others_and_is_heard_of() -> None:
    stage, stop = Stage(), asyncio.Event()

    with pytest.raises(ZeroDivisionError):
        await Worker("test", [stage.patient, stage.broken], [stage.close]).run(stop)

    assert stage.told == ["drained", "closed"]


async def test_a_task_that_ends_by_itself_is_told_of() -> None:
    stage, stop = Stage(), asyncio.Event()

    with capture_logs() as logs, pytest.raises(TaskEnded):
        await Worker("test", [stage.patient, stage.fleeting], [stage.close]).run(stop)

    assert [entry["event"] for entry in logs] == ["worker.task_ended"]
    assert stage.told == ["drained", "closed"]


async def test_a_task_that_cancels_itself_is_a_fault_too() -> None:
    stage = Stage()

    async def cancelled_from_within(_: asyncio.Event) -> None:
        raise asyncio.CancelledError

    with pytest.raises(TaskEnded):
        await Worker("test", [cancelled_from_within], [stage.close]).run(asyncio.Event())

    assert stage.told == ["closed"]


async def test_a_worker_that_is_cancelled_leaves_nothing_running() -> None:
    stage = Stage()
    running = asyncio.create_task(Worker("test", [stage.deaf], [stage.close]).run(asyncio.Event()))
    await asyncio.sleep(0.01)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)

    assert sorted(stage.told) == ["cancelled", "closed"]
