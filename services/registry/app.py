"""The registry's HTTP side."""

from fastapi import FastAPI

from services.registry.routes import ROUTERS
from services.registry.settings import Settings
from shared.indonesia import regions
from shared.web.service import create_service


def create_app(settings: Settings) -> FastAPI:
    """Compose the app; the regions are loaded before the first request needs them."""
    regions.load()
    return create_service(settings, "Registry", ROUTERS)
