"""What was released is never edited: the check looks at what git has of it."""

import subprocess
from pathlib import Path

from deploy.checks.compatibility import edited

_COMMITTER = ("-c", "user.name=Desk", "-c", "user.email=desk@sinergi.id")
SCHEMA = "shared/events/schemas/registry.unit.v1/{}.json"
EXAMPLE = "shared/events/examples/registry.unit.v1/1/opened.json"


def git(root: Path, *words: str) -> None:
    command = ("git", *_COMMITTER, *words)
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (ours)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def commit(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "feat: say more")


def test_a_release_may_be_added_and_never_edited_or_removed(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert [*edited(tmp_path)] == []

    write(tmp_path, SCHEMA.format(1), "{}")
    write(tmp_path, EXAMPLE, "{}")
    commit(tmp_path)
    write(tmp_path, SCHEMA.format(2), "{}")
    assert [*edited(tmp_path)] == []

    write(tmp_path, SCHEMA.format(1), "[]")
    (tmp_path / EXAMPLE).unlink()
    told = [f"{path}: it was changed after it was released" for path in (EXAMPLE, SCHEMA.format(1))]
    assert [*edited(tmp_path)] == told
    commit(tmp_path)
    assert [*edited(tmp_path)] == told
