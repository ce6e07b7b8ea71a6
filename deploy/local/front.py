"""The one address of the ecosystem: the landing page, the issuer, the events, and the services."""

import asyncio
from collections.abc import Collection, Mapping

import httpx
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local import landing, published
from deploy.local.event_stream import EventStream
from deploy.local.inward import Inward
from deploy.local.issuer import Issuer
from deploy.local.operator_pages import OperatorPages
from deploy.local.pages import FOLDER, html, language
from deploy.local.sign_in import SignIn
from shared.web import problems
from shared.web.slow_bodies import SlowBodies

_HEALTHY_S = 3.0
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


class Front:
    """Sends each request to the service of its path, unchanged, and answers the rest itself."""

    def __init__(
        self,
        issuer: Issuer,
        events: EventStream,
        services: Mapping[str, ASGIApp],
        workers: Mapping[str, ASGIApp],
    ) -> None:
        """Know each service by its name: `/api/<name>/...` is its own; and how its worker is."""
        self._issuer = issuer
        self._services = services
        self._workers = workers
        own = FastAPI(
            openapi_url=None,
            routes=[
                Route("/", self._page),
                Route("/status", self._status),
                Route("/workers/{service}/health/{question}", self._worker),
                Route("/events/stream", events.answer),
                Route("/events", published.entrance),
                Route("/events/", published.entrance),
                Route("/events/{path:path}", published.file),
                Route("/schemas/{path:path}", published.file),
                *OperatorPages(issuer, services).routes(),
                Mount("/page", StaticFiles(directory=FOLDER / "served")),
                *SignIn(issuer).routes(),
            ],
        )
        problems.install(own)
        self._own = problems.TooLargeAsProblem(SlowBodies(own))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch by path."""
        app = self._services.get(_service(scope.get("path", "")), self._own)
        await app(scope, receive, send)

    async def _page(self, request: Request) -> Response:
        spoken = language(request)
        return html(landing.page(spoken, self._issuer.url, list(self._services)), spoken, _POLICY)

    async def _status(self, _request: Request) -> Response:
        health = await service_health(self._issuer.url, list(self._services))
        return JSONResponse({"services": health}, headers={"cache-control": "no-store"})

    async def _worker(self, request: Request) -> ASGIApp:
        service, question = request.path_params["service"], request.path_params["question"]
        if service not in self._workers:
            raise HTTPException(404)
        return Inward(self._workers[service], f"/health/{question}")


async def service_health(url: str, services: Collection[str]) -> dict[str, bool]:
    """Ask every service at once whether it is ready."""
    async with httpx.AsyncClient(trust_env=False, timeout=_HEALTHY_S) as client:
        answers = await asyncio.gather(*(_ready(client, url, name) for name in services))
    return dict(zip(services, answers, strict=True))


async def _ready(client: httpx.AsyncClient, url: str, service: str) -> bool:
    try:
        answer = await client.get(f"{url}/api/{service}/health/ready")
    except httpx.HTTPError:
        return False
    return answer.is_success


def _service(path: str) -> str:
    _, _, rest = path.partition("/api/")
    return rest.partition("/")[0] if path.startswith("/api/") else ""
