"""What is said next can be read by all who read what was said before, and the other way round.

Every release of a topic's schema is compared with what the model says now: a release may add
optional properties and nothing else, and once committed it is never edited. What subscribers told
us they expect is held against the model too.

`python -m deploy.checks.compatibility release` writes the releases that the models name.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from deploy.checks.schema_meaning import Schema, meaning
from deploy.checks.subschema import misfits
from shared.events import STATES
from shared.events.schemas import place, releases, schema_of, text_of
from shared.events.state import State

SCHEMAS = Path("shared/events/schemas")
EXAMPLES = Path("shared/events/examples")
EXPECTATIONS = Path("shared/events/expectations")
_WRITE = "run: python -m deploy.checks.compatibility release"


def breaches(older: Schema, newer: Schema) -> Iterator[str]:
    """Yield one sentence for each place where one of two releases breaks those who read the other.

    Both ways: a reader of the older meets what is said now, and a reader of the newer meets what
    was said before. Raises ValueError for references that cannot be followed.
    """
    before, now = meaning(older), meaning(newer)
    for misfit in misfits(now, before):
        yield f"{misfit.pointer}: {misfit.what}, which readers of the older release do not expect"
    for misfit in misfits(before, now, may_gain=True):
        yield f"{misfit.pointer}: {misfit.what} in what the older release said"


def of_state(state: type[State], folder: Path) -> Iterator[str]:
    """Compare a model with every release of its topic's schema."""
    made, known = schema_of(state), releases(state.topic, folder)
    found = [
        f"{state.topic}: release {number}: {breach}"
        for number, released in known.items()
        for breach in breaches(released, made)
    ]
    found += _lost(state, made, known)
    yield from found
    if [*known] != [*range(1, len(known) + 1)] or state.release < len(known):
        yield f"{state.topic}: the model speaks release {state.release}; there are {[*known]}"
    elif state.release not in known:
        yield f"{state.topic}: release {state.release} is not written; {_WRITE}"
    elif not found and _told(known[state.release]) != _told(made):
        yield (
            f"{state.topic}: the model says more than release {state.release}: "
            f"let it speak release {state.release + 1}, then {_WRITE}"
        )


def _lost(state: type[State], made: Schema, known: Mapping[int, Schema]) -> Iterator[str]:
    """What no release may lose: the types that were said, and the room for later fields."""
    for number, released in known.items():
        for gone in sorted({*released["x-event-types"]} - {*made["x-event-types"]}):
            yield f"{state.topic}: release {number}: {gone} was said, and is not known any more"
    if '"additionalProperties": false' in json.dumps(made):
        yield f"{state.topic}: /additionalProperties: no later release could gain a field"


def of_expectation(file: Path, states: Iterable[type[State]]) -> Iterator[str]:
    """Hold what a subscriber expects of a topic against what is said there."""
    spoken = {state.topic: state for state in states}
    if file.stem not in spoken:
        yield f"{file}: nobody speaks on {file.stem}"
        return
    try:
        expected = json.loads(file.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(expected)
        found = [*misfits(meaning(schema_of(spoken[file.stem])), meaning(expected))]
    except (SchemaError, ValueError, RecursionError):
        yield f"{file}: this is no JSON Schema of draft 2020-12 that can be judged"
        return
    yield from (f"{file}: {misfit.pointer}: {misfit.what}" for misfit in found)


def edited(root: Path) -> Iterator[str]:
    """What was changed or removed after it was committed."""
    folders = [f":(glob){SCHEMAS}/*/*.json", f":(glob){EXAMPLES}/*/*/*.json"]
    for asked in (("log", "--format="), ("diff", "HEAD")):
        command = ("git", *asked, "--name-only", "--diff-filter=DM", "--no-renames", "--", *folders)
        told = subprocess.run(  # noqa: S603 (our own words)
            command, cwd=root, check=False, stdout=subprocess.PIPE, text=True
        )
        for name in sorted({*told.stdout.split()}):
            yield f"{name}: it was changed after it was released"


def problems(root: Path) -> Iterator[str]:
    """Yield one sentence for each break of a promise to those who read."""
    for state in STATES:
        yield from of_state(state, root / SCHEMAS)
    topics = {state.topic for state in STATES}
    for folder in sorted((root / SCHEMAS).iterdir()):
        if folder.name not in topics:
            yield f"{folder.name}: a released topic is spoken on no more"
    for file in sorted((root / EXPECTATIONS).glob("*/*.json")):
        yield from of_expectation(file, STATES)
    yield from edited(root)


def release(root: Path) -> None:
    """Write the schema of each model as the release that it speaks."""
    for state in STATES:
        file = place(state.topic, state.release, root / SCHEMAS)
        known = releases(state.topic, root / SCHEMAS)
        if state.release not in known or _told(known[state.release]) != _told(schema_of(state)):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text_of(state), encoding="utf-8")


def _told(schema: Schema) -> tuple[dict[str, Any], Any]:
    """What a schema says apart from its wording: its meaning, and which events there are."""
    return meaning(schema), schema["x-event-types"]


def main(root: Path) -> int:
    """Write what is asked for, then return 1 if a promise is broken."""
    if sys.argv[1:] == ["release"]:
        release(root)
    found = list(problems(root))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
