"""A front end under development signs its people in as it would anywhere, and nobody else does."""

from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.codes import LIFE_S, Codes, Redemption, Wish
from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS
from deploy.local.sign_in_requests import CLIENT
from tests.local.front_end import (
    ASKED,
    BACK,
    CHALLENGE,
    URL,
    VERIFIER,
    Clock,
    asking,
    changed,
    choose,
    redemption,
    told,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(tmp_path: Path, clock: Clock) -> httpx.AsyncClient:
    return asking(Issuer(URL, tmp_path), clock)


async def test_a_person_signs_in_and_the_front_end_gets_their_tokens(
    client: httpx.AsyncClient,
) -> None:
    back = await choose(client)
    answer = (await client.post("/token", data=redemption(told(back)["code"]))).json()

    keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    access, identity = (
        jwt.decode(answer[name], keys, algorithms=["ES256"])
        for name in ("access_token", "id_token")
    )
    assert back.headers["location"].startswith(f"{BACK}?")
    assert (told(back)["state"], told(back)["iss"]) == (ASKED["state"], URL)
    assert (access.header["typ"], access.claims["aud"]) == ("at+jwt", "sinergi")
    assert access.claims["sub"] == identity.claims["sub"] == "owner"
    assert (identity.header["typ"], identity.claims["aud"]) == ("JWT", CLIENT)
    assert identity.claims["nonce"] == "once"
    assert identity.claims["name"] == PERSONAS["owner"].name


async def test_a_code_is_good_once(client: httpx.AsyncClient) -> None:
    form = redemption(told(await choose(client))["code"])

    answers = [await client.post("/token", data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["error"] == "invalid_grant"


async def test_a_code_is_good_for_a_minute(client: httpx.AsyncClient, clock: Clock) -> None:
    codes = [told(await choose(client))["code"] for _ in range(2)]

    clock.now += LIFE_S
    within = await client.post("/token", data=redemption(codes[0]))
    clock.now += 0.1
    later = await client.post("/token", data=redemption(codes[1]))

    assert (within.status_code, later.status_code) == (200, 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "another-verifier.that_is~long-enough-for-it"},
        {"code_verifier": CHALLENGE},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": None},
    ],
    ids=str,
)
async def test_a_code_is_good_for_whoever_asked_for_it_and_else_used_up(
    client: httpx.AsyncClient, changes: dict[str, str | None]
) -> None:
    code = told(await choose(client))["code"]

    stolen = await client.post("/token", data=redemption(code, **changes))
    own = await client.post("/token", data=redemption(code))

    assert (stolen.status_code, own.status_code) == (400, 400)
    assert "access_token" not in stolen.json()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://attacker.example/callback"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": f"{BACK}?next=elsewhere"},
        {"redirect_uri": BACK.upper()},
        {"redirect_uri": "http://localhost:5173@attacker.example/callback"},
        {"redirect_uri": "http://localhost:5174/callback"},
    ],
    ids=str,
)
async def test_nobody_is_led_to_an_address_that_is_not_known(
    client: httpx.AsyncClient, changes: dict[str, str | None]
) -> None:
    asked = changed(ASKED, changes)

    answers = [
        await client.get("/authorize", params=asked),
        await client.post("/authorize", data=asked | {"persona": "owner"}),
    ]

    for answer in answers:
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert "attacker" not in answer.text
        assert BACK in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": f"{CHALLENGE}="}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
    ],
    ids=str,
)
async def test_what_else_is_wrong_is_told_to_the_front_end(
    client: httpx.AsyncClient, changes: dict[str, str | None], error: str
) -> None:
    asked = changed(ASKED, changes)

    answers = [
        await client.get("/authorize", params=asked),
        await client.post("/authorize", data=asked | {"persona": "owner"}),
    ]

    for answer in answers:
        assert answer.headers["location"].startswith(f"{BACK}?")
        assert told(answer) == {"error": error, "state": ASKED["state"], "iss": URL}


async def test_a_parameter_said_twice_is_refused(client: httpx.AsyncClient) -> None:
    twice = ASKED | {"code_challenge_method": ["S256", "plain"]}
    two_ways_back = ASKED | {"redirect_uri": [BACK, f"{URL}/callback"]}

    told_to_it = await client.get("/authorize", params=twice)
    told_here = await client.get("/authorize", params=two_ways_back)

    assert told(told_to_it)["error"] == "invalid_request"
    assert told_here.status_code == 400


def test_codes_that_nobody_redeems_do_not_pile_up() -> None:
    codes, wish = Codes(), Wish(CLIENT, BACK, CHALLENGE)

    issued = [codes.issue(wish, PERSONAS["owner"]) for _ in range(1_001)]

    shown = [Redemption(code, CLIENT, BACK, VERIFIER) for code in (issued[0], issued[-1])]
    assert [codes.redeem(one) is not None for one in shown] == [False, True]
