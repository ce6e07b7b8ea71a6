"""What facilities keeps of the registry's topics."""

import sqlalchemy as sa

from shared.events.registry import EnterpriseState, UnitState
from shared.streams.copies import Copy

metadata = sa.MetaData()

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

COPIES = (UnitCopy, EnterpriseCopy)
