"""The keyring of this checkout, which stands in for a key service."""

import json
from collections.abc import Sequence
from pathlib import Path

from deploy.local.secret_files import write_secret
from shared.vault.keyring import add_versions

NAME = "keyring.json"


def ensure_keyring(home: Path, services: Sequence[str]) -> Path:
    """Give every service that has none a key of its own, and return the file.

    Without the file nothing of a person that was kept before can be read again.
    """
    file = home / NAME
    home.mkdir(exist_ok=True)
    text = file.read_text() if file.exists() else "{}"
    known = json.loads(text)
    if missing := [service for service in services if service not in known]:
        write_secret(file, add_versions(text, *missing))
    return file.resolve()
