"""Pairs of small schemas, the second grown out of the first, and what each could say."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

_NAMES = ("a", "b", "c")
_WORDS = ("open", "closed", "lost")

# Far apart, so that a changed limit shows.
_LOW, _HIGH = st.sampled_from([0, 2]), st.sampled_from([3, 5])

_numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={"minimum": _LOW, "maximum": _HIGH},
)
_texts = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={"minLength": _LOW, "maxLength": _HIGH},
)
_enums = st.lists(st.sampled_from(_WORDS), min_size=1, unique=True).map(lambda w: {"enum": w})
_plain = _numbers | _texts | _enums | st.just({"type": "null"})


def _grown(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    lists = st.fixed_dictionaries(
        {"type": st.just("array"), "items": inner}, optional={"maxItems": st.integers(0, 2)}
    )
    forms = st.lists(inner, min_size=1, max_size=2).map(lambda found: {"anyOf": found})
    return lists | forms | _objects(inner)


@st.composite
def _objects(draw: st.DrawFn, inner: st.SearchStrategy[Schema]) -> Schema:
    properties = draw(st.dictionaries(st.sampled_from(_NAMES), inner))
    required = [name for name in properties if draw(st.booleans())]
    return {"type": "object", "properties": properties, "required": required}


_schemas: st.SearchStrategy[Schema] = _objects(st.recursive(_plain, _grown, max_leaves=4))


@st.composite
def schema_pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """A schema of objects, and what became of it by one change or two."""
    first = draw(_schemas)
    second = draw(_changed(first))
    return first, draw(_changed(second)) if draw(st.booleans()) else second


@st.composite
def _changed(draw: st.DrawFn, schema: Schema) -> Schema:
    """A schema with one thing changed, somewhere in it; an unlucky draw changes nothing."""
    if "anyOf" in schema:
        return {"anyOf": draw(_with_one_changed(schema["anyOf"]))}
    if "enum" in schema:
        return draw(_enums)
    if schema["type"] == "object":
        return draw(_changed_object(schema))
    if schema["type"] == "array" and draw(st.booleans()):
        return schema | {"items": draw(_changed(schema["items"]))}
    return draw(_changed_limit(schema))


@st.composite
def _changed_object(draw: st.DrawFn, schema: Schema) -> Schema:
    properties, required = dict(schema["properties"]), list(schema["required"])
    name = draw(st.sampled_from([*properties, "d"]))
    what = draw(st.sampled_from(["inside", "presence", "removed"]))
    if name not in properties:
        properties[name] = draw(_plain)
    elif what == "inside":
        properties[name] = draw(_changed(properties[name]))
    elif what == "removed":
        del properties[name]
    if (what == "presence" or name not in properties) and name in required:
        required.remove(name)
    elif what == "presence":
        required.append(name)
    return schema | {"properties": properties, "required": required}


@st.composite
def _with_one_changed(draw: st.DrawFn, forms: list[Schema]) -> list[Schema]:
    place = draw(st.integers(0, len(forms)))
    if place == len(forms):
        return [*forms, draw(_plain)]
    return [*forms[:place], draw(_changed(forms[place])), *forms[place + 1 :]]


@st.composite
def _changed_limit(draw: st.DrawFn, schema: Schema) -> Schema:
    limits = _LIMITS.get(schema["type"], {})
    if not limits or draw(st.integers(0, 3)) == 0:
        return draw(_plain)
    word = draw(st.sampled_from(sorted(limits)))
    kept = {key: value for key, value in schema.items() if key != word}
    return kept if draw(st.booleans()) else kept | {word: draw(limits[word])}


_LIMITS: dict[str, dict[str, st.SearchStrategy[int]]] = {
    "array": {"maxItems": st.integers(0, 2)},
    "integer": {"minimum": _LOW, "maximum": _HIGH},
    "number": {"minimum": _LOW, "maximum": _HIGH},
    "string": {"minLength": _LOW, "maxLength": _HIGH},
}


def an_instance(schema: Schema) -> st.SearchStrategy[Any]:
    """What a producer could say that goes by this schema: none but the properties it names."""
    if "anyOf" in schema:
        return st.one_of(*map(an_instance, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _OF_TYPE[schema["type"]](schema)


def _an_object(schema: Schema) -> st.SearchStrategy[Any]:
    parts = {name: an_instance(each) for name, each in schema["properties"].items()}
    must = {name: part for name, part in parts.items() if name in schema["required"]}
    may = {name: part for name, part in parts.items() if name not in must}
    return st.fixed_dictionaries(must, optional=may)


def _a_number(schema: Schema) -> st.SearchStrategy[Any]:
    least, most = schema.get("minimum", -9), schema.get("maximum", 9)
    extremes = st.sampled_from([least, most])
    return extremes if schema["type"] == "integer" else extremes | st.floats(least, most)


def _a_text(schema: Schema) -> st.SearchStrategy[Any]:
    lengths = st.sampled_from([schema.get("minLength", 0), schema.get("maxLength", 9)])
    return lengths.map(lambda length: "x" * length)


_OF_TYPE: dict[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "array": lambda s: st.lists(an_instance(s["items"]), max_size=s.get("maxItems", 3)),
    "integer": _a_number,
    "null": lambda _: st.none(),
    "number": _a_number,
    "object": _an_object,
    "string": _a_text,
}
