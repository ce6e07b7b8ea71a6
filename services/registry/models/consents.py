"""What owners allow others to see."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.errors import ConsentWithdrawn
from services.registry.models.table import Table
from shared.events.registry import ConsentPurpose, ConsentState, ConsentStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate

Channel = Literal["paper", "thumbprint", "one_time_code", "spoken"]
"""How the owner said so."""


class Consent(Table, Aggregate, table=True):
    """An owner's consent, as the desk recorded it.

    `text_version` names the text that the owner was shown (UU 27/2022, 21).
    """

    __state__: ClassVar[type[State]] = ConsentState
    __table_args__ = (sa.Index("consent_by_enterprise", "enterprise_id", "id"),)

    id: UUID = Field(primary_key=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id")
    unit_id: UUID = Field(foreign_key="unit.id")
    recipient_id: UUID
    purpose: ConsentPurpose = Field(sa_type=sa.Text)
    fields: list[str] = Field(sa_type=ARRAY(sa.Text))
    until: datetime = Field(sa_type=sa.DateTime(timezone=True))
    status: ConsentStatus = Field(default="granted", sa_type=sa.Text)
    text_version: str = Field(sa_type=sa.Text)
    channel: Channel = Field(sa_type=sa.Text)
    recorded_by: str = Field(sa_type=sa.Text)
    granted_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )

    @property
    def open_operations(self) -> tuple[str, ...]:
        """What its state allows."""
        return ("withdraw_consent",) if self.status == "granted" else ()

    def withdraw(self) -> None:
        """End it for good (UU 27/2022, 9). Raises ConsentWithdrawn."""
        if self.status != "granted":
            raise ConsentWithdrawn("It is withdrawn already. Record a new consent instead.")
        self.status = "withdrawn"
