"""Files of enterprises on their way into the registry."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.registry.models.table import Table

ImportStatus = Literal["waiting", "running", "done", "failed"]


class EnterpriseImport(Table, table=True):
    """A file of enterprises on its way into the registry; its bytes are known by their digest.

    Only rows within `scope`, which is that of who handed it in, are taken over; so the same bytes
    may come once for each scope.
    """

    __tablename__ = "enterprise_import"
    __table_args__ = (sa.UniqueConstraint("digest", "scope"),)

    id: UUID = Field(primary_key=True)
    digest: bytes = Field(sa_type=sa.LargeBinary)
    status: ImportStatus = Field(default="waiting", sa_type=sa.Text)
    scope: str = Field(sa_type=sa.Text)
    submitted_by: str = Field(sa_type=sa.Text)
    submitted_at: datetime | None = Field(
        default=None,
        sa_type=sa.DateTime(timezone=True),
        sa_column_kwargs={"server_default": sa.func.now(), "nullable": False},
    )
    delimiter: str = Field(sa_type=sa.Text)
    columns: str = Field(sa_type=sa.Text)
    bytes_total: int = Field(sa_type=sa.BigInteger)
    bytes_done: int = Field(default=0, sa_type=sa.BigInteger)
    line: int = 0
    accepted: int = 0
    known: int = 0
    rejected: int = 0


class ImportChunk(Table, table=True):
    """A piece of an imported file, kept until the file is done."""

    __tablename__ = "import_chunk"

    import_id: UUID = Field(primary_key=True, foreign_key="enterprise_import.id")
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=sa.LargeBinary)


class ImportRejection(Table, table=True):
    """A line that could not be taken over: which field, and the code of the reason."""

    __tablename__ = "import_rejection"

    import_id: UUID = Field(primary_key=True, foreign_key="enterprise_import.id")
    line: int = Field(primary_key=True)
    field: str = Field(sa_type=sa.Text)
    code: str = Field(sa_type=sa.Text)
