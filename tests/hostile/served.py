"""A service on a real port, for tools that speak HTTP by themselves."""

import importlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.local.http_server import reserve, serving
from tests.support.ecosystem import Ecosystem


@asynccontextmanager
async def served(ecosystem: Ecosystem, service: str) -> AsyncIterator[int]:
    """Serve it as on a laptop; gives the port."""
    app = importlib.import_module(f"services.{service}.app").create_app(ecosystem.settings(service))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    async with app.router.lifespan_context(app), serving(app, reserve(port)):
        yield port
