"""Who came to a unit's desk, and what for."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.errors import NothingChanged
from services.registry.models.table import Table
from shared.events.registry import AssistanceField, Need, VisitState
from shared.events.state import State
from shared.streams.aggregate import Aggregate


class Visit(Table, Aggregate, table=True):
    """Somebody who came with a need; anonymous until an enterprise is named."""

    __state__: ClassVar[type[State]] = VisitState
    __table_args__ = (sa.Index("visit_by_unit", "unit_id", "arrived_at", "id"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID = Field(foreign_key="unit.id")
    region_code: str = Field(sa_type=sa.Text)
    arrived_at: datetime = Field(sa_type=sa.DateTime(timezone=True))
    need: Need = Field(sa_type=sa.Text)
    field: AssistanceField | None = Field(default=None, sa_type=sa.Text)
    enterprise_id: UUID | None = Field(default=None, foreign_key="enterprise.id", index=True)

    def change(self, need: Need, field: AssistanceField | None, enterprise_id: UUID | None) -> None:
        """Correct it, or say later whose visit it was. Raises NothingChanged."""
        if (need, field, enterprise_id) == (self.need, self.field, self.enterprise_id):
            raise NothingChanged("It is so already; leave the field out.")
        self.need, self.field, self.enterprise_id = need, field, enterprise_id
