"""A body is JSON that everyone reads alike, of the types that are declared, or it is refused."""

import gzip
import json
from collections.abc import AsyncIterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st

from shared.access.web import CurrentActor
from shared.instants import Instant
from shared.refusals import Invalid, Malformed
from shared.web.bodies import Command, read
from shared.web.operations import Operation
from tests.support.ecosystem import Ecosystem
from tests.support.planted import NIK, is_problem, planted

ID = "01a20d0a-276a-75f6-bbfc-5dd73a8e1c29"

router = APIRouter(route_class=Operation)


class Colour(StrEnum):
    """A choice."""

    RED = "red"


class Part(Command):
    """A part of a thing."""

    size: int


class Thing(Command):
    """One field of each type that a body may have."""

    number: int = 0
    amount: float = 0
    yes: bool = False
    text: str = ""
    id: UUID | None = None
    day: date | None = None
    at: Instant | None = None
    colour: Colour | None = None
    part: Part | int | None = None
    parts: tuple[Part, ...] = ()


@router.post("/things")
async def make(_: CurrentActor, thing: Thing) -> dict[str, Any]:
    """Say what was understood."""
    return thing.model_dump(mode="json", exclude_defaults=True)


@pytest.fixture
async def client(registry: Ecosystem, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that makes things."""
    async with planted(registry, router, tmp_path) as made:
        yield made


async def _send(client: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    given = {"content_type": "application/json"} | headers
    named = {name.replace("_", "-"): value for name, value in given.items()}
    return await client.post("/things", content=body, headers=named)


async def test_what_is_declared_is_taken(client: httpx.AsyncClient) -> None:
    thing = {
        "number": 7,
        "amount": 1.5,
        "yes": True,
        "text": "Kopi",
        "id": ID,
        "day": "2026-11-24",
        "at": "2026-11-24T08:30:00+07:00",
        "colour": "red",
        "part": {"size": 1},
        "parts": [{"size": 2}, {"size": 3}],
    }

    answer = await client.post("/things", json=thing)

    assert (answer.status_code, answer.json()) == (200, thing)


LAX = [
    ("number", "true"), ("number", '"7"'), ("number", "7.0"), ("number", "7e0"),
    ("amount", '"1.5"'), ("amount", "true"),
    ("yes", '"true"'), ("yes", "1"), ("yes", '"yes"'),
    ("text", "7"), ("text", "true"), ("text", "null"),
    ("id", "7"), ("id", f'["{ID}"]'),
    ("day", "20261124"), ("day", '"20261124"'), ("day", '"2026-02-30"'),
    ("day", '"2026-11-24T00:00:00Z"'), ("day", '"1764000000"'),
    ("at", "1764000000"), ("at", '"1764000000"'), ("at", '"2026-11-24"'),
    ("at", '"2026-11-24T08:30:00"'), ("at", '"2026-11-24T08:30:00+24:00"'),
    ("at", '"2026-11-24T23:59:60Z"'), ("at", '"0001-01-01T00:00:00Z"'),
    ("colour", "0"), ("colour", '"RED"'),
    ("parts", '{"size": 1}'), ("parts", '"size"'),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), LAX)
async def test_a_value_of_another_type_is_422(
    client: httpx.AsyncClient, field: str, value: str
) -> None:
    answer = await _send(client, f'{{"{field}": {value}}}'.encode())

    assert is_problem(answer, 422, "/problems/invalid")
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{field}"}


UNREADABLE = {
    "cut": (400, b'{"text": "'),
    "two values": (400, b"{} {}"),
    "not UTF-8": (400, b'{"text": "\xff"}'),
    "UTF-16": (400, '{"text": "a"}'.encode("utf-16-le")),
    "NaN": (400, b'{"amount": NaN}'),
    "Infinity": (400, b'{"amount": -Infinity}'),
    "too large for anything": (422, b'{"amount": 1e400}'),
    "too large for a column": (422, b'{"number": 9223372036854775808}'),
    "5,000 digits": (400, b'{"number": ' + b"9" * 5_000 + b"}"),
    "half a character": (422, b'{"text": "\\ud800"}'),
    "half a character in a name": (422, b'{"\\udfff": 1}'),
    "a name twice": (400, f'{{"text": "a", "text": "{NIK}"}}'.encode()),
    "a name twice within": (400, b'{"part": {"size": 1, "size": 1}}'),
    "a name twice, escaped": (400, b'{"text": "a", "te\\u0078t": "b"}'),
    "33 levels": (400, b'{"part":' * 33 + b"1" + b"}" * 33),
    "100,000 levels": (400, b"[" * 100_000),
    "1,001 members": (422, json.dumps({"parts": [1] * 1_001}).encode()),
    "10,001 characters": (422, json.dumps({"text": "a" * 10_001}).encode()),
    "a comment": (400, b'{"number": 1 /* one */}'),
    "a comma too many": (400, b'{"number": 1,}'),
    "single quotes": (400, b"{'number': 1}"),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_what_two_could_read_in_two_ways_is_refused(
    client: httpx.AsyncClient, case: str
) -> None:
    status, body = UNREADABLE[case]

    answer = await _send(client, body)

    kind = {400: "/problems/malformed", 422: "/problems/invalid"}[status]
    assert is_problem(answer, status, kind)


MEDIA = {
    "none": {"content_type": ""},
    "a form": {"content_type": "application/x-www-form-urlencoded"},
    "text": {"content_type": "text/plain"},
    "another JSON": {"content_type": "application/merge-patch+json"},
    "another charset": {"content_type": "application/json; charset=utf-16"},
    "an invented charset": {"content_type": "application/json; charset=utf-7"},
    "compressed": {"content_encoding": "gzip"},
}


@pytest.mark.parametrize("case", MEDIA)
async def test_a_body_in_another_media_type_is_415(client: httpx.AsyncClient, case: str) -> None:
    body = gzip.compress(b"{}") if case == "compressed" else b"{}"

    answer = await _send(client, body, **MEDIA[case])

    assert is_problem(answer, 415, "/problems/unsupported-media")


async def test_a_byte_order_mark_or_two_media_types_are_415(client: httpx.AsyncClient) -> None:
    marked = await _send(client, b"\xef\xbb\xbf{}")
    twice = [("Content-Type", "application/json"), ("Content-Type", "text/plain")]
    double = await client.post("/things", content=b"{}", headers=twice)

    assert is_problem(marked, 415, "/problems/unsupported-media")
    assert is_problem(double, 415, "/problems/unsupported-media")


@pytest.mark.parametrize(
    "media", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"']
)
async def test_the_one_media_type_is_taken_however_it_is_written(
    client: httpx.AsyncClient, media: str
) -> None:
    assert (await _send(client, b'{"number": 1}', content_type=media)).json() == {"number": 1}


POINTERS: list[tuple[dict[str, Any], str, str]] = [
    ({"parts": [{"size": 1}, {"size": NIK}]}, "/parts/1/size", "int_type"),
    ({"parts": [{"size": 1}, {}]}, "/parts/1/size", "missing"),
    ({"parts": [{"size": 1, NIK: NIK}]}, "/parts/0", "extra_forbidden"),
    ({NIK: NIK}, "", "extra_forbidden"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), POINTERS)
async def test_the_place_of_a_broken_rule_is_pointed_at(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await client.post("/things", json=body)

    assert is_problem(answer, 422, "/problems/invalid")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


async def test_every_member_of_a_union_points_at_the_same_place(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", json={"part": {"size": NIK}})

    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/part", "/part/size"}


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    try:
        read(body)
    except (Malformed, Invalid):
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=20,
    )
)
def test_json_that_everyone_reads_alike_is_read_as_it_is(value: object) -> None:
    assert read(json.dumps(value).encode()) == value
