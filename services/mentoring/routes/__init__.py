"""HTTP in, HTTP out; no decisions."""

from services.mentoring.routes import cases, consultants, copies, outcomes, requests, sessions

ROUTERS = (
    *copies.ROUTERS,
    consultants.router,
    requests.router,
    cases.router,
    sessions.router,
    outcomes.router,
)

__all__ = ["ROUTERS"]
