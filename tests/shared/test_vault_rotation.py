"""Keys are replaced under the writers' hands: nothing is lost, nothing comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID, uuid4

import pytest

from shared.database import Database
from shared.indonesia.nik import Nik
from shared.indonesia.phone import Phone
from shared.refusals import Erased, Unavailable
from shared.vault import rotation
from shared.vault.rotation import Progress, rotate_epoch, rotate_index
from shared.vault.vault import PersonKnown, Vault
from shared.web.etags import Versions
from tests.support.ecosystem import Ecosystem
from tests.support.vaults import (
    BATU,
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

Rotate = Callable[[Vault[Guest], Database, Progress], Awaitable[None]]
ROTATIONS = (rotate_epoch, rotate_index)
BATCH = 8
MANY = 2 * BATCH + BATCH // 2


@pytest.fixture(autouse=True)
def _in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", BATCH)


class Killed(Exception):
    """What a rotation dies of here."""


def silently(_done: int, _total: int) -> None:
    """Say nothing of how far it is."""


def dying_after(calls: int) -> Progress:
    """A progress that dies when it is told something for so many times."""
    numbers = count(1)

    def tell(_done: int, _total: int) -> None:
        if next(numbers) >= calls:
            raise Killed

    return tell


@pytest.fixture
def database(registry: Ecosystem) -> Database:
    """The registry's database, entered as its api does."""
    return registry.database("registry")


@pytest.fixture
def worker(registry: Ecosystem) -> Database:
    """The same, entered as its worker does."""
    return registry.database("registry", "worker")


async def enclose_many(database: Database, vault: Vault[Guest], many: int) -> list[UUID]:
    """Keep so many guests of Batu in one transaction."""
    ids = [uuid4() for _ in range(many)]
    async with database.transaction(an_officer()) as tx:
        for serial, subject_id in enumerate(ids, 1):
            await vault.enclose(tx, subject_id, BATU, a_guest(serial))
    return ids


async def keys(registry: Ecosystem) -> tuple[list[int], list[int]]:
    """The numbers of the epoch keys and of the index keys."""
    epochs = await registry.rows("registry", "SELECT id FROM vault.epoch_key ORDER BY id")
    indexes = await registry.rows("registry", "SELECT id FROM vault.index_key ORDER BY id")
    return [row["id"] for row in epochs], [row["id"] for row in indexes]


async def in_use(registry: Ecosystem) -> tuple[set[int], set[int]]:
    """The keys that something is wrapped or digested under."""
    subjects = "SELECT epoch_id FROM vault.subject WHERE erased_at IS NULL"
    epochs = await registry.rows("registry", subjects)
    indexes = await registry.rows("registry", "SELECT key_id FROM vault.blind_index")
    return {row["epoch_id"] for row in epochs}, {row["key_id"] for row in indexes}


async def test_after_a_rotation_everyone_is_read_and_found_under_new_keys_alone(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    vault = a_vault()
    first = await enclose(database, vault, 1)
    second = await enclose(database, vault, 2)

    for rotate in ROTATIONS:
        await rotate(a_vault(), worker, silently)

    assert await keys(registry) == ([2], [2])
    assert await in_use(registry) == ({2}, {2})
    for process in (vault, a_vault()):
        assert (await read(database, process, first)).fields == MASKED
        assert await search(database, process, "nik", Nik(a_nik(2))) == [second]
        with pytest.raises(PersonKnown):
            await enclose(database, process, 1)


@pytest.mark.parametrize("rotate", ROTATIONS)
async def test_an_empty_vault_has_its_keys_replaced_too(
    registry: Ecosystem, database: Database, worker: Database, rotate: Rotate
) -> None:
    await rotate(a_vault(), worker, silently)

    subject_id = await enclose(database, a_vault())

    assert (await read(database, a_vault(), subject_id)).fields == MASKED
    assert sorted(len(each) for each in await keys(registry)) == [1, 1]


@pytest.mark.parametrize("rotate", ROTATIONS)
@pytest.mark.parametrize("calls", [1, 2, 3])
async def test_a_rotation_that_was_killed_goes_on_where_it_was(
    registry: Ecosystem, database: Database, worker: Database, rotate: Rotate, calls: int
) -> None:
    ids = await enclose_many(database, a_vault(), MANY)
    with pytest.raises(Killed):
        await rotate(a_vault(), worker, dying_after(calls))
    assert await search(database, a_vault(), "nik", Nik(a_nik(MANY))) == [ids[-1]]
    assert (await read(database, a_vault(), ids[0])).version == 1

    told: list[tuple[int, int]] = []
    await rotate(a_vault(), worker, lambda done, total: told.append((done, total)))

    assert await keys(registry) == (([2], [1]) if rotate is rotate_epoch else ([1], [2]))
    assert told == sorted(told)
    assert told[-1] == (MANY, MANY)
    for serial in (1, BATCH, BATCH + 1, MANY):
        found = await search(database, a_vault(), "nik", Nik(a_nik(serial)))
        assert found == [ids[serial - 1]]


@dataclass
class Desk:
    """An officer who keeps guests, changes them, finds them, and erases each fourth."""

    database: Database
    vault: Vault[Guest]
    kept: dict[UUID, int] = field(default_factory=dict)
    erased: list[UUID] = field(default_factory=list)

    async def work(self, stop: asyncio.Event, serials: Iterator[int]) -> None:
        """Go on until told to stop; whatever is not as it should be ends the test."""
        while not stop.is_set():
            serial = next(serials)
            subject_id = await enclose(self.database, self.vault, serial)
            await change(self.database, self.vault, subject_id, phone=_second_phone(serial))
            await self.finds(self.vault, subject_id, serial)
            if serial % 4:
                self.kept[subject_id] = serial
            else:
                await erase(self.database, self.vault, subject_id)
                self.erased.append(subject_id)

    async def finds(self, vault: Vault[Guest], subject_id: UUID, serial: int) -> None:
        """Find a guest by both of what they are found by, and read them."""
        assert await search(self.database, vault, "nik", Nik(a_nik(serial))) == [subject_id]
        assert await search(self.database, vault, "phone", _second_phone(serial)) == [subject_id]
        assert (await read(self.database, vault, subject_id)).version == 2


def _second_phone(serial: int) -> Phone:
    return Phone(f"+62813000{serial:05}")


async def test_writers_and_readers_notice_nothing_of_a_rotation(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    desks = [Desk(database, a_vault()) for _ in range(4)]
    stop, serials = asyncio.Event(), count(1)
    async with asyncio.TaskGroup() as writers:
        for desk in desks:
            writers.create_task(desk.work(stop, serials))
        for rotate in ROTATIONS * 3:
            await rotate(a_vault(), worker, silently)
        stop.set()

    assert [len(each) for each in await keys(registry)] == [1, 1]
    assert [len(each) for each in await in_use(registry)] == [1, 1]
    for desk in desks:
        assert desk.kept
        for subject_id, serial in desk.kept.items():
            await desk.finds(a_vault(), subject_id, serial)
        for subject_id in desk.erased:
            with pytest.raises(Erased):
                await read(database, a_vault(), subject_id)


async def test_two_rotations_at_once_share_the_work(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    ids = await enclose_many(database, a_vault(), MANY)

    for rotate in ROTATIONS:
        await asyncio.gather(*(rotate(a_vault(), worker, silently) for _ in range(2)))

    assert [len(each) for each in await keys(registry)] == [1, 1]
    assert await search(database, a_vault(), "nik", Nik(a_nik(1))) == [ids[0]]


async def test_a_writer_of_before_is_waited_for(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    vault, subject_id = a_vault(), uuid4()
    async with database.transaction(an_officer()) as tx:
        await vault.enclose(tx, subject_id, BATU, a_guest())
        rotating = [
            asyncio.create_task(rotate(a_vault(), worker, silently)) for rotate in ROTATIONS
        ]
        done, _ = await asyncio.wait(rotating, timeout=0.3)
        assert not done
    await asyncio.gather(*rotating)

    assert await keys(registry) == ([2], [2])
    assert await search(database, a_vault(), "nik", Nik(a_nik())) == [subject_id]


async def test_an_erased_person_does_not_come_back_with_a_rotation(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    subject_id = await enclose(database, a_vault())
    await erase(database, a_vault(), subject_id)

    for rotate in ROTATIONS:
        await rotate(a_vault(), worker, silently)

    with pytest.raises(Erased):
        await read(database, a_vault(), subject_id)
    assert await in_use(registry) == (set(), set())


async def test_an_epoch_that_somebody_still_needs_cannot_be_taken_away(
    registry: Ecosystem, database: Database
) -> None:
    await enclose(database, a_vault())

    for table in ("epoch_key", "index_key"):
        with pytest.raises(Exception, match="violates foreign key constraint"):
            await registry.rows("registry", f"DELETE FROM vault.{table}")  # noqa: S608


async def test_a_rotation_without_the_key_service_changes_nothing(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    subject_id = await enclose(database, a_vault())
    service = Faltering(a_keyring())
    service.up = False

    for rotate in ROTATIONS:
        with pytest.raises(Unavailable):
            await rotate(a_vault(service), worker, silently)

    assert await keys(registry) == ([1], [1])
    assert (await read(database, a_vault(), subject_id)).fields == MASKED


async def test_a_change_during_a_rotation_is_found_after_it(
    registry: Ecosystem, database: Database, worker: Database
) -> None:
    ids = await enclose_many(database, a_vault(), MANY)
    with pytest.raises(Killed):
        await rotate_index(a_vault(), worker, dying_after(2))
    changed = Phone("+6281399999999")
    for subject_id in (ids[0], ids[-1]):
        async with database.transaction(an_officer()) as tx:
            await a_vault().change(tx, subject_id, Versions({1}), {"phone": changed})

    await rotate_index(a_vault(), worker, silently)

    assert await keys(registry) == ([1], [2])
    assert set(await search(database, a_vault(), "phone", changed)) == {ids[0], ids[-1]}
    assert await search(database, a_vault(), "phone", Phone("+6281200000001")) == []
