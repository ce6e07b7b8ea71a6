"""The factory of every service's HTTP side: one call, and a service has all of the baseline."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI, Request, Response
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from starlette.types import ASGIApp

from shared.access.tokens import Tokens
from shared.database import Database
from shared.settings import ServiceSettings
from shared.web import problems
from shared.web.idempotency import Replayed, replayed
from shared.web.slow_bodies import SlowBodies

VERSION = "0.1.0"
BODY_LIMIT = 1_000_000
"""Bytes; an operation that takes more says so itself."""
_READY_DEADLINE = 2.0


def create_service(settings: ServiceSettings, title: str, routers: Sequence[APIRouter]) -> FastAPI:
    """An app under `/api/<service>`, whose database and tokens live as long as its lifespan."""
    base = settings.base_path

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url)
        app.state.database = database
        yield
        await database.close()

    app = _Service(
        title=title,
        version=VERSION,
        docs_url=f"{base}/docs",
        redoc_url=None,
        openapi_url=f"{base}/openapi.json",
        lifespan=lifespan,
        max_body_size=BODY_LIMIT,
    )
    app.state.tokens = Tokens(settings.issuer, settings.jwks_url)
    problems.install(app)
    app.add_exception_handler(Replayed, replayed)
    for router in routers:
        app.include_router(router, prefix=f"{base}/v1")
    app.include_router(_health(), prefix=f"{base}/health")
    if settings.otlp_endpoint:
        FastAPIInstrumentor.instrument_app(app, excluded_urls="/health/")
    return app


class _Service(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        return problems.TooLargeAsProblem(SlowBodies(super().build_middleware_stack()))


def _health() -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/live", status_code=204)
    async def live() -> None:
        """The process answers."""

    @router.get("/ready", status_code=204)
    async def ready(request: Request) -> Response:
        """The database answers; Kafka is not asked, since writes do not need it."""
        database: Database = request.app.state.database
        async with asyncio.timeout(_READY_DEADLINE), database.reading() as tx:
            await tx.execute(sa.text("SELECT 1"))
        return Response(status_code=204)

    return router
