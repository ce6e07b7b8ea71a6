"""What a JSON Schema demands, without the words that only explain it."""

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_WORDING = frozenset(
    {"$comment", "$defs", "$id", "$schema", "default", "deprecated", "description", "examples"}
    | {"title"}
)

_VALUES = frozenset({"const", "enum", "required"})


def meaning(schema: Schema) -> dict[str, Any]:
    """A schema with its references in place, and without wording and words of others (`x-...`).

    Raises ValueError for `true` and `false` in place of a schema, and for a reference that leads
    outside or back to itself, or stands where none is followed.
    """
    return _Reader(schema).read(schema, ())


class _Reader:
    def __init__(self, root: Any) -> None:  # noqa: ANN401 (JSON)
        self._parts: Schema = root.get("$defs", {}) if isinstance(root, Mapping) else {}

    def read(self, schema: Any, within: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 (JSON)
        if not isinstance(schema, Mapping):
            raise ValueError("a schema is no object")  # noqa: TRY004 (so it is told of any other)
        if "$ref" not in schema:
            return {
                keyword: self._value(keyword, value, within)
                for keyword, value in schema.items()
                if keyword not in _WORDING and not keyword.startswith("x-")
            }
        kind, _, name = str(schema["$ref"]).rpartition("/")
        if kind != "#/$defs" or name in within or name not in self._parts:
            raise ValueError(f"the reference {schema['$ref']} leads outside or back to itself")
        beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        return self.read(self._parts[name] | beside, (*within, name))

    def _value(self, keyword: str, value: Any, within: tuple[str, ...]) -> Any:  # noqa: ANN401 (JSON)
        if keyword == "properties":
            return {name: self.read(each, within) for name, each in value.items()}
        if keyword == "anyOf":
            return [self.read(each, within) for each in value]
        if keyword == "items":
            return self.read(value, within)
        if keyword not in _VALUES and '"$ref"' in json.dumps(value):
            raise ValueError(f"a reference within {keyword} is not followed")
        return value
