"""What mentoring keeps of others' topics."""

import sqlalchemy as sa

from services.mentoring.models import metadata
from shared.events.facilities import BookingState
from shared.events.partners import ReferralState
from shared.events.registry import EnterpriseState, UnitState, VisitState
from shared.streams.copies import Copy

UnitCopy = Copy(UnitState, ("level", "region_code", "time_zone"), metadata)
EnterpriseCopy = Copy(
    EnterpriseState,
    (
        "trade_name",
        "kind",
        "unit_id",
        "village_code",
        "kbli",
        "size_class",
        "status",
        "merged_into",
        "owner_ids",
    ),
    metadata,
)
VisitCopy = Copy(VisitState, (), metadata)
BookingCopy = Copy(BookingState, (), metadata)
ReferralCopy = Copy(ReferralState, (), metadata)
"""Of these only how far each was heard; what it led to is kept with what it led to."""

_ENTERPRISE = EnterpriseCopy.table.c
sa.Index("enterprise_copy_by_owner", _ENTERPRISE.owner_ids, postgresql_using="gin")
sa.Index(
    "enterprise_copy_by_successor",
    _ENTERPRISE.merged_into,
    postgresql_where=_ENTERPRISE.merged_into.is_not(None),
)

COPIES = (UnitCopy, EnterpriseCopy, VisitCopy, BookingCopy, ReferralCopy)
