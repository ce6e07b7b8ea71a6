"""Whoever is erased is gone for good; and what becomes of everyone when no key can be had."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.database import Database
from shared.indonesia.nik import Nik
from shared.persons import PersonName
from shared.refusals import Erased, Unavailable
from shared.vault.vault import PersonNotFound, Vault
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import (
    BATU,
    MALANG,
    MASKED,
    Faltering,
    Guest,
    a_guest,
    a_keyring,
    a_nik,
    a_vault,
    an_officer,
    change,
    enclose,
    erase,
    read,
    search,
)


@pytest.fixture
def database(registry: Ecosystem) -> Database:
    """The registry's database, entered as its api does."""
    return registry.database("registry")


@pytest.fixture
def vault() -> Vault[Guest]:
    """A vault of guests."""
    return a_vault()


async def test_whoever_is_erased_is_gone_and_stays_known_as_erased(
    registry: Ecosystem, database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)

    await erase(database, vault, subject_id)

    with pytest.raises(Erased):
        await read(database, vault, subject_id)
    with pytest.raises(Erased):
        await change(database, vault, subject_id, name=PersonName("Bulan"))
    with pytest.raises(Erased):
        await erase(database, vault, subject_id)
    with pytest.raises(PersonNotFound):
        await read(database, vault, subject_id, an_officer(MALANG))
    assert await search(database, vault, "nik", Nik(a_nik())) == []
    assert await registry.rows("registry", "SELECT FROM vault.field") == []
    assert await registry.rows("registry", "SELECT FROM vault.blind_index") == []
    (row,) = await registry.rows("registry", "SELECT * FROM vault.subject")
    assert (row["wrapped_key"], row["key_id"], row["epoch_id"]) == (None, None, None)
    (line,) = await registry.rows("registry", "SELECT * FROM vault.erasure")
    assert (line["subject_id"], line["erased_by"]) == (subject_id, "desk")


async def test_a_nik_is_free_again_once_its_person_is_erased(
    database: Database, vault: Vault[Guest]
) -> None:
    await erase(database, vault, await enclose(database, vault))

    again = await enclose(database, vault)

    assert await search(database, vault, "nik", Nik(a_nik())) == [again]


async def test_the_app_takes_no_line_out_of_the_ledger(
    database: Database, vault: Vault[Guest]
) -> None:
    await erase(database, vault, await enclose(database, vault))

    for statement in ("DELETE FROM vault.erasure", "UPDATE vault.erasure SET erased_by = 'x'"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.transaction(an_officer()) as tx:
                await tx.execute(sa.text(statement))


async def test_without_the_key_service_only_what_needs_a_key_is_refused(
    database: Database,
) -> None:
    service = Faltering(a_keyring())
    warm = a_vault(service)
    first, second = await enclose(database, warm, 1), await enclose(database, warm, 2)
    service.up = False
    cold = a_vault(service)

    with pytest.raises(Unavailable):
        await read(database, cold, first)
    with pytest.raises(Unavailable):
        await search(database, cold, "nik", Nik(a_nik(1)))
    with pytest.raises(Unavailable):
        await enclose(database, cold, 3)
    await erase(database, cold, second)

    assert (await read(database, warm, first)).fields == MASKED
    with pytest.raises(Erased):
        await read(database, cold, second)


async def test_a_key_is_unwrapped_once(database: Database) -> None:
    service = Faltering(a_keyring())
    vault = a_vault(service)
    for serial in range(1, 6):
        await read(database, vault, await enclose(database, vault, serial))

    # Two were wrapped when they were made, and unwrapped by whoever read them first.
    assert service.asked == 4


async def test_a_first_key_that_was_not_committed_is_forgotten(
    database: Database, vault: Vault[Guest]
) -> None:
    async with database.reading(an_officer()) as tx:
        await vault.enclose(tx, uuid4(), BATU, a_guest(1))
        await vault.enclose(tx, uuid4(), BATU, a_guest(2))

    subject_id = await enclose(database, vault)

    assert (await read(database, a_vault(), subject_id)).fields == MASKED
