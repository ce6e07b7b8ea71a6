"""A container engine: the one that answers, or one of our own for as long as the tests need it."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.readiness import outside_any_loop, until_ready
from deploy.local.server import Server

_READY_S = 60.0
_GRACE_S = 60.0
_BRIDGE = "docker0"
_MISSING = (
    "No container engine answers here. Start one (Docker or Podman), or install Docker's for these "
    "tests to start by themselves, as root (Debian, Ubuntu: apt install docker.io iptables)."
)


@contextmanager
def engine_of_our_own() -> Iterator[str]:
    """Run an engine nobody else can find, in a folder that is removed, and give its address."""
    program = shutil.which("dockerd", path="/usr/sbin:/usr/local/bin:/usr/bin")
    if program is None or os.geteuid() != 0:
        pytest.fail(_MISSING)
    had_bridge = _has_bridge()
    folder = Path(tempfile.mkdtemp(prefix="sinergi-engine-"))
    address = f"unix://{folder}/docker.sock"

    async def ask() -> None:
        _, writer = await asyncio.open_unix_connection(folder / "docker.sock")
        writer.close()

    server = Server(folder, "dockerd", stop_signal=signal.SIGTERM, grace_s=_GRACE_S)
    server.start([program, *_options(folder, address)])
    try:
        outside_any_loop(lambda: until_ready(server, ask, not_yet=(OSError,), deadline_s=_READY_S))
        yield address
    finally:
        server.stop()
        if not had_bridge and _has_bridge():
            _do("ip", "link", "delete", _BRIDGE)
        # A build on this machine's own network leaves that mounted.
        for mounted in _mounts_in(folder):
            _do("umount", mounted)
        shutil.rmtree(folder)


def _options(folder: Path, address: str) -> list[str]:
    return [
        f"--host={address}",
        f"--data-root={folder}/kept",
        f"--exec-root={folder}/running",
        f"--pidfile={folder}/engine.pid",
        # Ports are published by a program of the engine, so nobody's packet filter is touched.
        *("--iptables=false", "--ip6tables=false", "--ip-masq=false"),
    ]


def _do(*command: str) -> None:
    subprocess.run(command, check=True, timeout=10)  # noqa: S603 (our own words)


def _mounts_in(folder: Path) -> list[str]:
    mounts = (line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines())
    return [mount for mount in mounts if mount.startswith(f"{folder}/")]


def _has_bridge() -> bool:
    return Path("/sys/class/net", _BRIDGE).exists()
