"""`python -m services.mentoring api|worker`."""

from services.mentoring.app import create_app
from services.mentoring.copies import COPIES
from services.mentoring.settings import Settings
from services.mentoring.worker import create_worker
from shared.process import main

main(Settings(), create_app, create_worker, copies=COPIES)
