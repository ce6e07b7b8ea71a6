"""The numbers that offices gave an enterprise, and how far each was checked."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.models.table import Table

IdentifierKind = Literal["nib", "npwp", "cooperative_number", "halal", "pirt", "brand"]
CheckLevel = Literal["format", "seen", "verified"]
"""Well written; its certificate was seen; or the office that issued it says so."""

# No two enterprises share such a number, and each has one at most.
_SOLE = sa.text("kind IN ('nib', 'cooperative_number')")


class Identifier(Table, table=True):
    """A number of an enterprise; `issued_on` and `valid_until` are what its certificate says."""

    __table_args__ = (
        sa.UniqueConstraint("enterprise_id", "kind", "value"),
        sa.Index("identifier_sole", "kind", "value", unique=True, postgresql_where=_SOLE),
        sa.Index("identifier_one", "enterprise_id", "kind", unique=True, postgresql_where=_SOLE),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    kind: IdentifierKind = Field(sa_type=sa.Text)
    value: str = Field(sa_type=sa.Text)
    check_level: CheckLevel = Field(default="format", sa_type=sa.Text)
    checked_on: date | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    noted_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )
