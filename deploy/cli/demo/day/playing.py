"""Plays the day: the story on the left, what Kafka carries meanwhile on the right."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Literal

import httpx
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from deploy.cli.demo.day.scene import Scene
from deploy.cli.demo.day.step import Step
from deploy.local.announcements import read, reading
from shared.events import TOPICS

Language = Literal["id", "en"]

_ANSWER_S: Final = 20.0
_STRAGGLERS_S: Final = 1.5
STORY: Final = 58
"""Columns of the left side, which each line of the story fits."""


class Heard:
    """The events that came since somebody last asked."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: list[Text] = []

    async def listen(self, kafka: str, ready: asyncio.Event) -> None:
        """Take what comes on every topic, from now on, for ever."""
        async with reading(kafka, TOPICS) as reader:
            ready.set()
            while True:
                for record in await reader.poll():
                    if (said := read(record)) and not said.what.startswith("audit-block"):
                        self._lines.append(Text.assemble((said.what, "cyan"), f" {said.label}"))

    def take(self) -> list[Text]:
        """Give what came, and forget it."""
        lines, self._lines = self._lines, []
        return lines


async def play(
    steps: Sequence[Step],
    places: tuple[str, str],
    token: Callable[[str], str],
    console: Console,
    language: Language = "en",
) -> None:
    """Play the steps at the address and the Kafka of an ecosystem.

    Raises WentWrong when a step cannot be done.
    """
    url, kafka = places
    heard, ready = Heard(), asyncio.Event()
    listening = asyncio.create_task(heard.listen(kafka, ready))
    try:
        async with asyncio.timeout(_ANSWER_S):
            await ready.wait()
        async with httpx.AsyncClient(base_url=url, timeout=_ANSWER_S) as client:
            scene = Scene(client, token)
            for number, step in enumerate(steps, 1):
                await step.act(scene)
                console.print(_beside(line(number, step, language), heard.take()))
        await asyncio.sleep(_STRAGGLERS_S)
        console.print(_beside(Text(""), heard.take()))
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def line(number: int, step: Step, language: Language) -> Text:
    """The line of a step that is done."""
    told = step.indonesian if language == "id" else step.english
    return Text.assemble(("✓ ", "green"), (f"{number:2} ", "dim"), (f"{step.who}: ", "bold"), told)


def _beside(story: Text, events: list[Text]) -> Table:
    row = Table.grid(padding=(0, 2), expand=True)
    row.add_column(width=STORY)
    row.add_column(ratio=1, overflow="ellipsis", no_wrap=True)
    row.add_row(story, Group(*events))
    return row
