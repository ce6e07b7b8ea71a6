"""What runs beside the HTTP side of partners: its relay and its copies."""

from services.partners.copies import COPIES
from services.partners.settings import Settings
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(settings, copies=COPIES)
