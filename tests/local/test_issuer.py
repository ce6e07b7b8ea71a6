"""The development sign-in has a persona for every role, and services can check its tokens."""

from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette

from deploy.local.issuer import LIFE_S, Issuer, write_issuers
from deploy.local.personas import PERSONAS
from deploy.local.sign_in import SignIn
from services.registry.ids import unit_id
from shared.access.actor import Role, Scope
from shared.access.issuers import makeshift, read_issuers

URL = "http://127.0.0.1:8080"


def asking(issuer: Issuer) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=SignIn(issuer).routes()))
    return httpx.AsyncClient(transport=transport, base_url=URL, timeout=5)


async def test_a_token_can_be_checked_with_what_discovery_tells(tmp_path: Path) -> None:
    async with asking(Issuer(URL, tmp_path)) as client:
        answer = (await client.post("/token", data={"persona": "desk-officer"})).json()
        told = (await client.get("/.well-known/openid-configuration")).json()
        keys = KeySet.import_key_set((await client.get(told["jwks_uri"])).json())

    claims = jwt.decode(answer["access_token"], keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"]) == (told["issuer"], "sinergi")
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == LIFE_S
    assert claims["grants"] == [{"role": "desk_officer", "scope": f"unit:{unit_id('35')}"}]


async def test_services_believe_it_by_the_file_that_it_writes_and_production_does_not(
    tmp_path: Path,
) -> None:
    (rules,) = read_issuers(write_issuers(tmp_path, URL))
    token = Issuer(URL, tmp_path).token(PERSONAS["desk-officer"])
    signed = jwt.decode(token, Issuer(URL, tmp_path).public_key, algorithms=["ES256"])

    actor = rules.actor(signed.claims["sub"], signed.claims)

    assert actor.subject == "development|desk-officer"
    assert actor.person_id == PERSONAS["desk-officer"].person_id
    assert {str(grant.scope) for grant in actor.grants} == {f"unit:{unit_id('35')}"}
    assert (signed.header["typ"], rules.address) == (rules.types[0], URL)
    assert list(makeshift((rules,))) == ["the issuer [development] is for development"]


async def test_the_private_key_is_never_shown(tmp_path: Path) -> None:
    async with asking(Issuer(URL, tmp_path)) as client:
        (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]

    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


async def test_an_unknown_persona_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    async with asking(Issuer(URL, tmp_path)) as client:
        answer = await client.post("/token", data={"persona": "somebody"})

    assert answer.status_code == 400
    assert all(known in answer.json()["error_description"] for known in PERSONAS)


def test_the_key_stays_the_same_across_restarts(tmp_path: Path) -> None:
    token = Issuer(URL, tmp_path).token(PERSONAS["auditor"])

    claims = jwt.decode(token, Issuer(URL, tmp_path).public_key, algorithms=["ES256"]).claims
    assert claims["sub"] == "auditor"


def test_there_is_one_persona_for_every_role() -> None:
    assert sorted(persona.role for persona in PERSONAS.values()) == sorted(Role)


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=lambda persona: persona.key)
def test_every_scope_is_one_that_services_read(persona: object) -> None:
    scope = getattr(persona, "granted_scope")  # noqa: B009

    assert str(Scope.parse(scope).kind) == scope.partition(":")[0]
