"""One address shows what runs, in two languages, and passes everything else on unchanged."""

import base64
import re
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import orjson
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.local import landing
from deploy.local.event_stream import EventStream
from deploy.local.front import Front
from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS

URL = "http://127.0.0.1:8080"


async def echo(scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    request = Request(scope, receive)
    told = {
        "path": request.url.path,
        "root": scope.get("root_path", ""),
        "query": request.url.query,
        "authorization": request.headers.getlist("authorization"),
    }
    await JSONResponse(told)(scope, receive, send)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    front = Front(
        Issuer(URL, tmp_path), EventStream("127.0.0.1:1"), {"registry": echo}, {"registry": echo}
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(front), base_url=URL, timeout=5
    ) as asking:
        yield asking


async def test_a_request_reaches_its_service_unchanged(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/registry/v1/units?limit=1")

    told = {"path": "/api/registry/v1/units", "root": "", "query": "limit=1", "authorization": []}
    assert answer.json() == told


@pytest.mark.parametrize(
    "path", ["/api/registrar/v1/units", "/api/nosuch", "/api", "/nosuch", "/page/nosuch.css"]
)
async def test_a_path_that_is_not_there_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}


async def test_a_method_that_is_not_there_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/token")

    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("length", [True, False], ids=["announced", "not announced"])
async def test_a_sign_in_that_is_far_too_long_is_not_even_read(
    client: httpx.AsyncClient, *, length: bool
) -> None:
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(2_000):
            taken += 10_000
            yield b"persona=&" * 1_111 + b"&"

    headers = {"content-length": "20000000"} if length else {}
    answer = await client.post("/token", content=pieces(), headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert taken <= 20_000


@pytest.mark.parametrize("name", ["index.html", "person.html", "words.toml"])
async def test_what_the_page_is_made_of_is_not_served_raw(
    client: httpx.AsyncClient, name: str
) -> None:
    assert (await client.get(f"/page/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("query", "wish", "spoken"),
    [
        ("", "id-ID,id;q=0.9,en;q=0.8", "id"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr;q=0.9", "id"),
        ("", "", "id"),
        ("?lang=en", "id", "en"),
        ("?lang=xx", "en", "en"),
    ],
)
async def test_the_page_speaks_the_language_that_is_wished(
    client: httpx.AsyncClient, query: str, wish: str, spoken: str
) -> None:
    page = await client.get(f"/{query}", headers={"accept-language": wish})

    assert page.headers["content-language"] == spoken
    assert f'<html lang="{spoken}">' in page.text


async def test_how_a_worker_is_can_be_asked_of_the_front(client: httpx.AsyncClient) -> None:
    answer = await client.get("/workers/registry/health/live")
    none = await client.get("/workers/registrar/health/live")

    assert (answer.json()["path"], none.status_code) == ("/health/live", 404)


async def test_what_is_parked_is_asked_for_as_the_operator(client: httpx.AsyncClient) -> None:
    asked = "/operator/registry/parked-events"
    one = "/0198c0de-0000-7000-8000-000000000000"

    page = await client.get(f"{asked}?limit=1", headers={"authorization": "Bearer mine"})
    answers = [await client.get(path) for path in (asked + one, asked + "/export", "/operator/no")]
    posted = await client.post(asked)

    told = page.json()
    assert (told["path"], told["query"]) == ("/api/registry/v1/parked-events", "limit=1")
    [(scheme, token)] = [text.split(" ") for text in told["authorization"]]
    claims = orjson.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert scheme == "Bearer"
    assert "'role': 'operator'" in str(claims)
    assert answers[0].json()["path"] == f"/api/registry/v1/parked-events{one}"
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert posted.status_code == 405


async def test_the_page_leads_to_every_documentation_and_persona(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/")).text

    assert 'href="/api/registry/docs"' in page
    assert 'href="/operator/registry/parked-events"' in page
    assert all(f"sinergi token --as {persona}" in page for persona in PERSONAS)


async def test_everything_the_page_loads_is_there(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text

    loaded = set(re.findall(r'(?:href|src)="(/page/[^"]+)"', page))
    answers: list[Response | httpx.Response] = [await client.get(path) for path in loaded]

    assert len(answers) == 3
    assert {answer.status_code for answer in answers} == {200}


def test_both_languages_say_the_same_things() -> None:
    words = tomllib.loads((Path(landing.__file__).parent / "page" / "words.toml").read_text())

    assert set(words["id"]) == set(words["en"])


@pytest.mark.parametrize(("wish", "spoken"), [("en-GB,id;q=0.5", "en"), ("fr", "id")])
async def test_the_catalogue_is_entered_in_the_language_wished_for(
    client: httpx.AsyncClient, wish: str, spoken: str
) -> None:
    answer = await client.get("/events", headers={"accept-language": wish}, follow_redirects=True)

    assert answer.url.path == f"/events/{spoken}/index.html"
    assert f'<html lang="{spoken}">' in answer.text
    assert "registry.enterprise.v1" in answer.text


async def test_what_is_published_is_served_at_its_address(client: httpx.AsyncClient) -> None:
    asyncapi = await client.get("/events/asyncapi.json")
    schema = await client.get("/schemas/registry.enterprise.v1/1.json")
    again = await client.get(
        "/schemas/registry.enterprise.v1/1.json", headers={"if-none-match": schema.headers["etag"]}
    )
    none = await client.get("/schemas/registry.enterprise.v1/99.json")

    assert asyncapi.json()["asyncapi"].startswith("3.")
    assert schema.json()["$id"].endswith("/schemas/registry.enterprise.v1/1.json")
    assert "immutable" in schema.headers["cache-control"]
    assert (again.status_code, none.status_code) == (304, 404)


@pytest.mark.parametrize("path", ["/events/", "/events/en", "/events/en/"])
async def test_a_folder_of_the_catalogue_leads_to_its_entrance(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"accept-language": "en"}, follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, "/events/en/index.html")
