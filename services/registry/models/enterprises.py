"""Enterprises, and the rules that keep them true."""

import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.registry.errors import (
    EnterpriseActive,
    EnterpriseClosed,
    EnterpriseMerged,
    NothingChanged,
    NotSubmitted,
    SecondPersonNeeded,
    SubmittedAlready,
)
from services.registry.models.table import Table
from shared.events.registry import (
    EnterpriseState,
    EnterpriseStatus,
    Kind,
    SizeClass,
    Verification,
)
from shared.events.state import State
from shared.streams.aggregate import Aggregate

ERASED_NAME = "[dihapus]"
"""What stands where a trade name was that told of a person who is erased."""

_OF_ACTIVE = (
    "change_enterprise",
    "close_enterprise",
    "transfer_enterprise",
    "merge_enterprise",
    "add_identifier",
    "record_snapshot",
    "grant_consent",
    "check_in_visit",
)
_OF_VERIFICATION: dict[str, tuple[str, ...]] = {
    "draft": ("submit_enterprise",),
    "returned": ("submit_enterprise",),
    "submitted": ("verify_enterprise", "return_enterprise"),
    "verified": (),
}


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
        sa.Index("enterprise_by_owner", "owner_ids", postgresql_using="gin"),
        sa.Index(
            "enterprise_by_village",
            "village_code",
            "search_name",
            "id",
            postgresql_ops={"village_code": "text_pattern_ops"},
        ),
        sa.Index(
            "enterprise_by_successor",
            "merged_into",
            postgresql_where=sa.text("merged_into IS NOT NULL"),
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
    verification: Verification = Field(default="draft", sa_type=sa.Text)
    submitted_by: str | None = Field(default=None, sa_type=sa.Text)
    returned_because: str | None = Field(default=None, sa_type=sa.Text)
    merged_into: UUID | None = None
    # Copied for each row; of a factory pydantic would read the signature each time, in 0.4 ms.
    owner_ids: list[UUID] = Field(default=[], sa_type=ARRAY(sa.Uuid))
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

    def open_operations(self, subject: str) -> tuple[str, ...]:
        """What its state allows; nobody verifies what they submitted themselves."""
        if self.status != "active":
            return ("reopen_enterprise",) if self.status == "closed" else ("unmerge_enterprise",)
        steps = _OF_VERIFICATION[self.verification]
        if subject == self.submitted_by:
            steps = tuple(step for step in steps if step != "verify_enterprise")
        return (*steps, *_OF_ACTIVE)

    def rename(self, trade_name: str) -> None:
        """Trade under another name. Raises EnterpriseClosed, EnterpriseMerged, NothingChanged."""
        self.refuse_unless_active()
        _refuse_if_same(self.trade_name, trade_name)
        self.trade_name = trade_name
        self.search_name = searchable(trade_name)
        self._take_back()

    def reclassify(self, size_class: SizeClass, *, by_rule: bool = False) -> None:
        """Move to another size class (PP 7/2021, 35); `by_rule`, since its economics say so.

        Raises EnterpriseClosed, EnterpriseMerged, NothingChanged.
        """
        self.refuse_unless_active()
        _refuse_if_same(self.size_class, size_class)
        self.size_class = size_class
        # Nobody vouched for a class that follows from figures: it grows with them.
        if not by_rule or self.verification == "submitted":
            self._take_back()

    def relocate(self, village_code: str) -> None:
        """Stand in another village. Raises EnterpriseClosed, EnterpriseMerged, NothingChanged."""
        self.refuse_unless_active()
        _refuse_if_same(self.village_code, village_code)
        self.village_code = village_code
        self._take_back()

    def change_activity(self, kbli: str) -> None:
        """Do what another code of KBLI names.

        Raises EnterpriseClosed, EnterpriseMerged, NothingChanged.
        """
        self.refuse_unless_active()
        _refuse_if_same(self.kbli, kbli)
        self.kbli = kbli
        self._take_back()

    def submit(self, subject: str) -> None:
        """Hand it to a second person.

        Raises EnterpriseClosed, EnterpriseMerged, SubmittedAlready.
        """
        self.refuse_unless_active()
        if self.verification not in {"draft", "returned"}:
            raise SubmittedAlready("Only a draft or a returned enterprise can be handed in.")
        self.verification = "submitted"
        self.submitted_by = subject
        self.returned_because = None

    def verify(self, subject: str) -> None:
        """Vouch for what another person handed in.

        Raises EnterpriseClosed, EnterpriseMerged, NotSubmitted, SecondPersonNeeded.
        """
        self._refuse_unless_submitted()
        if subject == self.submitted_by:
            raise SecondPersonNeeded("You handed it in yourself. Let another person verify it.")
        self.verification = "verified"

    def send_back(self, because: str) -> None:
        """Give it back to be corrected. Raises EnterpriseClosed, EnterpriseMerged, NotSubmitted."""
        self._refuse_unless_submitted()
        self.verification = "returned"
        self.returned_because = because

    def transfer(self, unit_id: UUID) -> None:
        """Be served by another unit. Raises EnterpriseClosed, EnterpriseMerged, NothingChanged."""
        self.refuse_unless_active()
        _refuse_if_same(self.unit_id, unit_id)
        self.unit_id = unit_id

    def close(self) -> None:
        """Cease business. Raises EnterpriseClosed when it has already, EnterpriseMerged."""
        self.refuse_unless_active()
        self.status = "closed"

    def reopen(self) -> None:
        """Take up business again. Raises EnterpriseActive unless it is closed."""
        if self.status != "closed":
            raise EnterpriseActive("Only a closed enterprise can be reopened.")
        self.status = "active"

    def change_owners(self, owner_ids: Iterable[UUID]) -> None:
        """Be owned by these and nobody else.

        Raises EnterpriseClosed, EnterpriseMerged, NothingChanged.
        """
        self.refuse_unless_active()
        wanted = list(dict.fromkeys(owner_ids))
        _refuse_if_same(self.owner_ids, wanted)
        self.owner_ids = wanted
        self._take_back()

    def take_in_owners(self, owner_ids: Iterable[UUID]) -> list[UUID]:
        """Be owned by these too; return those who did not own it before."""
        fresh = [each for each in dict.fromkeys(owner_ids) if each not in self.owner_ids]
        self.owner_ids = [*self.owner_ids, *fresh]
        return fresh

    def lose_owner(self, owner_id: UUID) -> bool:
        """Forget an owner who is erased; return whether the name, which may be theirs, went too.

        It goes with the last owner. A cooperative's is never a person's.
        """
        self.owner_ids = [each for each in self.owner_ids if each != owner_id]
        if self.owner_ids or self.kind == "cooperative":
            return False
        self.trade_name = ERASED_NAME
        self.search_name = searchable(ERASED_NAME)
        return True

    def refuse_unless_active(self) -> None:
        """Raise EnterpriseClosed or EnterpriseMerged unless it is in business."""
        if self.status == "closed":
            raise EnterpriseClosed("The enterprise is closed. Reopen it first.")
        if self.status == "merged":
            raise EnterpriseMerged("It was merged into another one. Change that one instead.")

    def _refuse_unless_submitted(self) -> None:
        self.refuse_unless_active()
        if self.verification != "submitted":
            raise NotSubmitted("Only what was handed in can be verified or returned.")

    def _take_back(self) -> None:
        """What is verified must be what was handed in, and stay what a second person saw."""
        if self.verification in {"submitted", "verified"}:
            self.verification = "draft"


class ErasedName(Table, table=True):
    """An enterprise whose name is still to be taken out of its events before `seq`."""

    __tablename__ = "erased_name"

    enterprise_id: UUID = Field(primary_key=True, foreign_key="enterprise.id")
    seq: int = Field(sa_type=sa.BigInteger)


def searchable(name: str) -> str:
    """A name as it is looked for: without case and accents."""
    marked = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in marked if not unicodedata.combining(c))


def _refuse_if_same(old: object, new: object) -> None:
    if old == new:
        raise NothingChanged("It is so already; leave the field out.")
