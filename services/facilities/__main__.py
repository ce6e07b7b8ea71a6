"""`python -m services.facilities api|worker`."""

from services.facilities.app import create_app
from services.facilities.copies import COPIES
from services.facilities.settings import Settings
from services.facilities.worker import create_worker
from shared.process import main

main(Settings(), create_app, create_worker, copies=COPIES)
