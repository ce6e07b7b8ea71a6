"""Whoever starts the ecosystem is told what happens, and in plain lines when nobody watches."""

import asyncio
import io

import pytest
from rich.console import Console

from deploy.local.progress import Steps, Stopped


def test_each_step_is_one_plain_line_when_nobody_watches() -> None:
    written = io.StringIO()
    steps = Steps(Console(file=written, width=80))

    with steps.shown(), steps.step("Kafka") as tell:
        tell("fetching")
        tell("127.0.0.1:9092")

    assert written.getvalue() == "✔ Kafka        127.0.0.1:9092 (0.0 s)\n"


def test_a_step_that_fails_is_named() -> None:
    written = io.StringIO()
    steps = Steps(Console(file=written, width=80))

    with pytest.raises(ValueError, match="no such"), steps.shown(), steps.step("Kafka"):
        raise ValueError("no such")

    assert written.getvalue() == "✘ Kafka\n"


def test_no_step_is_begun_once_there_is_a_wish_to_stop() -> None:
    wish = asyncio.Event()
    wish.set()
    steps = Steps(Console(file=io.StringIO()), wish)

    with pytest.raises(Stopped), steps.step("Kafka"):
        pass
