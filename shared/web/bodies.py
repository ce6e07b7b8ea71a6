"""Bodies in JSON, read strictly: what two readers could understand in two ways is refused."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final, get_args, get_origin

import orjson
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.refusals import Invalid, Malformed

DEEPEST: Final = 32
LONGEST_ARRAY: Final = 1_000
LONGEST_TEXT: Final = 10_000
"""Levels, members, characters; a field may set a narrower bound, a Command a wider one of texts."""
_LONGEST_NUMBER: Final = 40
_BOM: Final = b"\xef\xbb\xbf"
_HALF = re.compile("[\ud800-\udfff]")


def _as_json(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=lambda part: part.model_dump(mode="json"))
    except TypeError:
        raise ValueError("it cannot be written as JSON") from None


class Command(BaseModel):
    """What a client sends in a body; every part of it is a Command too.

    Types are those of JSON (RFC 8259), so "7", 7.0 and true are no whole number; ids and dates,
    which JSON does not have, are texts. A name that is not declared is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    longest_text: ClassVar[int] = LONGEST_TEXT
    """Characters; of the whole body, where it is the outermost."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: Any,  # noqa: ANN401 (pydantic's signature)
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Read everything as JSON, however it comes: only there a strict date may be a text."""
        schema = handler(source)
        to_json = core_schema.no_info_plain_validator_function(_as_json)
        read = core_schema.chain_schema([to_json, core_schema.json_schema(schema)])
        return core_schema.json_or_python_schema(json_schema=schema, python_schema=read)


class Lax(TypeError):
    """A body that would take more than is declared; the operation is not served."""


def refuse_lax(annotation: object) -> None:
    """Raise Lax unless a body's type is a Command whose parts are Commands and plain values."""
    if not (isinstance(annotation, type) and issubclass(annotation, Command)):
        message = f"the body {annotation!r} is no Command"
        raise Lax(message)
    for name, field in annotation.model_fields.items():
        for part in _parts(field.annotation):
            if part in (Any, object, dict):
                message = f"{annotation.__name__}.{name} takes whatever is sent"
                raise Lax(message)
            if isinstance(part, type) and issubclass(part, BaseModel):
                refuse_lax(part)


def read(body: bytes, longest_text: int = LONGEST_TEXT) -> Any:  # noqa: ANN401 (JSON may be anything)
    """Read JSON in UTF-8.

    Raises Malformed for what is no JSON, or too deep, or names a member twice; Invalid for a
    number that nobody can hold, half a character, and for arrays and texts that are too long.
    """
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_members,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_held,
        )
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    except ValueError:
        raise Malformed("The body is not JSON.") from None
    _measure(value, 1, longest_text)
    return value


def begins_with_a_mark(body: bytes) -> bool:
    """Whether a byte order mark comes first, which JSON does not have (RFC 8259, 8.1)."""
    return body.startswith(_BOM)


def _parts(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 (an annotation may be anything)
    yield get_origin(annotation) or annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Malformed("A name stands twice in one object of the body.")
    return members


def _no_number(_: str) -> float:
    raise Malformed("The body is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Invalid("A number in the body is too large.")
    return number


def _held(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise Malformed("A number in the body has too many digits.")
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise Invalid("A number in the body is too large.")
    return number


def _measure(value: object, depth: int, longest: int) -> None:
    if isinstance(value, str):
        _measure_text(value, longest)
    elif isinstance(value, list):
        _measure_members(value, depth, longest)
    elif isinstance(value, dict):
        for name in value:
            _measure_text(name, longest)
        _measure_members(list(value.values()), depth, longest)


def _measure_members(members: list[Any], depth: int, longest: int) -> None:
    if depth > DEEPEST:
        raise Malformed("The body is nested too deeply.")
    if len(members) > LONGEST_ARRAY:
        raise Invalid("An array or object of the body has more than 1,000 members.")
    for member in members:
        _measure(member, depth + 1, longest)


def _measure_text(text: str, longest: int) -> None:
    if len(text) > longest:
        sentence = "A text in the body has more than {longest} characters."
        raise Invalid(sentence, longest=longest)
    if _HALF.search(text):
        raise Invalid("A text in the body has half of a character (a lone surrogate).")
