"""A step of the day: who does something, what they do in two languages, and how."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from deploy.cli.demo.day.scene import Scene


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story."""

    who: str
    english: str
    indonesian: str
    act: Callable[[Scene], Awaitable[object]]
