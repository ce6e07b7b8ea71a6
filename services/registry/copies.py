"""What the registry keeps of others' topics."""

import sqlalchemy as sa

from services.registry.models import metadata
from shared.events.facilities import TenancyState
from shared.streams.copies import Copy

TenancyCopy = Copy(
    TenancyState,
    ("enterprise_id", "facility_id", "kind", "starts_on", "ends_on", "status"),
    metadata,
)

sa.Index("tenancy_copy_by_enterprise", TenancyCopy.table.c.enterprise_id)

COPIES = (TenancyCopy,)
