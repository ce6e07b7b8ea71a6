"""A list is read page by page, whole and without repeats, and no cursor can break anything."""

import base64
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from shared.web.paging import Window, page
from tests.support.builders import open_batu, register_many
from tests.support.ecosystem import Ecosystem
from tests.support.files import a_file, hand_in


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with one unit."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


async def _walk(client: httpx.AsyncClient, limit: int) -> list[str]:
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = (await client.get("/enterprises", params={"limit": limit, **after})).json()
        found += [item["id"] for item in answer["items"]]
        assert len(answer["items"]) <= limit
        if answer["next"] is None:
            return found
        after = {"after": answer["next"]}


async def test_a_walk_shows_everything_once_and_in_order(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    await register_many(registry.database("registry"), 20)
    stored = await registry.rows("registry", "SELECT id FROM enterprise ORDER BY search_name, id")

    for limit in (1, 4, 20, 21, 200):
        assert await _walk(client, limit) == [str(row["id"]) for row in stored], limit


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (date(2027, 5, 24), sa.Date()),
        (datetime(2027, 5, 24, 3, 4, 5, 678901, tzinfo=UTC), sa.DateTime(timezone=True)),
        (UUID(int=7), sa.Uuid()),
        (7, sa.Integer()),
        (2**40, sa.BigInteger()),
        ("Kopi", sa.Text()),
    ],
    ids=lambda given: type(given).__name__,
)
async def test_a_list_goes_on_in_the_order_of_any_kind_of_key(
    registry: Ecosystem, value: object, kind: sa.types.TypeEngine[Any]
) -> None:
    row = sa.select(sa.literal(value, kind).label("key")).subquery()
    both = sa.union_all(sa.select(row), sa.select(row)).subquery()
    number = sa.func.row_number(type_=sa.Integer).over().label("number")
    numbered = sa.select(both.c.key, number).subquery()
    keys = [numbered.c.key, numbered.c.number]

    async with registry.database("registry").reading() as tx:
        _, following = await page(tx, sa.select(numbered), keys, Window(None, 1))
        rest, end = await page(tx, sa.select(numbered), keys, Window(following, 1))

    assert ([each.number for each in rest], end) == ([2], None)


async def test_names_that_are_equal_are_neither_skipped_nor_repeated(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    ids = await register_many(registry.database("registry"), 9)
    await registry.rows("registry", "UPDATE enterprise SET search_name = 'sama'")

    assert await _walk(client, 2) == sorted(map(str, ids))


async def test_what_is_registered_during_a_walk_disturbs_nothing(
    registry: Ecosystem, client: httpx.AsyncClient
) -> None:
    before = await register_many(registry.database("registry"), 6)
    first = (await client.get("/enterprises", params={"limit": 3})).json()
    await register_many(registry.database("registry"), 6)

    rest = (await client.get("/enterprises", params={"after": first["next"]})).json()

    seen = [item["id"] for item in (*first["items"], *rest["items"])]
    assert len(seen) == len(set(seen))
    assert set(map(str, before)) <= set(seen)


def _cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


BROKEN = {
    "empty": "",
    "not base64": "%%%",
    "not JSON": _cursor("{"),
    "an object": _cursor("{}"),
    "too few": _cursor('["a"]'),
    "too many": _cursor('["a", "b", "c"]'),
    "another type": _cursor('["a", 5]'),
    "not an id": _cursor('["a", "b"]'),
    "a NUL": _cursor('["\\u0000", "0198c0de-0000-7000-8000-000000000001"]'),
    "a surrogate": _cursor('["\\ud800", "0198c0de-0000-7000-8000-000000000001"]'),
}


async def test_a_cursor_that_we_did_not_give_is_400(client: httpx.AsyncClient) -> None:
    for case, cursor in BROKEN.items():
        answer = await client.get("/enterprises", params={"after": cursor})

        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed"), case


async def test_a_number_in_a_cursor_that_no_row_can_have_is_400(
    client: httpx.AsyncClient,
) -> None:
    address = f"{await hand_in(client, a_file([]))}/rejections"
    for number in ("9" * 30, "2147483648", "x", "1.5"):
        answer = await client.get(address, params={"after": _cursor(f'["{number}"]')})

        assert answer.status_code == 400, number


async def test_a_page_has_between_one_and_two_hundred_items(client: httpx.AsyncClient) -> None:
    for limit in ("0", "201", "-1", "x"):
        answer = await client.get("/enterprises", params={"limit": limit})

        assert answer.status_code == 422, limit
