"""What an enterprise has, sells and employs on a day, and the class that follows."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.models.table import Table
from shared.events.registry import SizeClass

Source = Literal["said", "seen", "document"]
Criterion = Literal["capital", "sales"]


class Snapshot(Table, table=True):
    """The economics of an enterprise on a day; amounts in rupiah, `annual_sales` of a whole year.

    `capital` leaves out land and building of the place of business. Both criteria are kept, with
    the one that decided and the rule that was asked.
    """

    __tablename__ = "economic_snapshot"
    __table_args__ = (
        sa.Index("economic_snapshot_by_day", "enterprise_id", "as_of", "id"),
        sa.CheckConstraint("capital >= 0 AND annual_sales >= 0", name="rupiah_not_negative"),
        sa.CheckConstraint("workers_f >= 0 AND workers_m >= 0", name="workers_not_negative"),
    )

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    as_of: date
    capital: int = Field(sa_type=sa.BigInteger)
    annual_sales: int = Field(sa_type=sa.BigInteger)
    workers_f: int
    workers_m: int
    source: Source = Field(sa_type=sa.Text)
    new_business: bool
    rule: str = Field(sa_type=sa.Text)
    class_by_capital: SizeClass | None = Field(sa_type=sa.Text)
    class_by_sales: SizeClass | None = Field(sa_type=sa.Text)
    decided_by: Criterion = Field(sa_type=sa.Text)
    size_class: SizeClass = Field(sa_type=sa.Text)
    recorded_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )
