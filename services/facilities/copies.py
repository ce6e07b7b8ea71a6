"""What facilities keeps of others' topics."""

import sqlalchemy as sa

from services.facilities.models import metadata
from shared.events.mentoring import SessionState
from shared.events.registry import EnterpriseState, UnitState
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
SessionCopy = Copy(SessionState, (), metadata)
"""How far each session was heard; what it wants is answered by a booking and kept there."""

_ENTERPRISE = EnterpriseCopy.table.c
sa.Index("enterprise_copy_by_owner", _ENTERPRISE.owner_ids, postgresql_using="gin")
sa.Index(
    "enterprise_copy_by_successor",
    _ENTERPRISE.merged_into,
    postgresql_where=_ENTERPRISE.merged_into.is_not(None),
)

COPIES = (UnitCopy, EnterpriseCopy, SessionCopy)
