"""Authorization matrices for services that a test plants."""

from pathlib import Path


def open_to_everyone(folder: Path, *operations: str) -> Path:
    """A file of rows that let everyone ask for these operations."""
    file = folder / "authorization.toml"
    file.write_text("".join(f'[{name}]\nallow = "everyone"\n' for name in operations))
    return file
