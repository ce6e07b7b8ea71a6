"""Whatever is sent twice under one key is answered twice alike, with a body where it had one."""

from typing import Any

import httpx
import pytest

from shared.access.actor import Role
from tests.authorization.cells import RECIPES
from tests.authorization.world import World, a_heard_world
from tests.hostile.walk import Operation
from tests.support.builders import a_key
from tests.support.databases import SERVICES
from tests.support.ecosystem import Ecosystem


@pytest.mark.parametrize("service", SERVICES)
async def test_a_repeated_request_is_answered_as_the_first(
    ecosystem: Ecosystem, service: str
) -> None:
    world = await a_heard_world(ecosystem)
    client = await ecosystem.client(service, None)
    client.headers["Authorization"] = f"Bearer {_of_whoever_may(world)}"
    document = (await client.get(f"http://test/api/{service}/openapi.json")).json()
    repeated = 0
    for operation_id, recipe in RECIPES[service].items():
        operation = Operation.of(document, operation_id)
        if "Idempotency-Key" not in operation.parameters("header"):
            continue
        call = await recipe(world, world.here)
        sent = {"json": call.json, "headers": {**call.headers, **a_key()}}

        first = await client.request(call.method, call.path, **sent)
        again = await client.request(call.method, call.path, **sent)

        assert first.is_success, (operation_id, first.text)
        assert again.headers["idempotency-replayed"] == "true", operation_id
        assert _said(again) == _said(first), operation_id
        repeated += 1
    assert repeated > 10


def _said(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json() if answer.content else None
    kept = {name: answer.headers.get(name) for name in ("location", "etag")}
    return {"status": answer.status_code, "body": body, **kept}


def _of_whoever_may(world: World) -> str:
    """A token of somebody with every role, who owns the enterprise too."""
    grants = [{"role": role.value, "scope": "nation"} for role in Role]
    return world.ecosystem.issuer.token("somebody", grants, world.here.owner)
