"""A registry whose watch looks every moment: `python -m tests.shared.watched_service worker`."""

from services.registry.app import create_app
from services.registry.settings import Settings
from services.registry.worker import create_worker
from shared import watch
from shared.process import main

if __name__ == "__main__":
    watch.EVERY = 0.2  # type: ignore[misc]  # ten seconds are long for a test
    main(Settings(), create_app, create_worker)
