"""The HTTP side of mentoring."""

from pathlib import Path

from fastapi import FastAPI

from services.mentoring.routes import ROUTERS
from services.mentoring.settings import Settings
from shared.web.service import create_service

MATRIX = Path(__file__).with_name("authorization.toml")


def create_app(settings: Settings) -> FastAPI:
    """Compose the app."""
    return create_service(settings, "Mentoring", ROUTERS, MATRIX)
