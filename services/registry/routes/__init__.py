"""HTTP in, HTTP out; no decisions."""

from services.registry.routes import enterprises, imports, units

ROUTERS = (units.router, enterprises.router, imports.router)

__all__ = ["ROUTERS"]
