"""What every topic carries: the full public state of one aggregate, never anything personal."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.text import clean, measured, text_schema

TYPE_PREFIX = "id.sinergi"

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

    id: UUID

    @classmethod
    def event_type(cls, verb: str) -> str:
        """The CloudEvents type of a verb: `id.sinergi.registry.enterprise.closed.v1`.

        Raises ValueError for a verb that the topic does not have.
        """
        if verb not in cls.verbs:
            message = f"{cls.topic} has no verb {verb!r}; it has {', '.join(sorted(cls.verbs))}"
            raise ValueError(message)
        name, _, version = cls.topic.rpartition(".")
        return f"{TYPE_PREFIX}.{name}.{verb}.{version}"
