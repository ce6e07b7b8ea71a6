"""What every topic carries: the full public state of one aggregate, never anything personal."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.text import clean, measured, text_schema

TYPE_PREFIX = "id.sinergi"
RETRACTED: Final = "retracted"
"""The verb that takes back an aggregate that a restored log never knew (docs/decisions/0015).

It has no data, so no model publishes it and no schema of data names it.
"""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes the data of one release into that of the next: a pure function, run before it is read."""

TradeName = Annotated[str, AfterValidator(clean), measured(1, 120), text_schema(1, 120)]
"""The name a business trades under: the one free text that may go on a topic."""


ShortCode = Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9-]{0,11}$")]
"""A code that an office gives a thing of its own, such as R-201; too short to be personal."""

KbliPrefix = Annotated[str, Field(strict=True, pattern=r"^[0-9]{1,5}$")]
"""The beginning of a KBLI code: a division, a group or one activity."""


class State(BaseModel):
    """The public state of an aggregate after a change.

    Readers ignore fields they do not know, so a version may gain optional fields and nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[str]
    verbs: ClassVar[frozenset[str]]
    release: ClassVar[int] = 1
    """The number of the released schema that this model speaks."""
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}
    """By the release that each takes. Where a default will do for a new field, none is needed."""
    sunset: ClassVar[date | None] = None
    """The day from which nothing is said here any more, for another topic took its place."""
    retractable: ClassVar[bool] = True
    """Whether a restore takes back what the backup does not know of."""

    id: UUID

    @classmethod
    def event_type(cls, verb: str) -> str:
        """The CloudEvents type of a verb: `id.sinergi.registry.enterprise.closed.v1`.

        Raises ValueError for a verb that the topic does not have.
        """
        if verb not in cls.verbs:
            message = f"{cls.topic} has no verb {verb!r}; it has {', '.join(sorted(cls.verbs))}"
            raise ValueError(message)
        return _type(cls.topic, verb)

    @classmethod
    def retraction(cls) -> str:
        """The type of the tombstone that takes one back."""
        return _type(cls.topic, RETRACTED)

    @classmethod
    def types(cls) -> dict[str, str]:
        """Each verb that may be met on the topic, with its type."""
        told = {verb: cls.event_type(verb) for verb in sorted(cls.verbs)}
        return told | {RETRACTED: cls.retraction()} if cls.retractable else told

    @classmethod
    def read(cls, text: str | bytes, release: int) -> Self:
        """Read the data of an event as the release of the topic's schema that it was written by.

        Raises ValidationError for data that does not fit, and whatever an upcaster raises that
        meets data it cannot take.
        """
        if release < cls.release and cls.upcasters:
            data = orjson.loads(text)
            for number in range(release, cls.release):
                if step := cls.upcasters.get(number):
                    data = step(data)
            text = orjson.dumps(data)
        return cls.model_validate_json(text)


def _type(topic: str, verb: str) -> str:
    name, _, version = topic.rpartition(".")
    return f"{TYPE_PREFIX}.{name}.{verb}.{version}"


def schema_address(topic: str, release: int) -> str:
    """Where the schema of a topic is published, release by release; none changes ever after."""
    return f"https://sinergi.id/schemas/{topic}/{release}.json"
