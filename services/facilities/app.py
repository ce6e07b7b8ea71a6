"""The HTTP side of facilities."""

from pathlib import Path

from fastapi import FastAPI

from services.facilities.routes import ROUTERS
from services.facilities.settings import Settings
from shared.web.service import create_service

MATRIX = Path(__file__).with_name("authorization.toml")


def create_app(settings: Settings) -> FastAPI:
    """Compose the app."""
    return create_service(settings, "Facilities", ROUTERS, MATRIX)
