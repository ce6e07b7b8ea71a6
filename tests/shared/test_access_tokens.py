"""Tokens: a good one gives its actor, and one whose claims or header are not good gives none."""

import time
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jws import JWSRegistry

from shared.access.actor import NATION, Grant, Role, Scope
from shared.access.tokens import Tokens
from shared.refusals import Unauthenticated, Unavailable
from tests.support.tokens import ISSUER, TestIssuer, new_key

UNIT, PERSON = UUID(int=1), UUID(int=2)
HOUR = 3_600


@pytest.fixture
def tokens(issuer: TestIssuer) -> Tokens:
    return Tokens([issuer.rules()])


async def refuses(tokens: Tokens, token: str) -> bool:
    try:
        await tokens.actor(token)
    except Unauthenticated:
        return True
    return False


async def test_a_good_token_gives_its_actor(issuer: TestIssuer, tokens: Tokens) -> None:
    grants = [
        {"role": "unit_head", "scope": f"unit:{UNIT}"},
        {"role": "auditor", "scope": "nation"},
    ]

    actor = await tokens.actor(issuer.token("batu", grants, PERSON))

    assert actor.subject == "test|batu"
    assert actor.person_id == PERSON
    assert actor.grants == {
        Grant(Role.UNIT_HEAD, Scope.parse(f"unit:{UNIT}")),
        Grant(Role.AUDITOR, NATION),
    }


async def test_a_token_without_grants_or_person_is_somebody_with_nothing(
    issuer: TestIssuer, tokens: Tokens
) -> None:
    actor = await tokens.actor(issuer.token("batu", []))

    assert actor.grants == frozenset()
    assert actor.person_id is None


async def test_what_a_newer_issuer_grants_is_not_understood_and_grants_nothing(
    issuer: TestIssuer, tokens: Tokens
) -> None:
    grants = [
        {"role": "astronaut", "scope": "nation"},
        {"role": "ministry", "scope": "galaxy:1"},
        {"role": "auditor", "scope": "nation", "since": "2026"},
    ]

    actor = await tokens.actor(issuer.token("batu", grants))

    assert actor.grants == {Grant(Role.AUDITOR, NATION)}


async def test_an_access_token_may_be_for_several(issuer: TestIssuer, tokens: Tokens) -> None:
    token = issuer.token("batu", aud=["other", "sinergi"])

    assert (await tokens.actor(token)).subject == "test|batu"


async def test_clocks_may_differ_by_half_a_minute(issuer: TestIssuer, tokens: Tokens) -> None:
    now = int(time.time())

    assert not await refuses(tokens, issuer.token(iat=now + 25, nbf=now + 25))
    assert not await refuses(tokens, issuer.token(exp=now - 25))
    assert await refuses(tokens, issuer.token(exp=now - 31))
    assert await refuses(tokens, issuer.token(iat=now + 40))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"iss": ISSUER + "/"},
        {"iss": ISSUER.upper()},
        {"iss": [ISSUER]},
        {"aud": None},
        {"aud": "sinergi2"},
        {"aud": ["other"]},
        {"aud": []},
        {"aud": 7},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"exp": None},
        {"exp": "4102444800"},
        {"exp": 4102444800.5},
        {"exp": float("inf")},
        {"exp": -1},
        {"exp": True},
        {"exp": 10**4_000},
        {"exp": int(time.time()) + 2 * HOUR},
        {"exp": int(time.time()) - HOUR},
        {"iat": None},
        {"iat": -1},
        {"iat": str(int(time.time()))},
        {"iat": int(time.time()) + HOUR},
        {"nbf": int(time.time()) + HOUR},
        {"nbf": "0"},
        {"scope": ["openid"]},
        {"sub": "a\x00b"},
        {"sub": "\u202enoitartsinimda"},
        {"person_id": "7"},
        {"person_id": 7},
        {"person_id": [str(PERSON)]},
        {"grants": "ministry"},
        {"grants": {"role": "ministry", "scope": "nation"}},
        {"grants": 7},
        {"grants": [{"role": "ministry"}]},
        {"grants": [{"role": "ministry", "scope": ["nation"]}]},
        {"grants": [{"role": "ministry", "scope": "region:x"}]},
        {"grants": [{"role": "ministry", "scope": "unit:7"}]},
        {"grants": [{"role": "consultant", "scope": f"unit:{UUID(int=n)}"} for n in range(101)]},
    ],
    ids=", ".join,
)
async def test_a_claim_that_does_not_hold_refuses_the_token(
    issuer: TestIssuer, tokens: Tokens, changes: dict[str, Any]
) -> None:
    assert await refuses(tokens, issuer.token(**changes))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "JWE"},
        {"typ": "AT+JWT"},
        {"typ": "ID"},
        {"kid": ""},
        {"kid": "unknown"},
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1"},
        {"kid": "x" * 300},
        {"jku": "https://attacker.example/jwks"},
        {"x5u": "https://attacker.example/chain"},
        {"jwk": new_key("own").as_dict(private=False)},
        {"crit": ["alg"]},
        {"b64": False, "crit": ["b64"]},
        {"zip": "DEF"},
    ],
    ids=", ".join,
)
async def test_a_header_that_asks_for_more_refuses_the_token(
    issuer: TestIssuer, tokens: Tokens, header: dict[str, object]
) -> None:
    lax = JWSRegistry(strict_check_header=False)
    lax.max_header_length = 100_000
    good = {"alg": "ES256", "kid": "first", "typ": "at+jwt"}
    token = jwt.encode(good | header, issuer.claims(), issuer.key, registry=lax)

    assert await refuses(tokens, token)


async def test_tokens_keep_working_while_the_issuer_is_down(
    issuer: TestIssuer, tokens: Tokens
) -> None:
    await tokens.actor(issuer.token())

    issuer.stop()

    assert (await tokens.actor(issuer.token("batu"))).subject == "test|batu"


async def test_while_no_key_was_ever_had_nobody_is_refused_for_good(issuer: TestIssuer) -> None:
    unreachable = Tokens([issuer.rules(keys="http://127.0.0.1:9/jwks.json")])

    with pytest.raises(Unavailable):
        await unreachable.actor(issuer.token())
