"""`python -m services.partners api|worker`."""

from services.partners.app import create_app
from services.partners.copies import COPIES
from services.partners.settings import Settings
from services.partners.worker import create_worker
from shared.process import main

main(Settings(), create_app, create_worker, copies=COPIES)
