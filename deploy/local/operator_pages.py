"""What an operator reads in a browser: this computer's front asks the services with their token.

A browser sends no bearer token by itself. Elsewhere the ministry's own sign-in stands in front and
adds it; here whoever reaches the front may be anyone (`POST /token`), so it gives nothing away.
"""

from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.local.inward import Inward
from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS

_OPERATOR: Final = PERSONAS["operator"]


class OperatorPages:
    """`/operator/<service>/parked-events`, and each of them beneath it; read only."""

    def __init__(self, issuer: Issuer, services: Mapping[str, ASGIApp]) -> None:
        """Let the issuer sign for the operator of these services."""
        self._issuer = issuer
        self._services = services

    def routes(self) -> list[Route]:
        """Return every address of it."""
        parked = "/operator/{service}/parked-events"
        return [
            Route(parked, self._ask, methods=["GET"]),
            Route(parked + "/{parked_id:uuid}", self._ask, methods=["GET"]),
        ]

    async def _ask(self, request: Request) -> ASGIApp:
        """Return what asks the service for the same, in the language of the browser."""
        service = request.path_params["service"]
        if service not in self._services:
            raise HTTPException(404)
        _, _, asked = request.url.path.partition(f"/operator/{service}")
        token = self._issuer.token(_OPERATOR)
        authorized = (b"authorization", f"Bearer {token}".encode())
        return Inward(self._services[service], f"/api/{service}/v1{asked}", [authorized])
