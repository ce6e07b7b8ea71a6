"""What runs beside the HTTP side of mentoring: relay, copies, and what time makes it do."""

from services.mentoring.copies import COPIES
from services.mentoring.deadlines import DEADLINES
from services.mentoring.reactions import REACTIONS
from services.mentoring.settings import Settings
from shared.deadlines import Deadlines
from shared.worker import Worker, compose


def create_worker(settings: Settings) -> Worker:
    """Compose the worker."""
    return compose(
        settings,
        copies=COPIES,
        reactions=REACTIONS,
        also=[lambda database: Deadlines(database, "mentoring", DEADLINES).run],
    )
