"""Erasing an owner: what bears their name loses it, in the table, on the topic and in the log."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services.registry.blanking import NameEraser
from services.registry.models import ERASED_NAME, Enterprise
from services.registry.use_cases import erase_owner, register_enterprise
from services.registry.vault import open_vault
from shared.access.actor import system
from shared.database import Database
from tests.support.builders import a_key, a_registration, an_enterprise
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.owners import enclose_owner
from tests.support.vaults import a_keyring

NAME = "Keripik Bu Wulan Percobaan"
_SAID = """
SELECT seq, type, data->>'trade_name' AS name, data->'owner_ids' AS owners FROM event_log
WHERE key = $1 ORDER BY seq
"""


@pytest.fixture
async def head(registry: Ecosystem, database: Database) -> httpx.AsyncClient:  # noqa: ARG001
    """The client of the head of Batu's unit, once the units are open."""
    return await registry.client("registry", "batu_head")


@pytest.fixture
async def owner(registry: Ecosystem, database: Database) -> UUID:  # noqa: ARG001
    """An owner whom Batu's unit knows."""
    return await _owner(registry)


async def _owner(registry: Ecosystem) -> UUID:
    owner_id = uuid4()
    await enclose_owner(registry, owner_id, UUID(an_enterprise()["unit_id"]))
    return owner_id


async def _enterprise(head: httpx.AsyncClient, *owners: UUID, **changes: object) -> str:
    """Register an enterprise of these owners and rename it; return its id."""
    body = an_enterprise(owner_ids=[str(each) for each in owners], **changes)
    made = await head.post("/enterprises", json=body, headers=a_key())
    assert made.status_code == 201, made.text
    address = f"/enterprises/{made.json()['id']}"
    renamed = await head.patch(address, json={"trade_name": NAME}, headers={"If-Match": '"1"'})
    assert renamed.status_code == 200, renamed.text
    enterprise_id: str = made.json()["id"]
    return enterprise_id


async def _erase(head: httpx.AsyncClient, owner: UUID) -> None:
    answer = await head.post(f"/owners/{owner}/erase")
    assert answer.status_code == 204, answer.text


async def _said(registry: Ecosystem, enterprise_id: str) -> list[tuple[Any, ...]]:
    rows = await registry.rows("registry", _SAID, enterprise_id)
    return [(row["type"].split(".")[-2], row["name"], row["owners"]) for row in rows]


async def _name_is_gone(registry: Ecosystem) -> bool:
    left = await registry.rows("registry", "SELECT FROM erased_name")
    return not left


async def _take_names_out(registry: Ecosystem, worker: Database) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(NameEraser(worker).run(stop))
    await eventually(lambda: _name_is_gone(registry))
    stop.set()
    await asyncio.wait_for(task, 10)


async def test_with_the_last_owner_the_name_goes_from_everything_that_was_said(
    registry: Ecosystem, head: httpx.AsyncClient, database: Database, owner: UUID
) -> None:
    enterprise = await _enterprise(head, owner)

    await _erase(head, owner)
    at_once = await _said(registry, enterprise)
    await _take_names_out(registry, database)

    assert at_once[-1] == ("owner_erased", ERASED_NAME, "[]")
    assert [name for _, name, _ in await _said(registry, enterprise)] == [ERASED_NAME] * 3
    read = (await head.get(f"/enterprises/{enterprise}")).json()
    assert (read["trade_name"], read["status"]) == (ERASED_NAME, "active")
    assert (await head.get("/enterprises", params={"name": "wulan"})).json()["items"] == []
    for table in ("enterprise", "event_log", "audit_entry"):
        found = f"SELECT FROM {table} AS t WHERE t::text ILIKE '%wulan%'"
        assert await registry.rows("registry", found) == []


async def test_what_else_was_said_stays_as_it_was(
    registry: Ecosystem, head: httpx.AsyncClient, database: Database, owner: UUID
) -> None:
    other = await _enterprise(head, await _owner(registry))
    enterprise = await _enterprise(head, owner)
    facts = (
        "SELECT id, event_id, topic, key, epoch, seq, type, xid::text, data::jsonb - 'trade_name'"
    )
    before = await registry.rows("registry", f"{facts} FROM event_log WHERE seq < 3 ORDER BY id")

    await _erase(head, owner)
    await _take_names_out(registry, database)

    after = await registry.rows("registry", f"{facts} FROM event_log WHERE seq < 3 ORDER BY id")
    assert after == before
    assert (await _said(registry, other))[-1][1] == NAME
    assert len(await _said(registry, enterprise)) == 3


async def test_a_name_that_is_given_afterwards_stays(
    registry: Ecosystem, head: httpx.AsyncClient, database: Database, owner: UUID
) -> None:
    enterprise = await _enterprise(head, owner)
    await _erase(head, owner)
    renamed = {"trade_name": "Keripik Panderman"}
    await head.patch(f"/enterprises/{enterprise}", json=renamed, headers={"If-Match": '"3"'})

    await _take_names_out(registry, database)

    names = [name for _, name, _ in await _said(registry, enterprise)]
    assert names == [ERASED_NAME] * 3 + ["Keripik Panderman"]


async def test_an_enterprise_that_others_own_keeps_its_name_and_loses_the_owner(
    registry: Ecosystem, head: httpx.AsyncClient, owner: UUID
) -> None:
    other = await _owner(registry)
    enterprise = await _enterprise(head, owner, other)

    await _erase(head, owner)

    assert (await _said(registry, enterprise))[-1] == ("owner_erased", NAME, f'["{other}"]')
    assert await _name_is_gone(registry)


async def test_a_cooperative_keeps_its_name(
    registry: Ecosystem, head: httpx.AsyncClient, owner: UUID
) -> None:
    cooperative = await _enterprise(head, owner, kind="cooperative")

    await _erase(head, owner)

    assert (await _said(registry, cooperative))[-1] == ("owner_erased", NAME, "[]")
    assert await _name_is_gone(registry)


async def test_nobody_but_the_worker_changes_what_was_said_and_only_the_state(
    registry: Ecosystem,
) -> None:
    changes = {
        "api": "UPDATE event_log SET data = '{}'",
        "worker": "UPDATE event_log SET type = 'other'",
    }
    for part, statement in changes.items():
        database = registry.database("registry", "api" if part == "api" else "worker")
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.transaction() as tx:
                await tx.execute(sa.text(statement))


async def test_an_owner_is_not_erased_while_an_enterprise_is_registered_as_theirs(
    registry: Ecosystem, database: Database, owner: UUID
) -> None:
    command = a_registration(owner_ids=[str(owner)])
    api = registry.database("registry")

    async def erase() -> None:
        async with api.transaction(system("test")) as tx:
            await erase_owner(tx, open_vault(a_keyring()), owner)

    async with database.transaction(system("test")) as tx:
        enterprise: Enterprise = await register_enterprise(tx, command)
        await tx.flush()
        erasing = asyncio.create_task(erase())
        done, _ = await asyncio.wait([erasing], timeout=0.3)
        assert not done
    await erasing

    assert (await _said(registry, str(enterprise.id)))[-1] == ("owner_erased", ERASED_NAME, "[]")
