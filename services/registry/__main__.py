"""`python -m services.registry api|worker|audit verify|vault rotate`."""

from services.registry.app import create_app
from services.registry.copies import COPIES
from services.registry.settings import Settings
from services.registry.vault import open_vault
from services.registry.worker import create_worker
from shared.process import main

main(Settings(), create_app, create_worker, open_vault, COPIES)
