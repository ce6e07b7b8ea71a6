"""Every way in which somebody could send a person's data with a request, right or wrong."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from tests.authorization.call import Call
from tests.hostile.walk import Operation
from tests.support.sentinels import BY_KIND, Sentinel

_FIELDS: Final = {
    "name": "name",
    "nik": "nik",
    "npwp": "nik",
    "phone": "phone",
    "email": "email",
    "address": "address",
    "birth_date": "birth_date",
}
"""The fields of a person, each with the kind of sentinel that it takes."""

_HEADERS: Final = (
    "Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Forwarded",
    "Idempotency-Key", "If-Match", "If-None-Match", "Origin", "Range", "Referer", "User-Agent",
    "X-Forwarded-For", "X-Request-Id", "baggage", "traceparent", "tracestate",
)  # fmt: skip
_MEDIA: Final = (
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "text/csv",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request; `good` when nothing is wrong with it."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    content: bytes | None = None
    good: bool = False


def requests(
    operation: Operation,
    call: Call,
    words: Sequence[Sentinel],
    public: Collection[str],
    everything: bool,  # noqa: FBT001 (named at its one call)
) -> Iterator[Sent]:
    """A good request, with a person's data where it belongs, and then all the others.

    Nothing is written into the fields that are `public`. Unless it is to be `everything`, what is
    wrong in the same way with every operation is left out: headers, media types, broken JSON.
    """
    media = {} if call.json is None else {"Content-Type": "application/json"}
    headers = {**call.headers, **media}
    good = Sent("good", call.method, call.path, headers, _content(call), good=True)
    yield good
    named = call.json.keys() - public if isinstance(call.json, dict) else ()
    for sentinel in words:
        yield from _in_the_address(operation, good, sentinel)
        yield from _with_body(good, _fields(call, sentinel, named))
        if everything:
            yield from _in_the_headers(good, sentinel)
            yield from _with_body(good, _bodies(call, sentinel))
            yield from _of_another_medium(good, sentinel)


def _content(call: Call) -> bytes | None:
    return call.content if call.json is None else json.dumps(_personal(call.json)).encode()


def _personal(value: Any, name: str = "") -> Any:  # noqa: ANN401 (JSON)
    """The same, with the sentinels in the fields of a person."""
    if isinstance(value, dict):
        return {key: _personal(each, key) for key, each in value.items()}
    if isinstance(value, str) and name in _FIELDS:
        return BY_KIND[_FIELDS[name]].text
    return value


def _in_the_address(operation: Operation, good: Sent, sentinel: Sentinel) -> Iterator[Sent]:
    word = quote(sentinel.text, safe="")
    path, _, query = good.path.partition("?")
    for name in (*operation.parameters("query"), word):
        others = "&".join(part for part in query.split("&") if part and f"{name}=" not in part)
        yield replace(good, name=f"query {name}", path=f"{path}?{others}&{name}={word}", good=False)
    segments = operation.template.partition("/v1/")[2].split("/")
    given = path.strip("/").split("/")
    for index, segment in enumerate(segments):
        if segment.startswith("{"):
            other = "/".join((*given[:index], word, *given[index + 1 :]))
            yield replace(good, name=f"path {segment}", path=f"/{other}", good=False)
    yield replace(good, name="an address that is none", path=f"{path}/{word}", good=False)
    yield replace(
        good, name="a method that is none", method="PROPFIND", path=f"/{word}", good=False
    )


def _in_the_headers(good: Sent, sentinel: Sentinel) -> Iterator[Sent]:
    word = sentinel.text.encode()
    bearer = {"Authorization": b"Bearer " + word}
    state = {"tracestate": b"vendor=" + sentinel.words[0].encode(), "baggage": b"who=" + word}
    state["traceparent"] = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for headers in (*({name: word} for name in _HEADERS), bearer, state):
        (name, *_) = headers
        yield replace(
            good, name=f"header {name}", headers={**_fresh(good.headers), **headers}, good=False
        )


def _fresh(headers: Mapping[str, str | bytes]) -> Mapping[str, str | bytes]:
    """The same headers for one more attempt at making something."""
    key = "Idempotency-Key"
    return {**headers, key: str(uuid4())} if key in headers else headers


def _with_body(good: Sent, bodies: Iterable[tuple[str, bytes]]) -> Iterator[Sent]:
    for name, content in bodies:
        headers = _fresh(good.headers)
        yield replace(good, name=f"body: {name}", content=content, headers=headers, good=False)


def _of_another_medium(good: Sent, sentinel: Sentinel) -> Iterator[Sent]:
    content = json.dumps({sentinel.kind: sentinel.text}, ensure_ascii=False).encode()
    for media in (*_MEDIA, f"application/{sentinel.words[0]}"):
        headers = {**good.headers, "Content-Type": media.encode()}
        yield replace(good, name=media, content=content, headers=headers, good=False)


def _bodies(call: Call, sentinel: Sentinel) -> Iterator[tuple[str, bytes]]:
    word = json.dumps(sentinel.text)
    for name, content in (
        ("a text", word),
        ("a list", f"[{word}]"),
        ("a name that is none", f"{{{word}: {word}}}"),
        ("no number", f'{{"x": NaN, "y": {word}}}'),
        ("a half character", f'{{"x": "\\ud800 {sentinel.text}"}}'),
        ("cut", f'{{"x": {word}'),
    ):
        yield name, content.encode()
    yield "no UTF-8", b'{"x": "\xff' + sentinel.text.encode() + b'"}'
    yield "UTF-16", f'{{"x": {word}}}'.encode("utf-16")
    # Not in its cells: a file is kept as it came until it is taken over (docs/operating.md).
    if call.content is not None:
        yield "one column too many", sentinel.text.encode() + b"," + call.content


def _fields(call: Call, sentinel: Sentinel, named: Collection[str]) -> Iterator[tuple[str, bytes]]:
    for key in sorted(named):
        for value in (sentinel.text, [sentinel.text], {sentinel.text: sentinel.text}):
            yield f"in {key}", json.dumps({**call.json, key: value}).encode()
    if named:
        strange = {**call.json, sentinel.text: sentinel.text}
        yield "one field too many", json.dumps(strange).encode()
