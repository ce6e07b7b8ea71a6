"""Whether all that is said by one JSON Schema is expected by another, and if not, where.

It judges the part of JSON Schema that state models make and subscribers write. What it cannot
judge it refuses, so that a silence can be relied on. What is said holds no properties but those
its schema names; what is expected may leave them unread.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from deploy.checks.schema_meaning import Schema

_LEAST = ("minLength", "minItems", "minimum", "exclusiveMinimum")
_MOST = ("maxLength", "maxItems", "maximum", "exclusiveMaximum")
_SAME = ("format", "pattern", "multipleOf", "uniqueItems")
_JUDGED = frozenset(
    {"additionalProperties", "anyOf", "const", "enum", "items", "properties", "required", "type"}
    | {*_LEAST, *_MOST, *_SAME}
)
_ALL_TYPES = frozenset({"array", "boolean", "null", "number", "object", "string"})


@dataclass(frozen=True)
class Misfit:
    """What is said and not expected, and the JSON Pointer to where the schemas part."""

    pointer: str
    what: str


def misfits(said: Schema, expected: Schema, *, may_gain: bool = False) -> Iterator[Misfit]:
    """Compare two meanings; with `may_gain`, properties may be expected that are not said yet."""
    return _Comparison(may_gain=may_gain).of(said, expected, "")


@dataclass(frozen=True)
class _Comparison:
    may_gain: bool

    def of(self, said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
        """Walk both side by side."""
        if "anyOf" in said:
            rest = {key: value for key, value in said.items() if key != "anyOf"}
            for n, form in enumerate(said["anyOf"]):
                yield from self.of(rest | form, expected, f"{at}/anyOf/{n}")
        elif "anyOf" in expected:
            yield from self._any_form(said, expected, at)
        elif (values := _values(said)) is not None:
            yield from _unexpected_values(values, expected, at)
        else:
            yield from _unjudged(said, expected, at)
            yield from _unexpected_plain(said, expected, at)
            yield from self._items(said, expected, at)
            yield from self._properties(said, expected, at)

    def _any_form(self, said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
        rest = {key: value for key, value in expected.items() if key != "anyOf"}
        if any(rest.keys() & form.keys() for form in expected["anyOf"]):
            yield Misfit(
                f"{at}/anyOf", "cannot be judged: a keyword stands in a form and beside it"
            )
            return
        forms = [[*self.of(said, rest | form, at)] for form in expected["anyOf"]]
        yield from min(forms, key=len)

    def _items(self, said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
        if "items" in expected and "array" in _types(said):
            yield from self.of(said.get("items", {}), expected["items"], f"{at}/items")

    def _properties(self, said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
        if "object" not in _types(said):
            return
        there, wanted = said.get("properties", {}), expected.get("properties", {})
        yield from self._required(said, expected, at)
        for name, schema in wanted.items():
            where = f"{at}/properties/{name.replace('~', '~0').replace('/', '~1')}"
            if name in there:
                yield from self.of(there[name], schema, where)
            elif not self.may_gain:
                yield Misfit(where, "is not there")
        if expected.get("additionalProperties") is False:
            for name in there.keys() - wanted.keys():
                yield Misfit(f"{at}/additionalProperties", f"`{name}` is there")

    def _required(self, said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
        for name in {*expected.get("required", ())} - {*said.get("required", ())}:
            if name in said.get("properties", {}):
                yield Misfit(f"{at}/required", f"`{name}` may be absent")
            elif self.may_gain or name not in expected.get("properties", {}):
                yield Misfit(f"{at}/required", f"`{name}` is not there")


def _values(schema: Schema) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _unexpected_values(values: list[Any], expected: Schema, at: str) -> Iterator[Misfit]:
    validator = Draft202012Validator(expected)
    where = f"{at}/enum" if _values(expected) is not None else at
    for value in values:
        if not validator.is_valid(value):
            yield Misfit(where, f"may be {orjson.dumps(value).decode()}")


def _unjudged(said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
    for schema in (said, expected):
        for keyword in schema.keys() - _JUDGED:
            yield Misfit(f"{at}/{keyword}", "cannot be judged: this keyword is not known here")
        if not isinstance(schema.get("additionalProperties", True), bool):
            yield Misfit(f"{at}/additionalProperties", "cannot be judged: it is a schema")


def _unexpected_plain(said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
    if other := _types(said) - _types(expected):
        yield Misfit(f"{at}/type", f"may be of type {', '.join(sorted(other))}")
    if (values := _values(expected)) is not None:
        told = ", ".join(orjson.dumps(value).decode() for value in values)
        yield Misfit(f"{at}/enum", f"may be other than {told}")
    yield from _unexpected_form(said, expected, at)


def _unexpected_form(said: Schema, expected: Schema, at: str) -> Iterator[Misfit]:
    for keyword in _SAME:
        limit = expected.get(keyword)
        if limit not in (None, False, said.get(keyword)):
            yield Misfit(f"{at}/{keyword}", f"may be other than {orjson.dumps(limit).decode()}")
    for keyword in _LEAST:
        limit = expected.get(keyword)
        if limit is not None and said.get(keyword, -inf) < limit:
            yield Misfit(f"{at}/{keyword}", f"may be below {limit}")
    for keyword in _MOST:
        limit = expected.get(keyword)
        if limit is not None and said.get(keyword, inf) > limit:
            yield Misfit(f"{at}/{keyword}", f"may be beyond {limit}")


def _types(schema: Schema) -> frozenset[str]:
    """The types that a value may have; a whole number is a number, but not the other way round."""
    named = schema.get("type", [*_ALL_TYPES])
    types = frozenset([named] if isinstance(named, str) else named)
    return types | {"integer"} if "number" in types else types
