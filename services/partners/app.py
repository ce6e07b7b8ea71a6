"""The HTTP side of partners."""

from pathlib import Path

from fastapi import FastAPI

from services.partners.routes import ROUTERS
from services.partners.settings import Settings
from shared.web.service import create_service

MATRIX = Path(__file__).with_name("authorization.toml")


def create_app(settings: Settings) -> FastAPI:
    """Compose the app."""
    return create_service(settings, "Partners", ROUTERS, MATRIX)
