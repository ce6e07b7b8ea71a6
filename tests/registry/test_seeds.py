"""The demo data has owners who are nobody, and it is there once however often it is made."""

from typing import cast
from uuid import UUID, uuid5

import pytest

from deploy.local.personas import PERSONAS
from services.registry import sample_owners, seeds
from services.registry.ids import NAMESPACE
from services.registry.settings import Settings
from tests.support.ecosystem import Ecosystem

_OWNERS = "SELECT subject_id FROM vault.subject"


@pytest.mark.parametrize("times", [1, 2])
async def test_the_owner_who_can_sign_in_owns_an_enterprise(
    registry: Ecosystem, times: int
) -> None:
    settings = cast("Settings", registry.settings("registry", "worker"))
    for _ in range(times):
        await seeds.seed(settings)

    owners = [row["subject_id"] for row in await registry.rows("registry", _OWNERS)]
    persona = PERSONAS["owner"]
    enterprise = UUID(persona.granted_scope.partition(":")[2])
    owned = "SELECT id, trade_name FROM enterprise WHERE owner_ids = ARRAY[$1::uuid]"
    assert len(owners) == seeds.OWNERS
    assert persona.person_id in owners
    (found,) = await registry.rows("registry", owned, persona.person_id)
    assert (found["id"], found["trade_name"]) == (enterprise, "Keripik Tempe Sari Rasa")
    kept = await registry.rows("registry", "SELECT FROM enterprise")
    assert len(kept) == seeds.ENTERPRISES


async def test_without_a_keyring_there_are_no_owners(registry: Ecosystem) -> None:
    settings = registry.settings("registry", "worker", keyring=None)
    await seeds.seed(cast("Settings", settings))

    assert await registry.rows("registry", _OWNERS) == []
    assert len(await registry.rows("registry", "SELECT FROM enterprise")) == seeds.ENTERPRISES


def test_a_sample_owner_is_nobody() -> None:
    invented = list(sample_owners.owners(200, 1))

    assert {facts["nik"][:4] for facts in invented} == {"9901"}
    assert len({facts["nik"] for facts in invented}) == 200
    assert all(facts["name"].endswith(" Contoh") for facts in invented)
    assert invented == list(sample_owners.owners(200, 1))
    assert uuid5(NAMESPACE, "person:owner") == PERSONAS["owner"].person_id
