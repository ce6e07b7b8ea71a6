"""The units."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.models.table import Table
from shared.events.registry import UnitLevel, UnitState
from shared.events.state import State
from shared.streams.aggregate import Aggregate


class Unit(Table, Aggregate, table=True):
    """A PLUT: a service centre, provincial or of a regency or city."""

    __state__: ClassVar[type[State]] = UnitState

    id: UUID = Field(primary_key=True)
    level: UnitLevel = Field(sa_type=sa.Text)
    region_code: str = Field(sa_type=sa.Text, unique=True)
    time_zone: str = Field(sa_type=sa.Text)
