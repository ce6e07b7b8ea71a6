"""What runs beside the registry's HTTP side: its relay, its copy, its imports, its erasures."""

from services.registry.blanking import NameEraser
from services.registry.copies import COPIES
from services.registry.importer import Importer
from services.registry.settings import Settings
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(
        settings,
        copies=COPIES,
        also=[lambda database: Importer(database).run, lambda database: NameEraser(database).run],
    )
