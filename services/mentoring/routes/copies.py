"""What was heard of others."""

from services.mentoring.copies import EnterpriseCopy, UnitCopy
from shared.access.scope import Place
from shared.web.copies import copy_routes

_UNIT = Place(unit=UnitCopy.table.c.id, region=UnitCopy.table.c.region_code)
_ENTERPRISE = Place(
    unit=EnterpriseCopy.table.c.unit_id,
    region=EnterpriseCopy.table.c.village_code,
    enterprise=EnterpriseCopy.table.c.id,
    persons=EnterpriseCopy.table.c.owner_ids,
)

ROUTERS = (
    copy_routes(UnitCopy, "units", _UNIT),
    copy_routes(EnterpriseCopy, "enterprises", _ENTERPRISE, hide=("owner_ids",)),
)
