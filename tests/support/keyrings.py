"""Keyrings for the services under test."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from shared.vault.keyring import add_versions


@cache
def keyring_file() -> Path:
    """A keyring with a key for every service, the same for a whole run."""
    folder = Path(tempfile.mkdtemp(prefix="sinergi-keyring-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "keyring.json"
    write_keyring(file, "registry", "mentoring", "partners", "facilities")
    return file


def write_keyring(file: Path, *names: str) -> None:
    """Write a keyring that its owner alone may read, with one more version of each key."""
    text = file.read_text() if file.exists() else ""
    file.touch(mode=0o600)
    file.write_text(add_versions(text, *names))
