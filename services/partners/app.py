"""The HTTP side of partners."""

from fastapi import FastAPI

from services.partners.routes import ROUTERS
from services.partners.settings import Settings
from shared.web.service import create_service


def create_app(settings: Settings) -> FastAPI:
    """Compose the app."""
    return create_service(settings, "Partners", ROUTERS)
