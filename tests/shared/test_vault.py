"""A vault keeps persons sealed, shows them masked to who may see them, and forgets for good."""

from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind
from shared.database import Database
from shared.indonesia.nik import Nik
from shared.indonesia.phone import Phone
from shared.persons import EmailAddress, PersonName
from shared.refusals import Stale
from shared.vault.fields import PersonalFields
from shared.vault.vault import PersonKnown, PersonNotFound, Vault
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import (
    BATU,
    MALANG,
    MASKED,
    Guest,
    a_guest,
    a_nik,
    a_vault,
    an_officer,
    change,
    enclose,
    read,
    search,
    the_person,
)

EAST_JAVA = Actor("province", frozenset({Grant(Role.UNIT_HEAD, Scope(ScopeKind.REGION, "35"))}))
MINISTRY = Actor("ministry", frozenset({Grant(Role.MINISTRY, NATION)}))

TABLES = ("epoch_key", "index_key", "subject", "field", "blind_index", "erasure")


@pytest.fixture
def database(registry: Ecosystem) -> Database:
    """The registry's database, entered as its api does."""
    return registry.database("registry")


@pytest.fixture
def vault() -> Vault[Guest]:
    """A vault of guests."""
    return a_vault()


async def test_what_was_enclosed_is_shown_masked_with_its_doubts(
    database: Database, vault: Vault[Guest]
) -> None:
    shown = await read(database, vault, await enclose(database, vault))

    assert shown.fields == MASKED
    assert (shown.version, shown.home) == (1, BATU)
    assert [doubt.code for doubt in shown.doubts] == ["nik_region_unknown"]


async def test_another_process_reads_the_same(database: Database, vault: Vault[Guest]) -> None:
    subject_id = await enclose(database, vault)

    assert (await read(database, a_vault(), subject_id)).fields == MASKED


async def test_no_byte_of_a_person_stands_in_any_table(
    registry: Ecosystem, database: Database, vault: Vault[Guest]
) -> None:
    await enclose(database, vault)

    kept = ""
    for table in TABLES:
        rows = await registry.rows("registry", f"SELECT t::text FROM vault.{table} AS t")  # noqa: S608
        kept += "\n".join(row["t"] for row in rows)
    for value in a_guest().present().values():
        assert value.reveal() not in kept
        assert value.reveal().encode().hex() not in kept


async def test_a_person_is_found_by_exactly_what_is_searchable(
    database: Database, vault: Vault[Guest]
) -> None:
    first = await enclose(database, vault, 1)
    second = await enclose(database, vault, 2, phone="+62 812 0000 0001")

    assert await search(database, vault, "nik", Nik(a_nik(1))) == [first]
    assert await search(database, vault, "phone", Phone.parse("081200000001")) == [first, second]
    assert await search(database, vault, "nik", Nik(a_nik(3))) == []
    assert await search(database, vault, "phone", Nik(a_nik(1))) == []
    assert await search(database, vault, "name", PersonName("Wulan Percobaan")) == []


async def test_a_foreign_person_is_as_absent_as_one_that_there_is_not(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)
    stranger = an_officer(MALANG)

    for wanted in (subject_id, uuid4()):
        with pytest.raises(PersonNotFound, match="There is nobody with this id"):
            await read(database, vault, wanted, stranger)
        async with database.transaction(stranger) as tx:
            with pytest.raises(PersonNotFound):
                await vault.erase(tx, wanted)
    assert await search(database, vault, "nik", Nik(a_nik()), stranger) == []


async def test_whoever_reaches_the_unit_sees_its_persons_and_each_sees_themself(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)

    for actor in (an_officer(), EAST_JAVA, MINISTRY, the_person(subject_id)):
        assert (await read(database, vault, subject_id, actor)).fields == MASKED
    with pytest.raises(PersonNotFound):
        await read(database, vault, subject_id, the_person(uuid4()))


async def test_nobody_is_kept_where_the_actor_does_not_reach(
    database: Database, vault: Vault[Guest]
) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(an_officer(MALANG)) as tx:
            await vault.enclose(tx, uuid4(), BATU, a_guest())


async def test_a_unit_knows_a_nik_once_and_another_unit_may_know_it_too(
    database: Database, vault: Vault[Guest]
) -> None:
    await enclose(database, vault)

    with pytest.raises(PersonKnown) as refused:
        await enclose(database, vault)
    elsewhere = await enclose(database, vault, home=MALANG)

    assert refused.value.pointer == "/nik"
    assert a_nik() not in refused.value.detail
    assert await search(database, vault, "nik", Nik(a_nik()), an_officer(MALANG)) == [elsewhere]
    assert len(await search(database, vault, "nik", Nik(a_nik()), EAST_JAVA)) == 2


async def test_a_changed_field_is_found_by_what_it_is_now(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)

    shown = await change(database, vault, subject_id, phone=Phone.parse("081299999999"), email=None)

    assert shown == await read(database, vault, subject_id)
    assert (shown.version, shown.fields["phone"]) == (2, "+62********999")
    assert "email" not in shown.fields
    assert await search(database, vault, "phone", Phone.parse("081299999999")) == [subject_id]
    assert await search(database, vault, "phone", Phone.parse("081200000001")) == []


async def test_a_change_of_nothing_leaves_the_version(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)

    shown = await change(database, vault, subject_id, email=EmailAddress("wulan@contoh.id"))

    assert shown.version == 1


async def test_a_change_of_another_version_is_stale(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)
    await change(database, vault, subject_id, name=PersonName("Wulan"))

    with pytest.raises(Stale):
        await change(database, vault, subject_id, name=PersonName("Bulan"))


async def test_what_must_be_there_is_not_taken_away(
    database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)

    with pytest.raises(ValidationError):
        await change(database, vault, subject_id, nik=None)


async def test_nobody_takes_the_nik_of_another_of_the_unit(
    database: Database, vault: Vault[Guest]
) -> None:
    await enclose(database, vault, 1)
    second = await enclose(database, vault, 2)

    with pytest.raises(PersonKnown):
        await change(database, vault, second, nik=Nik(a_nik(1)))

    assert await search(database, vault, "nik", Nik(a_nik(2))) == [second]


def test_a_field_that_is_not_personal_is_refused_when_it_is_declared() -> None:
    with pytest.raises(TypeError, match="plain must be Personal"):

        class Careless(PersonalFields):
            plain: str


async def test_what_a_newer_version_keeps_is_passed_over(
    registry: Ecosystem, database: Database, vault: Vault[Guest]
) -> None:
    subject_id = await enclose(database, vault)
    newer = "UPDATE vault.field SET name = 'title' WHERE name = 'email'"
    await registry.rows("registry", newer)

    shown = await read(database, vault, subject_id)

    assert shown.fields == {name: text for name, text in MASKED.items() if name != "email"}
