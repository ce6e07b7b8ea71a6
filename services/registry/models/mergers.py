"""Enterprises that turned out to be one, which can be told apart again exactly."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.errors import CannotMerge, SurvivorMerged
from services.registry.models.enterprises import Enterprise
from services.registry.models.table import Table


class Merger(Table, table=True):
    """That an enterprise was merged into another; the row lives as long as it is so.

    `added` are the owners whom the survivor has by this merger alone.
    """

    merged_id: UUID = Field(primary_key=True, foreign_key="enterprise.id")
    survivor_id: UUID = Field(foreign_key="enterprise.id", index=True)
    added: list[UUID] = Field(sa_type=ARRAY(sa.Uuid))
    merged_by: str = Field(sa_type=sa.Text)
    merged_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )


def merge(merged: Enterprise, survivor: Enterprise, subject: str) -> Merger:
    """See two as one from now on: ids stay, and the survivor has the owners of both.

    Raises CannotMerge, EnterpriseClosed, EnterpriseMerged.
    """
    if merged.id == survivor.id:
        raise CannotMerge("An enterprise cannot be merged into itself. Name another one.")
    merged.refuse_unless_active()
    survivor.refuse_unless_active()
    merged.status, merged.merged_into = "merged", survivor.id
    added = survivor.take_in_owners(merged.owner_ids)
    return Merger(merged_id=merged.id, survivor_id=survivor.id, added=added, merged_by=subject)


def part(
    merger: Merger,
    merged: Enterprise,
    survivor: Enterprise,
    others: Sequence[tuple[Merger, Enterprise]],
) -> None:
    """See them as two again, each with the owners it has without the other.

    `others` are the mergers into the same survivor that stay, with what they merged. An owner whom
    one of them has too stays with the survivor, by that merger from now on. Raises SurvivorMerged.
    """
    if survivor.status == "merged":
        raise SurvivorMerged("The one it was merged into was merged too. Undo that merger first.")
    leaving = list(merger.added)
    for other, also_merged in others:
        kept = [each for each in leaving if each in also_merged.owner_ids]
        other.added = [*other.added, *kept]
        leaving = [each for each in leaving if each not in kept]
    survivor.owner_ids = [each for each in survivor.owner_ids if each not in leaving]
    merged.status, merged.merged_into = "active", None
