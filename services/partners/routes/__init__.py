"""HTTP in, HTTP out; no decisions."""

from services.partners.routes import agreements, copies, opportunities, partners, referrals

ROUTERS = (
    *copies.ROUTERS,
    partners.router,
    agreements.router,
    opportunities.router,
    referrals.router,
)

__all__ = ["ROUTERS"]
