"""A backup becomes the truth again for all who heard what came after (F45, F46, I13, I17)."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from deploy.local.backups import LEDGER, Target, back_up, examine, keep_erasures, restore
from deploy.local.parts import Parts
from deploy.local.refusals import CannotStart
from services.registry import use_cases
from services.registry.models import Enterprise
from services.registry.vault import open_vault
from shared.access.actor import system
from shared.audit.verification import verify
from shared.events.state import RETRACTED
from shared.streams.restoring import Restated
from tests.support.builders import open_batu, register, register_many
from tests.support.checkers import differences, nothing_waits
from tests.support.databases import ROLES, Templates
from tests.support.ecosystem import Ecosystem, fresh_ecosystem, running
from tests.support.eventually import eventually
from tests.support.owners import enclose_owner
from tests.support.topics import events
from tests.support.vaults import a_keyring

COUNT = 12


@pytest.fixture
async def two(parts: Parts, templates: Templates) -> AsyncIterator[Ecosystem]:
    """The registry, and mentoring at work, which hears all that it says."""
    async with fresh_ecosystem(parts, templates, ("registry", "mentoring")) as fresh:
        await fresh.work("mentoring")
        yield fresh


async def test_everyone_ends_on_the_truth_of_a_backup_that_was_restored_twice(
    two: Ecosystem, tmp_path: Path
) -> None:
    database = two.database("registry")
    batu = await open_batu(database)
    person = uuid4()
    await enclose_owner(two, person, batu.id)
    async with running(two.worker("registry")):
        keys = await register_many(database, COUNT)
        owned = await register(database, trade_name="Bu Siti Aminah", owner_ids=[person])
        await eventually(partial(_equal, two))
        made = await back_up(two.parts.postgres_url, {"registry": _name(two)}, tmp_path)

        await _rename(two, keys[0], "Nama Yang Hilang")
        lost = await register(database, trade_name="Belum Pernah Ada")
        await _erase(two, person)
        await eventually(partial(_equal, two))

    await _restore_and_go_on(two, made, keys[2], "Hilang Juga")
    restated = await _restore_and_go_on(two, made, keys[1], "Sesudah Pemulihan")

    said = await events(two)
    kept = {row["id"] for row in await two.rows("mentoring", "SELECT id FROM enterprise_copy")}
    assert kept == {*keys, owned.id}
    assert (restated.epoch, restated.retracted) == (3, 1)
    assert [event.type.split(".")[-2] for event in said if event.key == str(lost.id)] == [
        "registered",
        RETRACTED,
        RETRACTED,
    ]
    [card] = await two.rows("mentoring", "SELECT * FROM enterprise_copy WHERE id = $1", owned.id)
    assert (card["owner_ids"], "Siti" in card["trade_name"]) == ([], False)
    assert await two.rows("registry", "SELECT FROM vault.field WHERE subject_id = $1", person) == []


async def test_a_backup_that_was_changed_is_refused(registry: Ecosystem, tmp_path: Path) -> None:
    named = {"registry": _name(registry)}
    made = await back_up(registry.parts.postgres_url, named, tmp_path)
    examine(made, named)

    (made / "registry.dump").write_bytes(b"something else")

    with pytest.raises(CannotStart, match="not what was written"):
        examine(made, named)
    assert "keyring" in (made / "manifest.json").read_text()
    assert not list(made.glob("*key*"))


async def test_a_person_erased_since_the_backup_is_in_the_ledger(
    registry: Ecosystem, tmp_path: Path
) -> None:
    batu, person = await open_batu(registry.database("registry")), uuid4()
    await enclose_owner(registry, person, batu.id)
    await _erase(registry, person)

    for _ in range(2):
        await keep_erasures(registry.superuser_url("registry"), "registry", tmp_path)

    assert (tmp_path / LEDGER).read_text().count(str(person)) == 1


def _name(here: Ecosystem) -> str:
    return urlsplit(here.urls["registry"]).path[1:]


def _target(here: Ecosystem) -> Target:
    parts = here.parts
    roles = ROLES["registry"]
    return Target(parts.postgres_url, "registry", _name(here), roles, parts.kafka, here.prefix)


async def _restore_and_go_on(two: Ecosystem, made: Path, key: UUID, name: str) -> Restated:
    await two.database("registry").engine.dispose()
    restated = await restore(_target(two), made)
    async with running(two.worker("registry")):
        await _rename(two, key, name)
        await eventually(partial(nothing_waits, two))
        await eventually(partial(_equal, two))
        await eventually(partial(_is_sound, two))
    return restated


async def _rename(here: Ecosystem, key: UUID, name: str) -> None:
    async with here.database("registry").transaction() as tx:
        enterprise = await tx.get_one(Enterprise, key)
        enterprise.rename(name)
        tx.publish(enterprise, "renamed")


async def _erase(here: Ecosystem, person: UUID) -> None:
    async with here.database("registry").transaction(system("test")) as tx:
        await use_cases.erase_owner(tx, open_vault(a_keyring()), person)


async def _is_sound(here: Ecosystem) -> bool:
    url, kafka = here.worker_urls["registry"], here.parts.kafka
    found = await verify("registry", url, kafka, lambda *_: None, here.prefix)
    return found.flaw is None and found.blocks > 0


async def _equal(two: Ecosystem) -> bool:
    return (
        len(await two.rows("registry", "SELECT FROM enterprise")) > 0
        and await differences(two, "mentoring") == []
    )
