"""Who has which place when: the one table that refuses every overlap, whoever writes to it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint

from services.facilities.models.table import metadata

occupied_place = sa.Table(
    "occupied_place",
    metadata,
    sa.Column("holder_id", sa.Uuid, primary_key=True),
    sa.Column("facility_id", sa.Uuid, sa.ForeignKey("facility.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("during", TSTZRANGE, nullable=False),
    ExcludeConstraint(
        ("facility_id", "="), ("place", "="), ("during", "&&"), name="no_place_twice"
    ),
    sa.CheckConstraint("NOT isempty(during)", name="occupied_for_a_time"),
)
"""The holder is a booking, buffers in its `during`, or a tenancy; it holds a place once."""
