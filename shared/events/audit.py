"""What every service says of its audit trail: the seal of each block, kept outside its database."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import ConfigDict, StringConstraints

from shared.events.state import State

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal digits."""


class AuditBlockState(State):
    """A sealed block of a service's audit trail: its number, its count of entries and its hash.

    The hash covers the block before, so that the newest one vouches for all.
    """

    model_config = ConfigDict(title="AuditBlockState")

    verbs: ClassVar[frozenset[str]] = frozenset({"sealed"})
    retractable: ClassVar[bool] = False

    number: int
    entries: int
    hash: Sha256
    sealed_at: datetime


def _of(service: str) -> type[AuditBlockState]:
    class Spoken(AuditBlockState):
        __doc__ = AuditBlockState.__doc__

        topic: ClassVar[str] = f"{service}.audit-block.v1"

    return Spoken


AUDIT_BLOCKS = {
    service: _of(service) for service in ("registry", "mentoring", "partners", "facilities")
}
"""The state of each service's blocks: all alike, each on a topic of its own."""
