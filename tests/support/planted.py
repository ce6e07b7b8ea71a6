"""A service whose operations a test has written, and what its answers must be like."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import APIRouter
from fastapi.routing import APIRoute

from shared.web.service import create_service
from tests.support.ecosystem import Ecosystem
from tests.support.matrices import open_to_everyone

NIK = "3171011234560001"
"""Something personal that no answer may repeat."""


@asynccontextmanager
async def planted(
    ecosystem: Ecosystem, router: APIRouter, folder: Path, **changes: object
) -> AsyncIterator[httpx.AsyncClient]:
    """The operator's client of a service on the registry's database, open to everyone."""
    names = [route.name for route in router.routes if isinstance(route, APIRoute)]
    matrix = open_to_everyone(folder, *names)
    app = create_service(ecosystem.settings("registry", **changes), "Planted", [router], matrix)
    headers = {"Authorization": f"Bearer {ecosystem.issuer.token('operator')}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    url = "http://test/api/registry/v1"
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=url, headers=headers) as client,
    ):
        yield client


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    """Fail unless the answer is this problem, in full, and repeats nothing personal."""
    body = answer.json()
    assert NIK not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["type"]) == (status, status, kind)
    assert body["title"]
    return True
