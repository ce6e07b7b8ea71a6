"""A service whose issuer goes away, comes late, or changes its keys: who is signed in stays so."""

import httpx
import pytest

from shared.access import keys
from tests.support.ecosystem import Ecosystem
from tests.support.tokens import new_key


async def status(client: httpx.AsyncClient, token: str) -> int:
    answer = await client.get("/units", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_people_stay_signed_in_while_the_issuer_is_down(registry: Ecosystem) -> None:
    client = await registry.client("registry", None)
    await status(client, registry.issuer.token())

    registry.issuer.stop()

    assert await status(client, registry.issuer.token("batu")) == 200
    assert await status(client, registry.issuer.token(exp=1)) == 401


async def test_before_the_issuer_is_there_nobody_is_refused_for_good(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "FIRST_PAUSE", 0.0)
    client = await registry.client("registry", None)
    registry.issuer.stop()
    early = await client.get(
        "/units", headers={"Authorization": f"Bearer {registry.issuer.token()}"}
    )

    registry.issuer.start()

    assert (early.status_code, early.headers["retry-after"]) == (503, "2")
    assert await status(client, registry.issuer.token()) == 200


async def test_a_new_key_is_found_by_the_first_token_that_it_signs(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PAUSE", 0.0)
    client = await registry.client("registry", None)
    old = registry.issuer.token()
    assert await status(client, old) == 200

    registry.issuer.key = new_key("second")

    assert await status(client, registry.issuer.token()) == 200
    assert await status(client, old) == 401


async def test_invented_key_ids_are_refused_and_cost_the_issuer_nothing(
    registry: Ecosystem,
) -> None:
    client = await registry.client("registry", None)
    await status(client, registry.issuer.token())

    invented = [registry.issuer.token(header={"kid": f"key-{number}"}) for number in range(30)]
    refused = {await status(client, token) for token in invented}

    assert refused == {401}
    assert registry.issuer.requests == 1
