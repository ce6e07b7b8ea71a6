"""Pairs of small schemas, the second often grown out of the first, and what each could say."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

_NAMES = ("a", "b", "c")
_WORDS = ("open", "closed", "lost")

_numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={"minimum": st.integers(0, 2), "maximum": st.integers(3, 5)},
)
_texts = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={"minLength": st.integers(0, 2), "maxLength": st.integers(3, 5)},
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
    """Two schemas of objects."""
    first = draw(_schemas)
    return first, draw(_schemas | _grown_out_of(first))


@st.composite
def _grown_out_of(draw: st.DrawFn, schema: Schema) -> Schema:
    more = draw(st.dictionaries(st.sampled_from([*_NAMES, "d"]), _plain, max_size=2))
    if draw(st.booleans()):
        more |= schema["properties"]
    return schema | {"properties": schema["properties"] | more}


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
    whole = st.integers(schema.get("minimum"), schema.get("maximum"))
    if schema["type"] == "integer":
        return whole
    least, most = schema.get("minimum"), schema.get("maximum")
    return whole | st.floats(least, most, allow_nan=False, allow_infinity=False)


_OF_TYPE: dict[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "array": lambda s: st.lists(an_instance(s["items"]), max_size=s.get("maxItems", 3)),
    "integer": _a_number,
    "null": lambda _: st.none(),
    "number": _a_number,
    "object": _an_object,
    "string": lambda s: st.text("xyz", min_size=s.get("minLength", 0), max_size=s.get("maxLength")),
}
