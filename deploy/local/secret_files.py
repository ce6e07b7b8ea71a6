"""Secrets of this checkout: files that only their owner may read, written whole or not at all."""

import os
from pathlib import Path


def write_secret(file: Path, text: str) -> None:
    """Write the file so that nobody else can read it and no reader ever sees half of it."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(text)
    unfinished.replace(file)
