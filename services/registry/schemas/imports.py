"""What the API gives of imports."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from services.registry.models import EnterpriseImport, ImportStatus


class ImportView(BaseModel):
    """How far an import is: `bytes_done` of `bytes_total`, and what became of the rows so far.

    `accepted` rows were registered, `known` ones had been registered from another file, and
    `rejected` ones are in the report. A `failed` import met a fault of ours; what it did before
    stays.
    """

    id: UUID
    status: ImportStatus
    submitted_at: datetime
    bytes_total: int
    bytes_done: int
    rows_done: int
    accepted: int
    known: int
    rejected: int

    @classmethod
    def of(cls, job: EnterpriseImport) -> Self:
        """Show an import."""
        facts = job.model_dump(include=set(cls.model_fields))
        return cls(rows_done=job.accepted + job.known + job.rejected, **facts)


class RejectionView(BaseModel):
    """A line of the file that was not taken over, why, and how to repair it."""

    line: int
    field: str
    code: str
    reason: str
    repair: str
