"""Pairs of enterprises that may be one, for people to decide."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.models.table import Table

DuplicateReason = Literal["similar_name", "same_owner", "same_phone"]
DuplicateStatus = Literal["open", "dismissed"]

SIMILAR: Final = 0.6
"""Share of trigrams that two names have in common (pg_trgm) from which a person should look."""
MOST: Final = 5
"""Pairs of one enterprise for each reason; who finds five need not see more to look closer."""


class Duplicate(Table, table=True):
    """Two enterprises that look alike; dismissed once, they are never flagged again.

    `enterprise_id` is the one whose registration or change showed it.
    """

    __table_args__ = (sa.UniqueConstraint("enterprise_id", "other_id"),)

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID
    other_id: UUID = Field(index=True)
    reasons: list[str] = Field(sa_type=ARRAY(sa.Text))
    status: DuplicateStatus = Field(default="open", sa_type=sa.Text)
    found_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )
    dismissed_by: str | None = Field(default=None, sa_type=sa.Text)
