"""Every way in which somebody could send a person's data with a request, right or wrong."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import getitem
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from tests.authorization.call import Call
from tests.hostile.walk import Operation
from tests.support.sentinels import BY_KIND, OFFICE, Sentinel

PUBLIC: Final = frozenset({"trade_name"})
"""What everybody may read; who publishes it decides."""
OFFICE_TEXTS: Final = frozenset({
    "because", "indicator", "name", "note", "notes", "promise", "purpose", "reason", "summary",
    "text_version", "title", "value",
})  # fmt: skip
"""What an office writes in its own words: it is kept in its row, for those who may read that."""
_PERSONAL: Final = ("name", "nik", "npwp", "phone", "email", "address", "birth_date")
_PERSONS: Final = ("owner", "consultant", "contact", "attendee")
"""In the name of an operation on somebody whom a vault keeps."""
_ORGANISATIONS: Final = ("partner",)
"""In the name of an operation on a legal person, whose name is as public as a trade name."""
_HEADERS: Final = (
    "Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Forwarded",
    "Idempotency-Key", "If-Match", "If-None-Match", "Origin", "Range", "Referer", "User-Agent",
    "X-Forwarded-For", "X-Request-Id", "baggage", "traceparent", "tracestate",
)  # fmt: skip
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
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


@dataclass(frozen=True, slots=True)
class Asking:
    """An operation, a good call of it, and what a person's data is not written into."""

    name: str
    operation: Operation
    call: Call
    spared: Collection[str] = PUBLIC

    @property
    def kept(self) -> frozenset[str]:
        """The office's own texts here: a person's name is none."""
        return OFFICE_TEXTS - ({"name"} if self.about_a_person else set())

    @property
    def inward(self) -> frozenset[str]:
        """Those of them that may be on no topic: an organisation's name may."""
        of_organisation = any(word in self.name for word in _ORGANISATIONS)
        return self.kept - ({"name"} if of_organisation else set())

    @property
    def about_a_person(self) -> bool:
        """Whether it is about somebody whom a vault keeps."""
        return any(person in self.name for person in _PERSONS)

    def requests(self, words: Sequence[Sentinel], anyhow: Collection[Sentinel]) -> Iterator[Sent]:
        """A good request, with a person's data where it belongs, and then all the others.

        What is wrong in the same way with every operation (headers, media types, broken JSON) is
        sent with the words that may stand `anyhow`.
        """
        good = self._good()
        yield good
        yield from self._with_bodies(self._fields(OFFICE, self.inward))
        for sentinel in words:
            yield from _in_the_address(self.operation, good, sentinel)
            yield from self._with_bodies(self._fields(sentinel, None))
            if sentinel in anyhow:
                yield from self._in_the_headers(sentinel)
                yield from self._with_bodies(_bodies(sentinel))
                yield from _of_another_medium(good, sentinel)

    def _good(self) -> Sent:
        """As good as the first, and not a repetition of it."""
        call, headers = self.call, dict(self.call.headers)
        if "Idempotency-Key" in headers:
            headers["Idempotency-Key"] = str(uuid4())
        if call.json is None:
            return Sent("good", call.method, call.path, headers, call.content, good=True)
        headers["Content-Type"] = "application/json"
        content = json.dumps(self._json(personal=self.about_a_person)).encode()
        return Sent("good", call.method, call.path, headers, content, good=True)

    def _json(self, *, personal: bool = False) -> Any:  # noqa: ANN401 (JSON)
        """The body; two of one trade name would be taken for one enterprise."""
        if not isinstance(self.call.json, dict):
            return self.call.json
        anew = {"trade_name": f"Warung {uuid4()}"} if "trade_name" in self.call.json else {}
        fields = [name for name in _PERSONAL if personal and name in self.call.json]
        return self.call.json | anew | {name: BY_KIND[name].text for name in fields}

    def _fields(
        self, sentinel: Sentinel, into: Collection[str] | None
    ) -> Iterator[tuple[str, bytes]]:
        """A value in each of some fields, or in each that is not spared, however deep it is."""
        body = self._json()
        for place in _places(body):
            name = next((part for part in reversed(place) if isinstance(part, str)), "")
            wanted = name in into if into is not None else name not in {*self.spared, *self.kept}
            if wanted and not _is_as_good(sentinel, name, _at(body, place)):
                yield f"in {name}", json.dumps(_with(body, place, sentinel.text)).encode()
                if into is None:
                    deep = _with(body, place, {sentinel.text: [sentinel.text]})
                    yield f"deep in {name}", json.dumps(deep).encode()
        if isinstance(body, dict) and into is None:
            yield "too much", json.dumps(body | {sentinel.text: sentinel.text}).encode()
        if self.call.content is not None and into is None:
            # Not in its cells: a file is kept as it came until it is taken over (operating.md).
            yield "one column too many", sentinel.text.encode() + b"," + self.call.content

    def _with_bodies(self, bodies: Iterable[tuple[str, bytes]]) -> Iterator[Sent]:
        for name, content in bodies:
            yield replace(self._good(), name=f"body: {name}", content=content, good=False)

    def _in_the_headers(self, sentinel: Sentinel) -> Iterator[Sent]:
        word = sentinel.text.encode()
        traced = {
            "traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate": b"vendor=" + sentinel.words[0].encode(),
            "baggage": b"who=" + word,
        }
        bearer = {"Authorization": b"Bearer " + word}
        for strange in (*({name: word} for name in _HEADERS), bearer, traced):
            good = self._good()
            headers = {**good.headers, **strange}
            yield replace(good, name=f"header {[*strange]}", headers=headers, good=False)


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
    yield replace(good, name="no such address", path=f"{path}/{word}", good=False)
    yield replace(good, name="no such method", method="PROPFIND", path=f"/{word}", good=False)


def _of_another_medium(good: Sent, sentinel: Sentinel) -> Iterator[Sent]:
    content = json.dumps({sentinel.kind: sentinel.text}, ensure_ascii=False).encode()
    for media in (*_MEDIA, f"application/{sentinel.words[0]}"):
        headers = {**good.headers, "Content-Type": media.encode()}
        yield replace(good, name=media, content=content, headers=headers, good=False)


def _bodies(sentinel: Sentinel) -> Iterator[tuple[str, bytes]]:
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


def _places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 (JSON)
    """Where something stands in a body, from its outermost fields inward."""
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for part, each in inner:
        yield (*place, part)
        yield from _places(each, (*place, part))


def _is_as_good(sentinel: Sentinel, name: str, value: object) -> bool:
    """Whether it is a day like any other where a day is wanted that is nobody's birthday."""
    day = sentinel.kind == "birth_date" != name
    return day and isinstance(value, str) and bool(_DAY.fullmatch(value))


def _at(value: Any, place: tuple[str | int, ...]) -> object:  # noqa: ANN401 (JSON)
    return reduce(getitem, place, value)


def _with(value: Any, place: tuple[str | int, ...], new: object) -> Any:  # noqa: ANN401 (JSON)
    if not place:
        return new
    first, *rest = place
    copy = value.copy()
    copy[first] = _with(value[first], tuple(rest), new)
    return copy
