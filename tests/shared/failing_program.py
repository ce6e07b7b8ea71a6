"""A program that comes to grief in the way it is told, with a value in all that it would say.

`python -m tests.shared.failing_program WAY VALUE [DATABASE]`
"""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Callable

import asyncpg
import structlog

from shared import telemetry

log = structlog.get_logger(__name__)
library = logging.getLogger("library")

_, way, value, *database = sys.argv


class _Stubborn:
    def __del__(self) -> None:
        raise ValueError(value)


def _fail(told: object = value) -> None:
    raise ValueError(told)


def _fail_twice() -> None:
    try:
        _fail()
    except ValueError as error:
        message = f"about {value}"
        raise RuntimeError(message) from error


def _fail_in_a_thread() -> None:
    thread = threading.Thread(target=_fail, name=value)
    thread.start()
    thread.join()


def _fail_many_times() -> None:
    raise ExceptionGroup(value, [ValueError(value), KeyError(value)])


async def _forgotten_task() -> None:
    async def fail() -> None:
        _fail()

    task = asyncio.create_task(fail(), name=value)
    await asyncio.wait([task])


async def _callback() -> None:
    asyncio.get_running_loop().call_soon(_fail, value)
    await asyncio.sleep(0)


async def _query() -> None:
    connection = await asyncpg.connect(database[0], timeout=10)
    try:
        await connection.fetchval("SELECT $1::int", value, timeout=10)
    finally:
        await connection.close(timeout=10)


def _say_it_all() -> None:
    with structlog.contextvars.bound_contextvars(person=value):
        log.info("something.happened", name=value, reason=value, offset=value, **{value: 1})
        log.info(f"something happened to {value}")  # noqa: G004 (what `make check` forbids)
        log.info("something happened to %s", value)
        log.info("\x1b[2J\r\n{}", error="\x1b[2J\r\n{}", kept=9_999_999_999_999_999)
        try:
            _fail()
        except ValueError:
            log.exception("something.failed")


def _library() -> None:
    library.error("it happened to %s", value)
    library.error(f"it happened to {value}")
    library.error("it happened %d times", value)
    library.error(ValueError(value))
    try:
        _fail()
    except ValueError:
        library.exception("it failed")
        library.error(f"it failed: {value}")


WAYS: dict[str, Callable[[], object]] = {
    "uncaught": _fail_twice,
    "group": _fail_many_times,
    "thread": _fail_in_a_thread,
    "unraisable": _Stubborn,
    "task": lambda: asyncio.run(_forgotten_task()),
    "callback": lambda: asyncio.run(_callback()),
    "query": lambda: asyncio.run(_query()),
    "warning": lambda: warnings.warn(value, UserWarning, stacklevel=1),
    "log": _say_it_all,
    "library": _library,
}

if __name__ == "__main__":
    telemetry.start("failing", None)
    WAYS[way]()
