"""The registry's HTTP side."""

from pathlib import Path

from fastapi import FastAPI

from services.registry.routes import ROUTERS
from services.registry.settings import Settings
from services.registry.vault import open_vault
from shared.indonesia import regions
from shared.vault.keyring import key_service
from shared.web.service import create_service

MATRIX = Path(__file__).with_name("authorization.toml")


def create_app(settings: Settings) -> FastAPI:
    """Compose the app; the regions are loaded before the first request needs them."""
    regions.load()
    app = create_service(settings, "Registry", ROUTERS, MATRIX)
    app.state.owners = open_vault(key_service(settings))
    return app
