"""Tells a client which value breaks which rule, in words of ours: pydantic's may repeat it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from fastapi.exceptions import RequestValidationError
from pydantic_core.core_schema import ErrorType

from shared.web.languages import Language, said, sentence_behind

_MOST: Final = 50
"""Errors that are told of; who has more has sent something else altogether."""
_BUILT_IN: Final = frozenset(get_args(ErrorType))
_OTHER: Final = "value_error"

REFUSALS: Final[Mapping[str, str]] = {
    "missing": "This is needed and was not given",
    "extra_forbidden": "A name stands here that this operation does not know",
    "model_type": "This must be a JSON object",
    "string_type": "This must be a text",
    "string_too_short": "At least {min_length} characters",
    "string_too_long": "At most {max_length} characters",
    "string_pattern_mismatch": "This must match the pattern {pattern}",
    "int_type": "This must be a whole number",
    "int_parsing": "This must be a whole number, written in digits",
    "int_parsing_size": "This number is too large",
    "float_type": "This must be a number",
    "finite_number": "This must be a number with an end",
    "bool_type": "This must be true or false",
    "bool_parsing": "This must be true or false",
    "greater_than": "More than {gt}",
    "greater_than_equal": "At least {ge}",
    "less_than": "Less than {lt}",
    "less_than_equal": "At most {le}",
    "list_type": "This must be a JSON array",
    "tuple_type": "This must be a JSON array",
    "set_type": "This must be a JSON array",
    "frozen_set_type": "This must be a JSON array",
    "too_short": "At least {min_length} items",
    "too_long": "At most {max_length} items",
    "literal_error": "One of {expected}",
    "enum": "One of {expected}",
    "date_type": "A date is a text like 2026-11-24",
    "date_parsing": "A date is a text like 2026-11-24",
    "date_from_datetime_parsing": "A date is a text like 2026-11-24",
    "time_type": "A time is a text like 08:30",
    "time_parsing": "A time is a text like 08:30",
    "datetime_type": "An instant is a text like 2026-11-24T08:30:00+07:00",
    "datetime_parsing": "An instant is a text like 2026-11-24T08:30:00+07:00",
    "datetime_from_date_parsing": "An instant is a text like 2026-11-24T08:30:00+07:00",
    "timezone_aware": "An instant needs its zone, like +07:00",
    "uuid_type": "An id is a text like 01a20d0a-276a-75f6-bbfc-5dd73a8e1c29",
    "uuid_parsing": "An id is a text like 01a20d0a-276a-75f6-bbfc-5dd73a8e1c29",
    "decimal_type": "This must be a decimal number",
    "decimal_parsing": "This must be a decimal number",
    _OTHER: "This value is not one that can be taken here",
}
"""What each kind of error of pydantic's is called by us; the last is for all others."""


def told(error: RequestValidationError, language: Language) -> list[dict[str, str]]:
    """The broken rules, each with where it is, its code and what to do about it."""
    found = error.errors()[:_MOST]
    return [_place(rule, error.body) | _rule(rule, language) for rule in found]


def _rule(rule: Mapping[str, Any], language: Language) -> dict[str, str]:
    code, facts = rule["type"], rule.get("ctx", {})
    if code in _BUILT_IN:
        sentence = REFUSALS.get(code, REFUSALS[_OTHER])
        facts = facts | {"expected": str(facts.get("expected")).replace(" or ", ", ")}
    else:
        sentence = sentence_behind(rule["msg"], facts)
    return {"code": code, "detail": said(sentence, language, facts)}


def _place(rule: Mapping[str, Any], body: object) -> dict[str, str]:
    where, *path = rule["loc"]
    if where != "body":
        return {"parameter": str(path[-1])}
    if rule["type"] == "extra_forbidden":
        path.pop()  # the name of what we do not know is the client's own words
    return {"pointer": _pointer(path, body, missing=rule["type"] == "missing")}


def _pointer(path: Sequence[str | int], body: object, *, missing: bool) -> str:
    """The JSON pointer (RFC 6901) of a place; "" is the whole.

    Pydantic's own steps, such as the member of a union it tried, are not in what was sent, and
    are left out here.
    """
    pointer = ""
    for number, step in enumerate(path, start=1):
        inside, body = _step(body, step)
        if inside or (missing and number == len(path)):
            pointer += "/" + str(step).replace("~", "~0").replace("/", "~1")
    return pointer


def _step(body: Any, step: str | int) -> tuple[bool, object]:  # noqa: ANN401 (JSON may be anything)
    """Whether the step leads anywhere, and where; a step that does not leaves us where we are."""
    if isinstance(body, list):
        inside = isinstance(step, int) and step < len(body)
    else:
        inside = isinstance(body, dict) and step in body
    return inside, body[step] if inside else body
