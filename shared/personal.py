"""Values about a person, which show themselves masked wherever they would be printed.

A value is read and checked once, at the edge, and wrapped from then on. `str`, `repr`, a format
and a log line give stars; an answer in JSON gives the mask; only `reveal` gives the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

HIDDEN = "***"
"""What stands for a text, or a part of one, that is not shown."""


class Personal:
    """A text about a person; a subclass says how it is read (`parse`) and how it is masked.

    It is no `str`, so that nothing which takes one can print it by accident.
    """

    __slots__ = ("_text",)

    written: ClassVar[Mapping[str, object]] = {}
    """What JSON Schema says of the text as it is sent."""

    def __init__(self, text: str) -> None:
        """Wrap a text that `parse` has accepted before."""
        self._text = text

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what was sent; raise ValueError, with a sentence that does not repeat it."""
        return cls(text)

    def reveal(self) -> str:
        """Give the text itself."""
        return self._text

    def masked(self) -> str:
        """Give what anyone who may see the person may see of it."""
        return HIDDEN

    def __repr__(self) -> str:
        return f"{type(self).__name__}({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, _: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash((type(self), self._text))

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        message = "something personal is neither pickled nor copied"
        raise TypeError(message)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, __: GetCoreSchemaHandler) -> CoreSchema:
        masking = core_schema.plain_serializer_function_ser_schema(
            cls._written, info_arg=True, return_schema=core_schema.any_schema()
        )
        return core_schema.no_info_wrap_validator_function(
            cls._read, core_schema.str_schema(strict=True), serialization=masking
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string"} | ({} if handler.mode == "serialization" else dict(cls.written))

    def _written(self, how: SerializationInfo) -> object:
        return self.masked() if how.mode_is_json() else self

    @classmethod
    def _read(cls, value: object, text: core_schema.ValidatorFunctionWrapHandler) -> Self:
        return value if isinstance(value, cls) else cls.parse(text(value))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be right and deserves a second look; it refuses nothing."""

    code: str
    sentence: str
