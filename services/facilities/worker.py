"""What runs beside the HTTP side of facilities: relay, copies, and what time makes it do."""

from services.facilities.copies import COPIES
from services.facilities.deadlines import DEADLINES
from services.facilities.reactions import REACTIONS
from services.facilities.settings import Settings
from shared.deadlines import Deadlines
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(
        settings,
        copies=COPIES,
        reactions=REACTIONS,
        also=[lambda database: Deadlines(database, "facilities", DEADLINES).run],
    )
