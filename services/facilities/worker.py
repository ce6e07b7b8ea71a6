"""What runs beside the HTTP side of facilities: its relay and its copies."""

from services.facilities.copies import COPIES
from services.facilities.settings import Settings
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(settings, copies=COPIES)
