"""Tokens: a good one gives its actor, and one whose claims or header are not good gives none."""

import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jws import JWSRegistry

from shared.access.actor import NATION, Grant, Role, Scope
from shared.access.tokens import Tokens
from shared.refusals import Unauthenticated, Unavailable
from tests.shared.issuer import ISSUER, Issuer, claims, new_key, running_issuer

UNIT, PERSON = uuid4(), uuid4()
HOUR = 3_600


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as started:
        yield started


@pytest.fixture
def tokens(issuer: Issuer) -> Tokens:
    return Tokens(ISSUER, issuer.jwks_url)


async def refuses(tokens: Tokens, token: str) -> bool:
    try:
        await tokens.actor(token)
    except Unauthenticated:
        return True
    return False


async def test_a_good_token_gives_its_actor(issuer: Issuer, tokens: Tokens) -> None:
    grants = [
        {"role": "unit_head", "scope": f"unit:{UNIT}"},
        {"role": "auditor", "scope": "nation"},
    ]

    actor = await tokens.actor(issuer.token(grants=grants, person_id=str(PERSON)))

    assert actor.subject == "desk-1"
    assert actor.person_id == PERSON
    assert actor.grants == {
        Grant(Role.UNIT_HEAD, Scope.parse(f"unit:{UNIT}")),
        Grant(Role.AUDITOR, NATION),
    }


async def test_a_token_without_grants_or_person_is_somebody_with_nothing(
    issuer: Issuer, tokens: Tokens
) -> None:
    actor = await tokens.actor(issuer.token(grants=None))

    assert actor.grants == frozenset()
    assert actor.person_id is None


async def test_what_a_newer_issuer_grants_is_not_understood_and_grants_nothing(
    issuer: Issuer, tokens: Tokens
) -> None:
    grants = [
        {"role": "astronaut", "scope": "nation"},
        {"role": "ministry", "scope": "galaxy:1"},
        {"role": "auditor", "scope": "nation", "since": "2026"},
    ]

    actor = await tokens.actor(issuer.token(grants=grants))

    assert actor.grants == {Grant(Role.AUDITOR, NATION)}


async def test_an_access_token_may_be_for_several_and_may_say_its_type(
    issuer: Issuer, tokens: Tokens
) -> None:
    token = issuer.token({"typ": "at+jwt"}, aud=["other", "sinergi"])

    assert (await tokens.actor(token)).subject == "desk-1"


async def test_clocks_may_differ_by_half_a_minute(issuer: Issuer, tokens: Tokens) -> None:
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
        {"exp": int(time.time()) - HOUR},
        {"iat": None},
        {"iat": int(time.time()) + HOUR},
        {"nbf": int(time.time()) + HOUR},
        {"person_id": "7"},
        {"grants": "ministry"},
        {"grants": [{"role": "ministry"}]},
        {"grants": [{"role": "ministry", "scope": ["nation"]}]},
        {"grants": [{"role": "ministry", "scope": "region:x"}]},
        {"grants": [{"role": "ministry", "scope": "unit:7"}]},
        {"grants": [{"role": "ministry", "scope": "nation"}] * 101},
    ],
    ids=str,
)
async def test_a_claim_that_does_not_hold_refuses_the_token(
    issuer: Issuer, tokens: Tokens, changes: dict[str, object]
) -> None:
    token = jwt.encode(
        {"alg": "ES256", "kid": "first"},
        {name: value for name, value in (claims() | changes).items() if value is not None},
        issuer.key,
    )

    assert await refuses(tokens, token)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWE"},
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
    ids=str,
)
async def test_a_header_that_asks_for_more_refuses_the_token(
    issuer: Issuer, tokens: Tokens, header: dict[str, object]
) -> None:
    lax = JWSRegistry(strict_check_header=False)
    lax.max_header_length = 100_000
    token = jwt.encode(
        {"alg": "ES256", "kid": "first"} | header, claims(), issuer.key, registry=lax
    )

    assert await refuses(tokens, token)


async def test_tokens_keep_working_while_the_issuer_is_down(issuer: Issuer, tokens: Tokens) -> None:
    await tokens.actor(issuer.token())

    await issuer.stop()

    assert (await tokens.actor(issuer.token())).subject == "desk-1"


async def test_while_no_key_was_ever_had_nobody_is_refused_for_good(issuer: Issuer) -> None:
    unreachable = Tokens(ISSUER, "http://127.0.0.1:9/jwks.json")

    with pytest.raises(Unavailable):
        await unreachable.actor(issuer.token())
