"""A service starts with nothing but its own lock installed: the image that will be built of it."""

import os
import subprocess
import sys
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from deploy.checks import locks
from deploy.checks.workspace import Workspace

_UV = ".tools/uv/bin/uv"
_ENVIRONMENTS = Path(".tools/alone")

_PROBE = """
import importlib, importlib.metadata, sys
for part in ("app", "worker"):
    importlib.import_module(f"services.{sys.argv[1]}.{part}")
print(*(found.name for found in importlib.metadata.distributions()))
"""


def environment(root: Path, service: str) -> Path:
    """Make the environment equal to the service's lock, and return its Python."""
    home = root / _ENVIRONMENTS / service
    python = home / "bin" / "python"
    if not python.exists():
        _run(root, _UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(home))
    lock = str(Workspace(root).lock(service))
    _run(root, _UV, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), lock)
    return python


def strangers(workspace: Workspace, service: str, installed: str) -> set[NormalizedName]:
    """Return what is installed beside a service although its lock does not name it."""
    pins = locks.parse(workspace.lock(service).read_text(encoding="utf-8"))
    named = {canonicalize_name(pin.requirement.name) for pin in pins}
    return {canonicalize_name(name) for name in installed.split()} - named


def main(root: Path, service: str) -> int:
    """Import the service's two processes there; whatever it forgot to declare is missing."""
    try:
        python = environment(root, service)
        installed = _run(root, str(python), "-c", _PROBE, service)
    except subprocess.CalledProcessError as failed:
        sys.stdout.write(f"services.{service} does not start alone:\n{failed.stdout}")
        return 1
    found = strangers(Workspace(root), service, installed)
    sys.stdout.writelines(f"{name} is installed and not locked for {service}\n" for name in found)
    return 1 if found else 0


def _run(root: Path, *command: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603 - commands from this file
        command,
        cwd=root,
        env=clean,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(Path.cwd(), sys.argv[1]))
