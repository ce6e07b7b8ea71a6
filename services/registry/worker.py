"""What runs beside the registry's HTTP side: its relay and its imports."""

from services.registry.importer import Importer
from services.registry.settings import Settings
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(settings, also=[lambda database: Importer(database).run])
