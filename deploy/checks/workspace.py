"""The members of the workspace, what each declares, and what that draws in."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DEVELOPMENT = "development"
"""The lock of everything a developer needs: the root's `dev` group and every member."""

# The tables of a pyproject.toml that decide what is installed; the rest configures tools.
_DECIDING = ("project", "dependency-groups", "build-system")


@dataclass(frozen=True)
class Member:
    """One pyproject.toml; `folder` is relative to the root of the checkout."""

    name: str
    folder: Path
    tables: dict[str, Any]

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What it names itself, its development group included, other members too."""
        named = [
            *self.tables["project"].get("dependencies", []),
            *self.tables.get("dependency-groups", {}).get("dev", []),
        ]
        return tuple(Requirement(line) for line in named)

    @property
    def declarations(self) -> dict[str, Any]:
        """The part of its pyproject.toml that decides what is installed."""
        deciding = {table: self.tables.get(table) for table in _DECIDING}
        return deciding | {"uv": self.tables.get("tool", {}).get("uv")}


class Workspace:
    """Every member under `root`, the root itself as `development`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        top = _read(root / "pyproject.toml")
        patterns = top["tool"]["uv"]["workspace"]["members"]
        folders = sorted(
            found.parent for pattern in patterns for found in root.glob(f"{pattern}/pyproject.toml")
        )
        members = [
            Member(tables["project"]["name"], folder.relative_to(root), tables)
            for folder in folders
            for tables in [_read(folder / "pyproject.toml")]
        ]
        self.members = {member.name: member for member in members}
        self._all = {DEVELOPMENT: Member(DEVELOPMENT, Path(), top)} | self.members

    @property
    def lock_names(self) -> tuple[str, ...]:
        """One lock per member, and the developer's."""
        return tuple(self._all)

    @property
    def services(self) -> tuple[str, ...]:
        """The members that are services."""
        return tuple(name for name, m in self.members.items() if m.folder.parts[0] == "services")

    def lock(self, name: str) -> Path:
        """Where the lock of a member stands."""
        return self.root / "locks" / f"{name}.txt"

    def closure(self, name: str) -> tuple[Member, ...]:
        """Gather the member and every member it draws in, in the order of their names."""
        found: dict[str, Member] = {}
        waiting = [name]
        while waiting:
            member = self._all[waiting.pop()]
            found[member.name] = member
            drawn = {canonicalize_name(each.name) for each in member.requirements}
            waiting.extend(drawn & self.members.keys() - found.keys())
        return tuple(found[key] for key in sorted(found))

    def requirements(self, name: str) -> tuple[Requirement, ...]:
        """List what a member's lock must pin: all that its closure names, members left out."""
        return tuple(
            requirement
            for member in self.closure(name)
            for requirement in member.requirements
            if canonicalize_name(requirement.name) not in self.members
        )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
