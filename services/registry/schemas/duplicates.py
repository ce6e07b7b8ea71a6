"""What the API gives of pairs that look alike."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.registry.models import DuplicateReason, DuplicateStatus


class DuplicateView(BaseModel):
    """Two enterprises that may be one, the later one first, and why."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    enterprise_id: UUID
    other_id: UUID
    reasons: list[DuplicateReason]
    status: DuplicateStatus
    found_at: datetime
