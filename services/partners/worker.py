"""What runs beside the HTTP side of partners: its relay, its copies, and what time makes it do."""

from services.partners.copies import COPIES
from services.partners.deadlines import DEADLINES
from services.partners.reactions import REACTIONS
from services.partners.settings import Settings
from shared.deadlines import Deadlines
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(
        settings,
        copies=COPIES,
        reactions=REACTIONS,
        also=[lambda database: Deadlines(database, "partners", DEADLINES).run],
    )
