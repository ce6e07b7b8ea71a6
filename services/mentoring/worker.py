"""What runs beside the HTTP side of mentoring: its relay and its copies."""

from services.mentoring.copies import COPIES
from services.mentoring.settings import Settings
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(settings, copies=COPIES)
