"""The factory of every service's HTTP side: one call, and a service has all of the baseline."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from shared.access.authorization import Authorization
from shared.access.tokens import Tokens
from shared.access.web import guarded_operations
from shared.audit.routes import router as audit
from shared.database import Database
from shared.refusals import Forbidden
from shared.settings import ServiceSettings
from shared.streams.commits import Commits
from shared.web import openapi, problems
from shared.web.denials import denied
from shared.web.documentation import documentation
from shared.web.feed import Waiters
from shared.web.feed import router as feed
from shared.web.headers import SafeAnswers, for_browsers
from shared.web.health import router as health
from shared.web.idempotency import Replayed
from shared.web.operations import refuse_others
from shared.web.parked import router as parked
from shared.web.replaying import Readings, replayed
from shared.web.slow_bodies import SlowBodies

VERSION = "0.1.0"
BODY_LIMIT = 1_000_000
"""Bytes; an operation that takes more says so itself."""
_TELEMETRY: TelemetryConfig = {
    # The framework's own log of refused requests has what was sent.
    "logs": False,
    "operation_spans": False,
    # Its own exporters would go past `shared.telemetry`.
    "auto_configure": False,
    "exclude": lambda scope: "/health/" in scope["path"],
}
INHERITED = Path(__file__).with_name("authorization.toml")
"""The rows of the operations that every service has."""


def create_service(
    settings: ServiceSettings, title: str, routers: Sequence[APIRouter], matrix: Path
) -> FastAPI:
    """An app under `/api/<service>`, whose database and tokens live as long as its lifespan.

    Raises MatrixIncomplete when an operation has no row in the authorization matrix of the file,
    Lax when one would take what it does not declare, and Unreadable when what one answers with
    could not be shown again to who repeats a request.
    """
    base = settings.base_path

    app = _Service(
        title=title,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{base}/openapi.json",
        lifespan=_lifespan,
        max_body_size=BODY_LIMIT,
        redirect_slashes=False,
        generate_unique_id_function=openapi.name_of,
        telemetry=_TELEMETRY,
    )
    app.state.settings = settings
    app.state.tokens = Tokens(settings.believed)
    problems.install(app)
    app.add_exception_handler(Forbidden, denied)
    app.add_exception_handler(Replayed, replayed)
    app.state.authorization = Authorization.read(matrix, INHERITED)
    _offer(app, (*routers, audit, parked, feed), f"{base}/v1")
    app.include_router(health, prefix=base)
    if settings.environment == "development":
        app.routes.extend(documentation(base, title))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    url = app.state.settings.database_url
    app.state.database = Database(url)
    app.state.waiters = Waiters(Commits(url))
    yield
    await app.state.waiters.commits.close()
    await app.state.database.close()


def _offer(app: FastAPI, routers: Sequence[APIRouter], prefix: str) -> None:
    """Offer the operations of these routers, if they are what is authorized."""
    for router in routers:
        refuse_others(router)
        app.include_router(router, prefix=prefix)
    routes = [r for router in routers for r in router.routes if isinstance(r, APIRoute)]
    authorization: Authorization = app.state.authorization
    authorization.refuse_unless_complete(guarded_operations(routes))
    app.state.readings = Readings.of(prefix, routes)


class _Service(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        app = problems.TooLargeAsProblem(SlowBodies(super().build_middleware_stack()))
        settings: ServiceSettings = self.state.settings
        return SafeAnswers(
            for_browsers(app, settings.cors_origins),
            production=settings.environment == "production",
        )

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            openapi.complete(super().openapi())
        return super().openapi()
