"""Clients of a guarded table who ask for every row, and whose queries forget their scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from shared.access.actor import Actor, Grant, Role, Scope, ScopeKind
from shared.database import Database
from tests.faults.impatient import Deed, Impatient
from tests.support.row_security import drawer, in_drawer

UNITS = {UUID(int=1): "35.79", UUID(int=2): "31.71"}
"""Two units and their regions."""
ROWS = 10
"""Of each unit."""


async def fill(database: Database) -> None:
    """Give each unit its rows, which say whose they are."""
    async with database.transaction() as tx:
        for unit, region in UNITS.items():
            for _ in range(ROWS):
                await tx.execute(in_drawer(unit, region, str(unit)))


@dataclass
class Rummager(Impatient):
    """Somebody of one unit."""

    database: Database
    unit: UUID

    def deeds(self) -> Sequence[Deed]:
        """All alike."""
        return (self.look, self.look_as_nobody, self.change, self.replace, self.smuggle)

    async def look(self) -> None:
        """Ask for every row, twice in one transaction."""
        async with self.database.reading(self._actor) as tx:
            for _ in range(2):
                self._note_foreign("saw", await tx.scalars(sa.select(drawer.c.unit_id)))

    async def look_as_nobody(self) -> None:
        """Ask for every row without saying who asks."""
        async with self.database.reading() as tx:
            units = await tx.scalars(sa.select(drawer.c.unit_id))
            self.foreign += [f"nobody saw {unit}" for unit in units]

    async def change(self) -> None:
        """Sign some row, whosever it is."""
        signed = sa.update(drawer).values(content=str(self.unit))
        async with self.database.transaction(self._actor) as tx:
            units = await tx.scalars(signed.where(_some()).returning(drawer.c.unit_id))
            self._note_foreign("changed", units)

    async def replace(self) -> None:
        """Take some row away, whosever it is, and put one of the unit there."""
        async with self.database.transaction(self._actor) as tx:
            taken = sa.delete(drawer).where(_some())
            self._note_foreign("took", await tx.scalars(taken.returning(drawer.c.unit_id)))
            await tx.execute(in_drawer(self.unit, UNITS[self.unit], str(self.unit)))

    async def smuggle(self) -> None:
        """Put a row into the other unit."""
        [other] = set(UNITS) - {self.unit}
        try:
            async with self.database.transaction(self._actor) as tx:
                await tx.execute(in_drawer(other, UNITS[other], str(self.unit)))
        except ProgrammingError:
            return
        self.foreign.append(f"put into {other}")

    def _note_foreign(self, deed: str, units: sa.ScalarResult[UUID]) -> None:
        self.foreign += [f"{deed} {unit}" for unit in units if unit != self.unit]

    @property
    def _actor(self) -> Actor:
        grant = Grant(Role.DESK_OFFICER, Scope(ScopeKind.UNIT, self.unit))
        return Actor("somebody", frozenset({grant}), operation="rummage")


def _some() -> sa.ColumnElement[bool]:
    some = sa.select(drawer.c.id).order_by(sa.func.random()).limit(1)
    return drawer.c.id == some.scalar_subquery()
