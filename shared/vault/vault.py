"""A service's vault: what it keeps of persons, within reach of who may see the unit they are of."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from shared.access.actor import Actor
from shared.access.scope import Place, visible_to
from shared.personal import Personal
from shared.refusals import Conflict, Erased, NotFound
from shared.streams.log import Tx
from shared.vault.cipher import digest
from shared.vault.fields import Home, PersonalFields, Shown
from shared.vault.keys import Key, Keys
from shared.vault.subject_key import SubjectKey
from shared.vault.tables import blind_index, epoch_key, erasure, field, subject
from shared.web.etags import Versions

F = TypeVar("F", bound=PersonalFields)

MOST_HITS = 20
"""Subjects that one search shows."""

Reach = Callable[[Actor | None], sa.ColumnElement[bool]]
"""The condition under which an actor may see a subject."""

_PLACE = Place(unit=subject.c.unit_id, region=subject.c.region_code, persons=subject.c.subject_id)


def at_home(actor: Actor | None) -> sa.ColumnElement[bool]:
    """Subjects are within reach where they belong, and in their own."""
    return visible_to(actor, _PLACE)


class PersonNotFound(NotFound):
    """Nobody has this id whom this actor may see."""

    title = "No such person"


class PersonKnown(Conflict):
    """The unit knows somebody by this value already."""

    title = "The person is known already"


class Vault(Generic[F]):
    """Keeps the fields of one kind of person. Whatever needs a key may raise Unavailable."""

    def __init__(self, kind: type[F], keys: Keys, reach: Reach = at_home) -> None:
        self.kind = kind
        self.keys = keys
        self._reach = reach

    async def enclose(self, tx: Tx, subject_id: UUID, home: Home, fields: F) -> Shown:
        """Keep a new person's fields. Raises PersonKnown."""
        epoch, indexes = await self.keys.to_write_with(tx)
        key = SubjectKey.new(subject_id)
        wrapped = {"wrapped_key": key.wrapped(epoch), "epoch_id": epoch.id}
        row = {"subject_id": subject_id, **asdict(home), "key_id": key.key_id, **wrapped}
        await tx.execute(sa.insert(subject).values(row))
        await self._write(tx, key, home, fields.present(), indexes)
        tx.person = subject_id, home.unit_id
        return Shown.of(subject_id, home, 1, fields)

    async def read(self, tx: Tx, subject_id: UUID) -> Shown:
        """Show a person masked. Raises PersonNotFound, Erased."""
        row = await self.find(tx, subject_id)
        return _shown(row, await self.unseal(row))

    async def search(self, tx: Tx, name: str, value: Personal) -> list[Shown]:
        """Find whoever has exactly this value in a searchable field."""
        indexes = await self.keys.indexes(tx)
        digests = [digest(key.secret, name, value.reveal()) for key in indexes]
        hits = sa.select(blind_index.c.subject_id).where(
            blind_index.c.name == name, blind_index.c.digest.in_(digests)
        )
        of_these = sa.and_(subject.c.subject_id.in_(hits), self._reach(tx.actor))
        rows = await sealed(tx, of_these)
        return [_shown(row, await self.unseal(row)) for row in rows]

    async def change(
        self, tx: Tx, subject_id: UUID, seen: Versions, changes: Mapping[str, Personal | None]
    ) -> Shown:
        """Change some fields; None takes one away. What is so already leaves the version.

        Raises PersonNotFound, Erased, Stale, PersonKnown, and pydantic's ValidationError when a
        field that must be there is taken away.
        """
        _, indexes = await self.keys.to_write_with(tx)
        row = await self._locked(tx, subject_id)
        seen.refuse_if_stale(row.version)
        before = await self.unseal(row)
        after = self.kind.model_validate(dict(before) | dict(changes))
        old, new = before.present(), after.present()
        changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        if not changed:
            return _shown(row, before)
        for table in (field, blind_index):
            of_these = sa.and_(table.c.subject_id == subject_id, table.c.name.in_(changed))
            await tx.execute(sa.delete(table).where(of_these))
        fresh = {name: new[name] for name in sorted(changed & new.keys())}
        await self._write(tx, await self.key_of(row), home_of(row), fresh, indexes)
        await tx.execute(_one(subject_id).values(version=row.version + 1))
        return Shown.of(subject_id, home_of(row), row.version + 1, after)

    async def erase(self, tx: Tx, subject_id: UUID) -> None:
        """Destroy a person's key with all that it sealed, and note it in the ledger.

        It needs no key itself. Raises PersonNotFound, Erased.
        """
        row = await self._locked(tx, subject_id)
        gone = dict.fromkeys(("key_id", "wrapped_key", "epoch_id"))
        await tx.execute(
            _one(subject_id).values(version=row.version + 1, erased_at=sa.func.now(), **gone)
        )
        for table in (field, blind_index):
            await tx.execute(sa.delete(table).where(table.c.subject_id == subject_id))
        who = tx.actor.subject if tx.actor else ""
        line = {"subject_id": subject_id, **asdict(home_of(row)), "erased_by": who}
        await tx.execute(sa.insert(erasure).values(line))

    async def find(self, tx: Tx, subject_id: UUID) -> sa.Row[Any]:
        """A person whom the actor may see, still sealed. Raises PersonNotFound, Erased."""
        rows = await sealed(tx, subject.c.subject_id == subject_id, self._reach(tx.actor))
        if not rows:
            raise PersonNotFound("There is nobody with this id.")
        if rows[0].erased_at is not None:
            raise Erased("Everything that was kept of this person has been erased.")
        return rows[0]

    async def unseal(self, row: sa.Row[Any]) -> F:
        """The fields of a sealed row."""
        key = await self.key_of(row)
        values = zip(row.field_names or (), row.field_values or (), strict=True)
        # A newer version of the service may keep more than this one knows.
        known = {name: value for name, value in values if name in self.kind.model_fields}
        return self.kind.kept({name: key.unseal(name, value) for name, value in known.items()})

    def digests(
        self, subject_id: UUID, home: Home, fields: Mapping[str, Personal], keys: Sequence[Key]
    ) -> list[dict[str, Any]]:
        """The rows by which these fields are found: one for each index key."""
        whose = {"subject_id": subject_id, **asdict(home)}
        return [
            {**whose, "name": name, "sole": mark.sole, "key_id": key.id}
            | {"digest": digest(key.secret, name, fields[name].reveal())}
            for name, mark in self.kind.indexed().items()
            if name in fields
            for key in keys
        ]

    async def _locked(self, tx: Tx, subject_id: UUID) -> sa.Row[Any]:
        # Locked first and read then: a row that was waited for would come with its old fields.
        lock = sa.select(subject.c.subject_id).where(subject.c.subject_id == subject_id)
        await tx.execute(lock.with_for_update())
        row = await self.find(tx, subject_id)
        tx.person = subject_id, row.unit_id
        return row

    async def key_of(self, row: sa.Row[Any]) -> SubjectKey:
        """The key of a sealed row's subject."""
        epoch = await self.keys.epoch(row.epoch_id, row.epoch_wrapped)
        return SubjectKey.unwrapped(row.subject_id, row.key_id, row.wrapped_key, epoch)

    async def _write(
        self,
        tx: Tx,
        key: SubjectKey,
        home: Home,
        fields: Mapping[str, Personal],
        indexes: list[Key],
    ) -> None:
        whose = {"subject_id": key.subject_id, **asdict(home)}
        values = [
            {**whose, "name": name, "value": key.seal(name, value.reveal())}
            for name, value in fields.items()
        ]
        if values:
            await tx.execute(sa.insert(field), values)
        lines = self.digests(key.subject_id, home, fields, indexes)
        written = await write_digests(tx, lines)
        for line in lines:
            if (line["name"], line["key_id"]) not in written:
                message = (
                    "The unit knows a person with this value already. Search for them instead."
                )
                raise PersonKnown(message, pointer=f"/{line['name']}")


async def homes(tx: Tx, ids: Collection[UUID], reach: Reach = at_home) -> dict[UUID, Home]:
    """Where these persons belong, of those whom the actor may see and who are not erased.

    None of them is erased before `tx` ends; no key is needed.
    """
    those = subject.c.subject_id.in_(ids), subject.c.erased_at.is_(None)
    statement = sa.select(subject).where(*those, reach(tx.actor))
    rows = await tx.execute(statement.order_by(subject.c.subject_id).with_for_update(read=True))
    return {row.subject_id: home_of(row) for row in rows}


async def sealed(
    tx: Tx, *which: sa.ColumnElement[bool], most: int = MOST_HITS
) -> Sequence[sa.Row[Any]]:
    """Some subjects, the oldest first, each with its sealed fields.

    One statement reads it all, so that nobody is seen half erased or without their epoch's key.
    """
    names, values = (
        sa.select(sa.func.array_agg(aggregate_order_by(column, field.c.name)))
        .where(field.c.subject_id == subject.c.subject_id)
        .scalar_subquery()
        for column in (field.c.name, field.c.value)
    )
    statement = (
        sa.select(
            subject,
            epoch_key.c.wrapped.label("epoch_wrapped"),
            names.label("field_names"),
            values.label("field_values"),
        )
        .outerjoin_from(subject, epoch_key)
        .where(*which)
        .order_by(subject.c.made_at, subject.c.subject_id)
        .limit(most)
    )
    return (await tx.execute(statement)).all()


async def write_digests(tx: Tx, lines: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """Write those that stand in nobody's way; return which, by their fields and their keys."""
    if not lines:
        return set()
    # A plain insert that meets a unique index would end the whole transaction.
    written = insert(blind_index).values(lines).on_conflict_do_nothing()
    rows = await tx.execute(written.returning(blind_index.c.name, blind_index.c.key_id))
    return {(row.name, row.key_id) for row in rows}


def _shown(row: sa.Row[Any], fields: PersonalFields) -> Shown:
    return Shown.of(row.subject_id, home_of(row), row.version, fields)


def home_of(row: sa.Row[Any]) -> Home:
    """Where a subject belongs."""
    return Home(row.unit_id, row.region_code)


def _one(subject_id: UUID) -> sa.Update:
    return sa.update(subject).where(subject.c.subject_id == subject_id)
