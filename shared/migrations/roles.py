"""The three roles of a service's database, and how a migration becomes the owner."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Self

import sqlalchemy as sa

from shared.sentences import Spoken

_MISSING = sa.text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name "
    "WHERE name NOT IN (SELECT rolname FROM pg_roles) ORDER BY name"
)
_OWNS = sa.text(
    "SELECT pg_has_role(:owner, datdba, 'MEMBER') FROM pg_database "
    "WHERE datname = current_database()"
)


class RolesMissing(Spoken):
    """A database that is not prepared for its service; the message says what to create."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Who enters a service's database: one owns and migrates, the app answers, a worker works."""

    owner: str
    app: str
    worker: str

    @classmethod
    def of(cls, name: str) -> Self:
        """The roles of a service, each named after it."""
        return cls(f"{name}_owner", f"{name}_app", f"{name}_worker")

    def __iter__(self) -> Iterator[str]:
        """All three."""
        return iter(astuple(self))


def become_owner(connection: sa.Connection, roles: Roles) -> None:
    """Do what follows in this transaction as the owner, so that all of it belongs to the owner.

    Raises RolesMissing when a role is not there, or the database belongs to somebody else.
    """
    missing = connection.scalars(_MISSING, {"names": list(roles)}).all()
    if missing:
        wanted = " ".join(f"CREATE ROLE {name} LOGIN;" for name in missing)
        message = f"Roles are missing. Let a superuser of this PostgreSQL create them: {wanted}"
        raise RolesMissing(message)
    if not connection.scalar(_OWNS, {"owner": roles.owner}):
        message = f"The database must belong to {roles.owner}: ALTER DATABASE … OWNER TO it."
        raise RolesMissing(message)
    connection.execute(sa.text(f"SET LOCAL ROLE {roles.owner}"))
    # A guarded table shows its owner no rows; a migration that overlooks it must fail, not skip.
    connection.execute(sa.text("SET LOCAL row_security = off"))
