"""The sign-in's pages lead nobody astray, and a front end finds out how to use it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS
from deploy.local.refusals import CannotStart
from deploy.local.sign_in_requests import REDIRECT_URIS, redirect_uris
from tests.local.front_end import ASKED, URL, Clock, asking, choose, redemption, told


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    return asking(Issuer(URL, tmp_path), Clock())


async def test_the_page_runs_nothing_and_sends_people_nowhere_else(
    client: httpx.AsyncClient,
) -> None:
    hostile = {"state": '"><script>alert(1)</script>', "extra": "<b>"}

    page = await client.get("/authorize", params=ASKED | hostile)

    policy = page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "<b>" not in page.text
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert policy.endswith("form-action 'self' http://localhost:5173")
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("spoken", ["id", "en"])
async def test_the_pages_speak_both_languages_and_name_every_persona(
    client: httpx.AsyncClient, spoken: str
) -> None:
    wish = {"accept-language": spoken}

    page = await client.get("/authorize", params=ASKED, headers=wish)
    refused = await client.get("/authorize", params={}, headers=wish)

    for shown in (page, refused):
        assert f'<html lang="{spoken}">' in shown.text
        assert shown.headers["content-language"] == spoken
        assert "$" not in shown.text
    assert all(persona.name in page.text for persona in PERSONAS.values())


async def test_the_other_language_is_one_link_away_and_keeps_the_request(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/authorize", params=ASKED, headers={"accept-language": "id"})
    (link,) = re.findall(r'class="switch" href="([^"]*)"', page.text)

    other = await client.get(unescape(link))

    assert other.headers["content-language"] == "en"
    assert unescape(other.text).count(ASKED["state"]) == 1


async def test_discovery_tells_what_there_is(client: httpx.AsyncClient) -> None:
    document: dict[str, Any] = (await client.get("/.well-known/openid-configuration")).json()

    assert document["issuer"] == URL
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    asked = await client.get(document["authorization_endpoint"], params=ASKED)
    refused = await client.post(document["token_endpoint"], data={"grant_type": "password"})
    assert (asked.status_code, refused.status_code) == (200, 400)


@pytest.mark.parametrize(
    ("origin", "readable"),
    [
        ("http://localhost:5173", True),
        ("http://127.0.0.1:3000", True),
        ("https://attacker.example", False),
        ("http://localhost.attacker.example", False),
        ("null", False),
    ],
)
async def test_front_ends_on_this_computer_read_the_answers_and_no_others_do(
    client: httpx.AsyncClient, origin: str, *, readable: bool
) -> None:
    code = told(await choose(client))["code"]
    headers = {"origin": origin}

    answers = [
        await client.post("/token", data=redemption(code), headers=headers),
        await client.get("/.well-known/openid-configuration", headers=headers),
    ]
    named = await client.post("/token", data={"persona": "owner"}, headers=headers)

    for answer in answers:
        assert answer.headers.get("access-control-allow-origin") == (origin if readable else None)
    assert "access-control-allow-origin" not in named.headers


def test_further_addresses_on_this_computer_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REDIRECT_URIS, "http://localhost:4200/back http://127.0.0.1:9000/")

    assert {"http://localhost:4200/back", "http://127.0.0.1:9000/"} < {*redirect_uris(URL)}


@pytest.mark.parametrize(
    "address",
    [
        "https://attacker.example/",
        "http://localhost.attacker.example/",
        "http://localhost:4200@attacker.example/",
        "http://localhost:4200",
        "http://localhost:4200/#part",
        "javascript:alert(1)",
    ],
)
def test_an_address_elsewhere_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(REDIRECT_URIS, address)

    with pytest.raises(CannotStart, match="on this computer only"):
        redirect_uris(URL)
