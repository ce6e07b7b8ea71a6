"""What the API takes and gives of consents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.models import Channel, Consent
from services.registry.schemas.enterprises import example
from services.registry.schemas.texts import Version
from shared.events.registry import ConsentField, ConsentPurpose, ConsentStatus
from shared.instants import Instant
from shared.web.bodies import Command


class GrantConsent(Command):
    """Record that an owner lets a partner see some fields for one purpose, until an instant."""

    model_config = example(
        recipient_id="0198c0de-0000-7000-8000-000000000003",
        purpose="financing",
        fields=["trade_name", "kbli", "size_class", "owner_phone"],
        until="2027-06-30T23:59:59+07:00",
        text_version="2026-1",
        channel="paper",
    )

    recipient_id: UUID
    purpose: ConsentPurpose
    fields: Annotated[tuple[ConsentField, ...], Field(min_length=1, max_length=7)]
    until: Instant
    text_version: Version
    channel: Channel


class ConsentView(BaseModel):
    """A consent; `actions` are the operations that are open to whoever asks."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )

    id: UUID
    enterprise_id: UUID
    recipient_id: UUID
    purpose: ConsentPurpose
    fields: list[ConsentField]
    until: datetime
    status: ConsentStatus
    text_version: str
    channel: Channel
    actions: list[str] = []

    @classmethod
    def of(cls, consent: Consent, actions: Sequence[str]) -> Self:
        """Show a consent."""
        return cls.model_validate(consent).model_copy(update={"actions": list(actions)})
