"""HTTP in, HTTP out; for now only what was heard of others."""

from services.mentoring.copies import EnterpriseCopy, UnitCopy
from shared.web.copies import copy_routes

ROUTERS = (
    copy_routes(UnitCopy, "units"),
    copy_routes(EnterpriseCopy, "enterprises", hide=("owner_ids",)),
)
