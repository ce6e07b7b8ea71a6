"""Query strings, read strictly: each parameter once, none that is unknown, numbers in digits."""

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, get_args
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from shared.instants import FROM_TEXT
from shared.refusals import Malformed

_MOST: Final = 50
_DIGITS = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_LAX: Final = (int, float, bool, Decimal, datetime, date, time, timedelta)
"""Types of which pydantic takes many spellings from a text."""


def _whole(text: object) -> object:
    if isinstance(text, str) and not _DIGITS.fullmatch(text):
        raise PydanticCustomError("int_parsing", "This must be a whole number, written in digits")
    return text


_WHOLE: Final = BeforeValidator(_whole)
Whole = Annotated[int, _WHOLE]
"""A whole number in a query or a path: ASCII digits, no sign but a minus, nothing around it."""


class LaxParameter(TypeError):
    """A parameter that would take a value in spellings that nobody has declared."""


def parameters(dependant: Dependant) -> Iterator[str]:
    """Yield the names of an operation's query parameters.

    Raises LaxParameter for one whose type is read from a text in more ways than one.
    """
    for field in dependant.query_params:
        parts = {*_parts(field.field_info.annotation), *field.field_info.metadata}
        if parts & {*_LAX} and not parts & {_WHOLE, FROM_TEXT}:
            message = f"the parameter {field.alias} has many spellings; make it Whole or Instant"
            raise LaxParameter(message)
        yield field.alias
    for inner in dependant.dependencies:
        yield from parameters(inner)


def refuse_strangers(query: bytes, known: Collection[str]) -> None:
    """Raise Malformed for a query with an unknown parameter, or one that is given twice."""
    try:
        given = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST
        )
    except ValueError:
        raise Malformed("The query is not in UTF-8, percent-encoded.") from None
    names = [name for name, _ in given]
    if {*names} - {*known}:
        raise Malformed("The query has a parameter that this operation does not know.")
    for name in known:
        if names.count(name) > 1:
            raise Malformed("The parameter `{name}` may be given once.", name=name)


def _parts(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 (an annotation may be anything)
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)
