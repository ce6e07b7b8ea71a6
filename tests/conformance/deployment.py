"""The whole of `deploy/compose.yaml` on a container engine, run by Compose itself."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.ports import free_ports
from tests.conformance.programs import run
from tests.support.databases import SERVICES

PROJECT = "sinergi-conformance"
_FILE = "deploy/compose.yaml"
_PROGRAM = Path(__file__).with_name("compose")
_INSTALLED = ".tools/conformance/compose"
_SOURCE = "github.com/docker/compose/v2/cmd"
_MISSING = (
    "Neither Compose is installed here, nor Go to build it with "
    "(https://docs.docker.com/compose/install/standalone/, or Go 1.24)."
)
_MADE_S = 900.0
"""Seconds for what builds something, or waits for all of it to be well."""


@dataclass(frozen=True)
class Deployment:
    """What Compose runs for the tests, and how to speak with it."""

    program: str
    root: Path
    folder: Path
    """Where the secrets, the issuers and the ports are that it is told."""
    ports: dict[str, int]

    async def compose(self, *words: str, within: float = 120) -> str:
        """Run Compose on the file and return what it prints."""
        files = (str(self.root / _FILE), str(self.folder / "here.json"))
        told = (
            "--progress=quiet",
            "--project-name",
            PROJECT,
            "--env-file",
            str(self.folder / "told.env"),
        )
        return await run(
            self.program, *told, *(f"--file={file}" for file in files), *words, within=within
        )

    async def build(self) -> None:
        """Build the image of each service, once."""
        await self.compose("build", *(f"{name}-migrate" for name in SERVICES), within=_MADE_S)

    async def up(self) -> None:
        """Start everything and wait until all of it is well, or has done its work."""
        waiting = ("--wait", "--wait-timeout", "600")
        await self.compose("up", "--detach", "--no-build", *waiting, within=_MADE_S)

    async def down(self) -> None:
        """Remove everything, what was kept too."""
        await self.compose("down", "--volumes", "--remove-orphans")

    async def inside(self, container: str, *command: str) -> str:
        """Run a command in a running container."""
        return await self.compose("exec", "--no-TTY", container, *command)

    async def described(self) -> dict[str, Any]:
        """Return the file as Compose understands it."""
        described: dict[str, Any] = json.loads(await self.compose("config", "--format", "json"))
        return described


async def prepare(root: Path, folder: Path, issuers: Path) -> Deployment:
    """Draw the secrets, and say where they, the issuers and the ports are."""
    program = await _compose(root)
    await run("sh", str(root / "deploy/compose/secrets.sh"), str(folder / "secrets"))
    ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    told = {
        "SINERGI_SECRETS": folder / "secrets",
        "SINERGI_ISSUERS": issuers,
        **{f"{service.upper()}_PORT": port for service, port in ports.items()},
    }
    (folder / "told.env").write_text("".join(f"{name}={value}\n" for name, value in told.items()))
    # A container on a bridge of an engine of our own reaches this machine and nothing else.
    builds = {f"{service}-migrate": {"build": {"network": "host"}} for service in SERVICES}
    (folder / "here.json").write_text(json.dumps({"services": builds}))
    return Deployment(program, root, folder, ports)


async def _compose(root: Path) -> str:
    """Find Compose, or build it from the source that the lock beside this file names."""
    if found := shutil.which("docker-compose"):
        return found
    go = shutil.which("go")
    if go is None:
        pytest.fail(_MISSING)
    installed = root / _INSTALLED
    await asyncio.to_thread(shutil.copytree, _PROGRAM, installed, dirs_exist_ok=True)
    program = str(installed / "docker-compose")
    await run(go, "-C", str(installed), "build", "-o", program, _SOURCE, within=_MADE_S)
    return program
