"""A query says each thing once, in one spelling, and nothing that nobody listens to."""

import httpx
import pytest
from fastapi import APIRouter, Query

from shared.access.web import CurrentActor
from shared.web.operations import Operation
from shared.web.queries import LaxParameter
from tests.support.builders import open_batu
from tests.support.ecosystem import Ecosystem
from tests.support.planted import NIK, is_problem


@pytest.fixture
async def client(registry: Ecosystem) -> httpx.AsyncClient:
    """The operator's client of a registry with one unit."""
    await open_batu(registry.database("registry"))
    return await registry.client("registry")


@pytest.mark.parametrize(
    "query",
    [
        "limit=1&limit=2",
        "limit=1&limit=1",
        f"{NIK}={NIK}",
        "Limit=1",
        "limit[]=1",
        "name=%ff%fe%fd",
        "&".join(f"a{number}=" for number in range(60)),
    ],
)
async def test_a_parameter_that_is_unknown_or_given_twice_is_400(
    client: httpx.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/enterprises?{query}")

    assert is_problem(answer, 400, "/problems/malformed")


async def test_a_parameter_that_is_given_twice_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.get("/enterprises?limit=1&limit=2")

    assert answer.json()["detail"] == "The parameter `limit` may be given once."


@pytest.mark.parametrize(
    "number", ["1_0", "%201", "%2B1", "1.0", "1e1", "0x1", "01", "true", "", "%D9%A1", "9" * 30]
)
async def test_a_number_has_one_spelling(client: httpx.AsyncClient, number: str) -> None:
    answer = await client.get(f"/enterprises?limit={number}")

    assert is_problem(answer, 422, "/problems/invalid")
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == ("limit", "int_parsing")


@pytest.mark.parametrize(
    "name", ["%CC%81%CC%81%CC%81", "%E2%80%8Babc", "x%CC%81%CC%81%CC%81%CC%81%CC%81"]
)
async def test_a_search_for_what_nobody_sees_is_refused_and_lists_nothing(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.get(f"/enterprises?name={name}")

    assert is_problem(answer, 422, "/problems/invalid")


async def test_other_media_types_than_there_are_cannot_be_had(client: httpx.AsyncClient) -> None:
    for accept in (
        "text/html",
        "application/xml;q=0.9, image/*",
        "*/*;q=0",
        "application/json;q=0",
    ):
        answer = await client.get("/enterprises", headers={"Accept": accept})
        assert is_problem(answer, 406, "/problems/not-acceptable")

    for accept in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json;v=1", ""):
        answer = await client.get("/enterprises", headers={"Accept": accept})
        assert answer.status_code == 200


@pytest.mark.parametrize("kind", [int, float, bool, int | None, list[int]])
def test_a_parameter_with_many_spellings_is_not_offered(kind: type) -> None:
    router = APIRouter(route_class=Operation)

    async def list_lenient(_: CurrentActor, number: kind = Query()) -> None:  # type: ignore[valid-type]  # any of them
        """Take a number."""

    with pytest.raises(LaxParameter, match="number"):
        router.get("/lenient")(list_lenient)
