"""The registry's tables, and the rules that keep them true."""

import unicodedata
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.registry.errors import EnterpriseActive, EnterpriseClosed, NothingChanged
from shared.events.registry import (
    EnterpriseState,
    EnterpriseStatus,
    Kind,
    SizeClass,
    UnitLevel,
    UnitState,
)
from shared.events.state import State
from shared.streams.aggregate import Aggregate

metadata = sa.MetaData()

ImportStatus = Literal["waiting", "running", "done", "failed"]


class Table(SQLModel, registry=registry(metadata=metadata)):
    """The registry's own tables, apart from every other service's in the same process."""

    metadata = metadata


class Unit(Table, Aggregate, table=True):
    """A PLUT: a service centre, provincial or of a regency or city."""

    __state__: ClassVar[type[State]] = UnitState

    id: UUID = Field(primary_key=True)
    level: UnitLevel = Field(sa_type=sa.Text)
    region_code: str = Field(sa_type=sa.Text, unique=True)
    time_zone: str = Field(sa_type=sa.Text)


class Enterprise(Table, Aggregate, table=True):
    """A micro, small or medium enterprise, or a cooperative, served by one unit.

    `import_id` and `import_line` say from which line of which file it came, if it did.
    """

    __state__: ClassVar[type[State]] = EnterpriseState
    __table_args__ = (
        sa.Index(
            "enterprise_search",
            "search_name",
            postgresql_using="gin",
            postgresql_ops={"search_name": "gin_trgm_ops"},
        ),
        sa.Index("enterprise_by_name", "search_name", "id"),
        sa.Index(
            "enterprise_by_village",
            "village_code",
            "search_name",
            "id",
            postgresql_ops={"village_code": "text_pattern_ops"},
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: Kind = Field(sa_type=sa.Text)
    trade_name: str = Field(sa_type=sa.Text)
    search_name: str = Field(sa_type=sa.Text)
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    village_code: str = Field(sa_type=sa.Text)
    kbli: str = Field(sa_type=sa.Text)
    size_class: SizeClass = Field(sa_type=sa.Text)
    status: EnterpriseStatus = Field(default="active", sa_type=sa.Text)
    merged_into: UUID | None = None
    reference: str | None = Field(default=None, sa_type=sa.Text)
    import_id: UUID | None = Field(default=None, foreign_key="enterprise_import.id", index=True)
    import_line: int | None = None

    @classmethod
    def register(
        cls,
        enterprise_id: UUID,
        trade_name: str,
        **facts: Any,  # noqa: ANN401 (its columns, typed below)
    ) -> "Enterprise":
        """Take a new enterprise into the registry; its facts were checked at the edge."""
        return cls(
            id=enterprise_id,
            trade_name=trade_name,
            search_name=searchable(trade_name),
            **facts,
        )

    def rename(self, trade_name: str) -> None:
        """Trade under another name. Raises EnterpriseClosed, NothingChanged."""
        self._refuse_unless_active()
        _refuse_if_same(self.trade_name, trade_name)
        self.trade_name = trade_name
        self.search_name = searchable(trade_name)

    def reclassify(self, size_class: SizeClass) -> None:
        """Move to another size class (PP 7/2021, 35). Raises EnterpriseClosed, NothingChanged."""
        self._refuse_unless_active()
        _refuse_if_same(self.size_class, size_class)
        self.size_class = size_class

    def close(self) -> None:
        """Cease business. Raises EnterpriseClosed when it has already."""
        self._refuse_unless_active()
        self.status = "closed"

    def reopen(self) -> None:
        """Take up business again. Raises EnterpriseActive unless it is closed."""
        if self.status != "closed":
            raise EnterpriseActive("Only a closed enterprise can be reopened.")
        self.status = "active"

    def _refuse_unless_active(self) -> None:
        if self.status != "active":
            raise EnterpriseClosed("The enterprise is closed. Reopen it first.")


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


def searchable(name: str) -> str:
    """A name as it is looked for: without case and accents."""
    marked = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in marked if not unicodedata.combining(c))


def _refuse_if_same(old: str, new: str) -> None:
    if old == new:
        raise NothingChanged("It is so already; leave the field out.")
