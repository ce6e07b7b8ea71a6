"""Waits for what must become true."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(question: Callable[[], Awaitable[T | None]], within: float = 20.0) -> T:
    """Ask until the answer is truthy; fail with the last answer when it never is."""
    deadline = time.monotonic() + within
    while True:
        answer = await question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            message = f"not within {within} s; the last answer was {answer!r}"
            raise AssertionError(message)
        await asyncio.sleep(0.02)
