"""The Kafka server's jars: fetched once per user, checked against the lock at every start.

`python -m deploy.local.jars` resolves jgo.toml anew and writes the lock.
"""

import hashlib
import os
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from deploy.local.refusals import CannotStart
from deploy.local.telling import Tell

SPECIFICATION = Path(__file__).with_name("jgo.toml")
LOCK = Path(__file__).with_name("jgo.lock.toml")

_AT_ONCE = 8
_FETCH_TIMEOUT_S = 60


@dataclass(frozen=True)
class Jar:
    """One locked artifact of the Maven repository."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name it has in the repository and in our cache."""
        return f"{self.artifact}-{self.version}.jar"


def cache_folder() -> Path:
    """Return where jars are kept for every checkout of this user."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "sinergi" / "jars"


def locked_jars() -> tuple[Jar, ...]:
    """Return the jars of the lock, refused when it holds another Kafka than jgo.toml asks for.

    Raises:
        CannotStart: a part of Kafka was locked in a version that nobody asked for.
    """
    jars = tuple(
        Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"])
        for entry in tomllib.loads(LOCK.read_text())["dependencies"]
    )
    refuse_mixed_versions(jars, kafka_version())
    return jars


def kafka_version() -> str:
    """Return the version of Apache Kafka that jgo.toml asks for."""
    return _coordinates()[0].rsplit(":", 1)[1]


def refuse_mixed_versions(jars: Sequence[Jar], version: str) -> None:
    """Refuse a set of jars in which Kafka's client or server have another version.

    Raises:
        CannotStart: a resolver chose kafka-clients by itself, as it does beside some loggers.
    """
    kafka = {jar.artifact: jar.version for jar in jars if jar.group == "org.apache.kafka"}
    strangers = sorted(name for name, found in kafka.items() if found != version)
    if strangers or "kafka-clients" not in kafka:
        wrong = ", ".join(f"{name} {kafka[name]}" for name in strangers) or "no kafka-clients"
        message = f"The lock of the Kafka jars holds {wrong} where version {version} is asked for."
        raise CannotStart(message)


def fetch_jars(folder: Path, tell: Tell) -> list[Path]:
    """Return the path of every locked jar in the folder, fetching those that are missing.

    Raises:
        CannotStart: a jar is not the one of the lock, or could not be fetched.
    """
    jars = locked_jars()
    folder.mkdir(parents=True, exist_ok=True)
    missing = [jar for jar in jars if not (folder / jar.file_name).exists()]
    for done, jar in enumerate(_fetch_all(missing, folder), 1):
        tell(f"fetched {done} of {len(missing)} jars, last {jar.file_name}")
    paths = [folder / jar.file_name for jar in jars]
    for jar, path in zip(jars, paths, strict=True):
        _refuse_another(jar, path)
    return paths


def _fetch_all(missing: Sequence[Jar], folder: Path) -> Iterator[Jar]:
    # Several checkouts may fetch at once and any of them may be killed: each fetches into a folder
    # of its own, and a jar appears under its name only whole, checked and in one step.
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="fetching-") as own,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        tasks = [pool.submit(_fetch, jar, Path(own), folder) for jar in missing]
        for task in as_completed(tasks):
            yield task.result()


def _fetch(jar: Jar, own: Path, folder: Path) -> Jar:
    from jgo.maven import MavenContext  # noqa: PLC0415 (slow to import, needed once per machine)

    repository = MavenContext(repo_cache=own, timeout=_FETCH_TIMEOUT_S)
    component = repository.project(jar.group, jar.artifact).at_version(jar.version)
    try:
        fetched = component.artifact(packaging="jar").resolve()
    except (OSError, RuntimeError) as failure:
        message = f"The Kafka jar {jar.file_name} could not be fetched: is the network there?"
        raise CannotStart(message) from failure
    _refuse_another(jar, fetched)
    fetched.replace(folder / jar.file_name)
    return jar


def _refuse_another(jar: Jar, path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != jar.sha256:
        message = (
            f"The Kafka jar {jar.file_name} is not the one that was locked (its SHA-256 differs); "
            f"remove {path} and start again to fetch it anew."
        )
        raise CannotStart(message)


def write_lock() -> None:
    """Resolve jgo.toml to exact jars, download them and write their names and SHA-256."""
    from jgo.env import LockFile  # noqa: PLC0415 (only whoever writes the lock needs it)
    from jgo.maven import MavenContext  # noqa: PLC0415
    from jgo.parse import Coordinate  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), timeout=_FETCH_TIMEOUT_S)
        wanted = [context.create_dependency(Coordinate.parse(word)) for word in _coordinates()]
        asked, needed = context.resolver.resolve(wanted)
        parts = [*asked, *(part for part in needed if part.scope in {"compile", "runtime"})]
        LockFile.from_resolved_dependencies(parts, environment_name="kafka").save(LOCK)
    locked_jars()


def _coordinates() -> list[str]:
    specification = tomllib.loads(SPECIFICATION.read_text())
    return list(specification["dependencies"]["coordinates"])


if __name__ == "__main__":
    write_lock()
