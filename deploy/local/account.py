"""Under which account PostgreSQL runs: ours, or an unprivileged one when we are root."""

import os
import pwd
import stat
from pathlib import Path

from deploy.local.server import Account

_UNPRIVILEGED = "nobody"


def server_account() -> Account | None:
    """Return None for our own account; PostgreSQL refuses root, so root gets another."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return Account(entry.pw_uid, entry.pw_gid)


def let_through(account: Account | None, *places: Path) -> None:
    """Let the account pass through the folders above these places, without letting it list them."""
    if account is None:
        return
    for folder in {parent for place in places for parent in place.resolve().parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def give(account: Account | None, place: Path) -> None:
    """Make the account the owner of a file or folder."""
    if account is not None:
        os.chown(place, account.uid, account.gid)
