"""Who says, who listens: the table in the README, made from what the services declare.

`python -m deploy.checks.listeners` writes it between the markers in README.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.catalogue.listeners import listeners
from deploy.checks.workspace import Workspace
from shared.events import STATES
from shared.events.state import State

BEGIN = "<!-- who-listens:begin -->\n"
END = "<!-- who-listens:end -->\n"

_HEAD = "| Topic | Said by | What happens | Kept by | Acted on by |\n|---|---|---|---|---|\n"


def table(root: Path) -> str:
    """The topics, one a line: who says what, who keeps a copy, and who does something about it."""
    services = Workspace(root).services
    return _HEAD + "".join(_line(state, services) for state in STATES)


def written(readme: str, root: Path) -> str:
    """The text of the README with the table as it should be; ValueError without the markers."""
    before, _, rest = readme.partition(BEGIN)
    _, marker, after = rest.partition(END)
    if not marker:
        message = f"README.md lacks the markers {BEGIN.strip()} and {END.strip()}"
        raise ValueError(message)
    return f"{before}{BEGIN}{table(root)}{END}{after}"


def _line(state: type[State], services: Sequence[str]) -> str:
    found = listeners(state, services)
    cells = [
        f"`{state.topic}`",
        state.topic.partition(".")[0],
        ", ".join(sorted(state.verbs)),
        ", ".join(found.keep) or "nobody yet",
        ", ".join(found.act) or "nobody yet",
    ]
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    file = Path("README.md")
    try:
        file.write_text(written(file.read_text(encoding="utf-8"), Path.cwd()), encoding="utf-8")
    except ValueError as error:
        sys.exit(str(error))
