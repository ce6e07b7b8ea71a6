"""Walks an operation: every place where a value can stand, with a hostile one put there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from tests.authorization.call import Call
from tests.hostile.corpus import JSON, TEXTS

_HERE: Final = "@here@"
_HEADERS: Final = ("If-Match", "If-None-Match", "Idempotency-Key", "Accept-Language", "Accept")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with one hostile value, and that value as text when it may not come back."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What OpenAPI says of an operation."""

    template: str
    described: Mapping[str, Any]
    body: Mapping[str, Any] | None

    @classmethod
    def of(cls, document: Mapping[str, Any], operation_id: str) -> "Operation":
        """Find it by its id."""
        for template, methods in document["paths"].items():
            for described in methods.values():
                if described.get("operationId") == operation_id:
                    return cls(template, described, _body(document, described))
        raise LookupError(operation_id)

    @property
    def statuses(self) -> frozenset[int]:
        """The statuses that are documented."""
        return frozenset(int(status) for status in self.described["responses"])

    def parameters(self, place: str) -> list[str]:
        """The names of the parameters in the query or the path."""
        said = self.described.get("parameters", [])
        return [parameter["name"] for parameter in said if parameter["in"] == place]


def attempts(operation: Operation, call: Call) -> Iterator[Attempt]:
    """Every hostile variant of a good call."""
    yield from _bodies(operation, call)
    yield from _queries(operation, call)
    yield from _paths(operation, call)
    yield from _headers(call)


def _bodies(operation: Operation, call: Call) -> Iterator[Attempt]:
    if operation.body is None:
        return
    known = [(name,) for name in operation.body.get("properties", {})]
    places = {(), *known, ("surprise",), *_leaves(call.json)}
    headers = {**call.headers, "Content-Type": "application/json"}
    for place in sorted(places, key=str):
        document = json.dumps(_with(call.json or {}, place)).encode()
        for hostile in JSON:
            content = document.replace(f'"{_HERE}"'.encode(), hostile.raw)
            name = f"body {'/'.join(map(str, place))}: {hostile.name}"
            text = TEXTS.get(hostile.name)
            yield Attempt(name, call.method, call.path, headers, content, text)


def _queries(operation: Operation, call: Call) -> Iterator[Attempt]:
    content = _content(call)
    path = call.path.partition("?")[0]
    for parameter in (*operation.parameters("query"), "surprise"):
        for name, text in TEXTS.items():
            query = f"{parameter}={_quoted(text)}"
            for label, asked in (("", query), (" twice", f"{query}&{query}")):
                title = f"query {parameter}{label}: {name}"
                address = f"{path}?{asked}"
                yield Attempt(title, call.method, address, call.headers, content, text)


def _paths(operation: Operation, call: Call) -> Iterator[Attempt]:
    segments = operation.template.split("/v1/")[-1].split("/")
    given = call.path.partition("?")[0].strip("/").split("/")
    content = _content(call)
    for index, segment in enumerate(segments):
        if segment.startswith("{"):
            for name, text in TEXTS.items():
                changed = [*given[:index], _quoted(text) or "%20", *given[index + 1 :]]
                path = "/" + "/".join(changed)
                yield Attempt(f"path: {name}", call.method, path, call.headers, content, text)


def _headers(call: Call) -> Iterator[Attempt]:
    content = _content(call)
    for header in _HEADERS:
        for name, text in TEXTS.items():
            if text.isascii() and text.isprintable():
                headers = {**call.headers, header: text}
                yield Attempt(f"{header}: {name}", call.method, call.path, headers, content, text)


def _content(call: Call) -> bytes | None:
    return call.content if call.json is None else json.dumps(call.json).encode()


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 (JSON)
    inner: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for name, each in inner:
        yield (*place, name)
        yield from _leaves(each, (*place, name))


def _with(value: Any, place: tuple[Any, ...]) -> Any:  # noqa: ANN401 (JSON)
    if not place:
        return _HERE
    name, *rest = place
    if isinstance(value, list):
        return [_with(each, tuple(rest)) if n == name else each for n, each in enumerate(value)]
    return {**value, name: _with(value.get(name), tuple(rest))}


def _body(document: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = described.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schema: Mapping[str, Any] = content["application/json"]["schema"]
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
