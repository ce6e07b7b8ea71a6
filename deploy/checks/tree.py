"""What git tracks, or would track if it were added now."""

import subprocess
from pathlib import Path

_LIST = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")


def tracked(root: Path) -> list[Path]:
    """List every such file that is there, relative to `root`, in the order of their names."""
    listed = subprocess.run(  # noqa: S603 - a constant command
        _LIST, cwd=root, check=True, stdout=subprocess.PIPE, text=True
    )
    names = sorted(set(listed.stdout.split("\0")) - {""})
    return [Path(name) for name in names if (root / name).is_file()]
