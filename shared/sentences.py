"""Words of our own that quote nothing anyone sent: the only ones that a log may hold as a whole."""


class Sentence(str):
    """A text that stands in our source, or is made of nothing else than such and of codes."""

    __slots__ = ()


class Spoken(Exception):
    """An error whose text is a sentence of ours; of every other error a log tells the class."""
