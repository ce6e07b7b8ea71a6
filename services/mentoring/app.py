"""The HTTP side of mentoring."""

from fastapi import FastAPI

from services.mentoring.routes import ROUTERS
from services.mentoring.settings import Settings
from shared.web.service import create_service


def create_app(settings: Settings) -> FastAPI:
    """Compose the app."""
    return create_service(settings, "Mentoring", ROUTERS)
