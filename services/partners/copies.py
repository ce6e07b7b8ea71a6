"""What partners keeps of the registry's topics."""

import sqlalchemy as sa

from services.partners.models import metadata
from shared.events.registry import ConsentState, EnterpriseState, UnitState
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
ConsentCopy = Copy(
    ConsentState,
    ("enterprise_id", "unit_id", "recipient_id", "purpose", "fields", "until", "status"),
    metadata,
)

sa.Index("enterprise_copy_by_unit", EnterpriseCopy.table.c.unit_id, EnterpriseCopy.table.c.id)
sa.Index("enterprise_copy_by_successor", EnterpriseCopy.table.c.merged_into)
sa.Index("consent_copy_by_enterprise", ConsentCopy.table.c.enterprise_id)
sa.Index(
    "consent_copy_by_recipient",
    ConsentCopy.table.c.recipient_id,
    ConsentCopy.table.c.enterprise_id,
)

COPIES = (UnitCopy, EnterpriseCopy, ConsentCopy)
