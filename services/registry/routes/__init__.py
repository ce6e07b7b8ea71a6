"""HTTP in, HTTP out; no decisions."""

from services.registry.routes import (
    consents,
    duplicates,
    enterprises,
    facts,
    imports,
    owners,
    units,
    visits,
)

ROUTERS = (
    units.router,
    enterprises.router,
    facts.router,
    duplicates.router,
    consents.router,
    visits.router,
    owners.router,
    imports.router,
)

__all__ = ["ROUTERS"]
