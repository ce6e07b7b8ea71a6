"""A partner, and who may say that it is what it says it is."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.partners.errors import (
    NothingChanged,
    OtherPersonNeeded,
    PartnerNotInState,
    PartnerSuspended,
)
from services.partners.models.table import Table
from shared.events.partners import PartnerKind, PartnerState, PartnerStatus
from shared.events.state import State
from shared.streams.aggregate import Aggregate


class Partner(Table, Aggregate, table=True):
    """An organisation that works with the centres.

    A unit looks after it, in a region; the ministry does where there is no unit. `changed_by` is
    the subject who last entered what it is, and `verified_by` somebody else.
    """

    __state__: ClassVar[type[State]] = PartnerState
    __table_args__ = (sa.Index("partner_by_name", "name", "id"),)

    id: UUID = Field(primary_key=True)
    kind: PartnerKind = Field(sa_type=sa.Text)
    name: str = Field(sa_type=sa.Text)
    nib: str | None = Field(default=None, sa_type=sa.Text, unique=True)
    unit_id: UUID | None = None
    region_code: str | None = Field(default=None, sa_type=sa.Text)
    status: PartnerStatus = Field(default="registered", sa_type=sa.Text)
    changed_by: str = Field(sa_type=sa.Text)
    verified_by: str | None = Field(default=None, sa_type=sa.Text)
    suspended_because: str | None = Field(default=None, sa_type=sa.Text)

    def open_operations(self, subject: str) -> tuple[str, ...]:
        """What its state allows this subject to ask for."""
        if self.status == "suspended":
            return ("restore_partner",)
        awaits = self.status == "registered" and subject != self.changed_by
        verifying = ("verify_partner",) if awaits else ()
        return ("change_partner", *verifying, "suspend_partner")

    def change(self, subject: str, changes: dict[str, str]) -> None:
        """Be something else, to be verified anew. Raises PartnerSuspended, NothingChanged."""
        self._refuse_if_suspended()
        if all(getattr(self, name) == value for name, value in changes.items()):
            raise NothingChanged("It is so already; leave the change out.")
        for name, value in changes.items():
            setattr(self, name, value)
        self.changed_by, self.verified_by = subject, None
        self.status = "registered"

    def verify(self, subject: str) -> None:
        """Vouch for it. Raises PartnerSuspended, PartnerNotInState, OtherPersonNeeded."""
        self._refuse_if_suspended()
        if self.status == "verified":
            raise PartnerNotInState("The partner is verified already.")
        if subject == self.changed_by:
            raise OtherPersonNeeded("Let somebody verify it who did not enter it.")
        self.verified_by = subject
        self.status = "verified"

    def suspend(self, because: str) -> None:
        """Let nothing new begin with it. Raises PartnerSuspended when it is so already."""
        self._refuse_if_suspended()
        self.suspended_because = because
        self.status = "suspended"

    def restore(self) -> None:
        """Lift the suspension; it is verified if it was. Raises PartnerNotInState."""
        if self.status != "suspended":
            raise PartnerNotInState("Only a suspended partner can be restored.")
        self.suspended_because = None
        self.status = "verified" if self.verified_by else "registered"

    def refuse_unless_verified(self) -> None:
        """Raise PartnerSuspended or PartnerNotInState unless new things may begin with it."""
        self._refuse_if_suspended()
        if self.status != "verified":
            raise PartnerNotInState("The partner is not verified. Let a second person verify it.")

    def _refuse_if_suspended(self) -> None:
        if self.status == "suspended":
            raise PartnerSuspended("The partner is suspended. Restore it first.")
