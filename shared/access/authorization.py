"""The authorization matrix: which role may ask for which operation, and how far.

A service keeps its rows in `authorization.toml`, one table per operation:

    [register_enterprise]
    scope = ["ministry", "unit_head", "desk_officer"]

`allow` lets a role reach everything, `scope` what lies within its grant, `own` what is the
person's own; a role that is not named may not. `"everyone"` stands for all roles.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from shared.access.actor import NATION, Actor, Grant, Role, ScopeKind
from shared.refusals import Forbidden
from shared.sentences import Spoken

EVERYONE = "everyone"
_OF_ONES_OWN = (ScopeKind.ENTERPRISE, ScopeKind.PARTNER)


class Reach(StrEnum):
    """How far an operation is open to a role."""

    ALLOW = "allow"
    SCOPE = "scope"
    OWN = "own"
    DENY = "deny"


Row = Mapping[Role, Reach]


class MatrixIncomplete(Spoken):
    """A service whose operations and whose rows are not the same does not start."""


class Authorization:
    """The rows of one service."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows = rows

    @classmethod
    def read(cls, *files: Path) -> Self:
        """Read the rows from one or more files.

        Raises ValueError for a reach or role that there is not, or a role named twice in a row.
        """
        tables: dict[str, Any] = {}
        for file in files:
            tables |= tomllib.loads(file.read_text(encoding="utf-8"))
        return cls({operation: _row(operation, table) for operation, table in tables.items()})

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that have a row, in the order of the file."""
        return tuple(self._rows)

    def reach(self, operation: str, role: Role) -> Reach:
        """How far the operation is open to the role."""
        return self._rows[operation].get(role, Reach.DENY)

    def refuse_unless_complete(self, operations: Iterable[str]) -> None:
        """Raise MatrixIncomplete unless exactly these operations have rows."""
        wanted = frozenset(operations)
        without, idle = wanted - self._rows.keys(), self._rows.keys() - wanted
        if without or idle:
            message = f"operations without a row: {sorted(without)}; idle rows: {sorted(idle)}"
            raise MatrixIncomplete(message)

    def narrow(self, actor: Actor, operation: str) -> Actor:
        """The actor as far as one operation goes: with the grants that count for it, no others.

        Raises Forbidden when none does.
        """
        counting = {
            grant: reach
            for grant in actor.grants
            if (reach := self.reach(operation, grant.role)) is not Reach.DENY
        }
        if not counting:
            raise Forbidden("None of your roles allows this.")
        grants = (_counted(grant, reach) for grant, reach in counting.items())
        return replace(
            actor,
            grants=frozenset(grant for grant in grants if grant is not None),
            person_id=actor.person_id if Reach.OWN in counting.values() else None,
            operation=operation,
        )


def _counted(grant: Grant, reach: Reach) -> Grant | None:
    if reach is Reach.ALLOW:
        return replace(grant, scope=NATION)
    if reach is Reach.OWN and grant.scope.kind not in _OF_ONES_OWN:
        return None
    return grant


def _row(operation: str, table: Mapping[str, Any]) -> Row:
    row: dict[Role, Reach] = {}
    for name, roles in table.items():
        for role in Role if roles == EVERYONE else map(Role, roles):
            if role in row:
                message = f"{operation} names {role} twice"
                raise ValueError(message)
            row[role] = Reach(name)
    return row
