"""How a long piece of work says how far it is."""

from collections.abc import Callable

Tell = Callable[[str], None]
"""Takes a few words on what is being done now."""


def silently(_what: str) -> None:
    """Tell nobody."""
