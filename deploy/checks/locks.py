"""Locks without addresses: one hash-pinned file per member, and the proof that it is in step."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from deploy.checks.workspace import DEVELOPMENT, Workspace

_UV = ".tools/uv/bin/uv"
_STAMP = "# Made by `make lock` from declarations with the digest "
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_EXPORT = ("--no-emit-workspace", "--no-header", "--no-annotate", "--format", "requirements-txt")


@dataclass(frozen=True)
class Pin:
    """One line of a lock: a package, its one version, and whether a hash seals it."""

    requirement: Requirement
    sealed: bool

    @property
    def version(self) -> str | None:
        """The version it is pinned to; None when the line allows a choice."""
        exact = [each for each in self.requirement.specifier if each.operator == "=="]
        return exact[0].version if len(exact) == 1 and "*" not in exact[0].version else None


def digest(workspace: Workspace, name: str) -> str:
    """Fingerprint every declaration that a member's lock follows from."""
    declared = {member.name: member.declarations for member in workspace.closure(name)}
    return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()


def write(workspace: Workspace) -> None:
    """Resolve the workspace and write every lock; needs the network."""
    _uv(workspace.root, "lock", "--quiet")
    for name in workspace.lock_names:
        chosen = () if name == DEVELOPMENT else ("--package", name, "--no-default-groups")
        pins = _uv(workspace.root, "export", "--frozen", "--quiet", *_EXPORT, *chosen)
        stamp = f"{_STAMP}{digest(workspace, name)}\n"
        workspace.lock(name).write_text(stamp + pins, encoding="utf-8")


def problems(workspace: Workspace) -> Iterator[str]:
    """Every way in which a lock is out of step, one plain sentence each; reads files only."""
    for name in workspace.lock_names:
        path = workspace.lock(name)
        if not path.exists():
            yield f"locks/{name}.txt is missing: run `make lock`"
            continue
        text = path.read_text(encoding="utf-8")
        yield from _lock_problems(workspace, name, text)
    yield from _uv_problems(workspace.root / "locks" / "uv.txt")


def _lock_problems(workspace: Workspace, name: str, text: str) -> Iterator[str]:
    where = f"locks/{name}.txt"
    if text.splitlines()[:1] != [f"{_STAMP}{digest(workspace, name)}"]:
        yield f"{where} does not follow from the pyproject.toml files: run `make lock`"
    if "://" in text:
        yield f"{where} holds an address"
    try:
        pins = parse(text)
    except InvalidRequirement as unread:
        yield f"{where} has a line that is no requirement: {unread}"
        return
    yield from (f"{where}: {pin.requirement.name} is not pinned" for pin in pins if not pin.version)
    yield from (f"{where}: {pin.requirement.name} has no hash" for pin in pins if not pin.sealed)
    for requirement in workspace.requirements(name):
        yield from _unmet(where, requirement, pins)


def _unmet(where: str, wanted: Requirement, pins: list[Pin]) -> Iterator[str]:
    key = canonicalize_name(wanted.name)
    found = [pin for pin in pins if canonicalize_name(pin.requirement.name) == key]
    if not found:
        yield f"{where}: {wanted.name} is declared and not locked"
    for pin in found:
        if pin.version and not wanted.specifier.contains(pin.version, prereleases=True):
            yield f"{where}: {wanted.name} is locked at {pin.version}, declared {wanted.specifier}"


def _uv_problems(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    pins = parse(text)
    if [pin.requirement.name for pin in pins if pin.sealed and pin.version] != ["uv"]:
        yield "locks/uv.txt must pin uv, and nothing else, by hash"
    if "://" in text:
        yield "locks/uv.txt holds an address"


def parse(text: str) -> list[Pin]:
    """Read the pins of a lock.

    Raises:
        InvalidRequirement: a line is not one that pip would read.

    """
    logical = re.sub(r"\\\n\s*", " ", text).splitlines()
    lines = [line for line in logical if line.strip() and not line.startswith("#")]
    return [
        Pin(Requirement(line.split("--hash", 1)[0].strip()), bool(_HASH.search(line)))
        for line in lines
    ]


def _uv(root: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own uv, arguments from this file
        [root / _UV, *arguments], cwd=root, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def main(arguments: list[str]) -> int:
    """`write` the locks, or say what is wrong with them; uv itself says why it cannot."""
    workspace = Workspace(Path.cwd())
    if arguments == ["write"]:
        try:
            write(workspace)
        except subprocess.CalledProcessError as failed:
            return failed.returncode
    found = list(problems(workspace))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
