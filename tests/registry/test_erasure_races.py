"""Whoever is erased while their enterprise changes hands owns nothing afterwards."""

import asyncio
from functools import partial
from uuid import UUID, uuid4

import httpx

from services.registry import queries
from services.registry.use_cases import erase_owner, merge_enterprise
from services.registry.vault import open_vault
from shared.access.actor import system
from shared.web.etags import Versions
from tests.registry.register import id_of, register
from tests.support.builders import an_enterprise
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.lock_waits import as_many_wait
from tests.support.owners import enclose_owner
from tests.support.vaults import a_keyring


async def test_an_owner_who_is_erased_during_a_merger_owns_neither_of_both(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    owner = uuid4()
    await enclose_owner(registry, owner, UUID(an_enterprise()["unit_id"]))
    merged = UUID(id_of(await register(desk, owner_ids=[str(owner)])))
    survivor = UUID(id_of(await register(desk)))
    api = registry.database("registry")

    async def merge() -> None:
        async with api.transaction(registry.actor) as tx:
            await merge_enterprise(tx, merged, Versions({1}), survivor)

    async def erase() -> None:
        async with api.transaction(system("test")) as tx:
            await erase_owner(tx, open_vault(a_keyring()), owner)

    async with api.transaction(registry.actor) as tx, asyncio.TaskGroup() as both:
        await queries.held(tx, merged)
        for number, step in enumerate((merge, erase), start=1):
            both.create_task(step())
            await eventually(partial(as_many_wait, registry, "registry", number))
        await tx.commit()

    rows = await registry.rows("registry", "SELECT status, owner_ids FROM enterprise ORDER BY id")
    assert [(row["status"], row["owner_ids"]) for row in rows] == [("merged", []), ("active", [])]
