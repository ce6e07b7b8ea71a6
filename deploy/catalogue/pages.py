"""The pages of the catalogue in one of two languages, readable without JavaScript."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from deploy.catalogue.listeners import listeners
from shared.events.examples import example_of
from shared.events.schemas import FOLDER, releases, schema_of
from shared.events.state import RETRACTED, State

PAGE = Path(__file__).with_name("page")
OTHER = {"id": "en", "en": "id"}
_EXPECTATIONS = FOLDER.with_name("expectations")


def index_page(states: Sequence[type[State]], spoken: str) -> str:
    """All topics, by the service that speaks on them."""
    speakers = dict.fromkeys(_speaker(state) for state in states)
    said = _words(spoken)
    return _page(
        "index.html",
        said["title"],
        spoken,
        services="\n".join(
            f"<h2>{escape(speaker)}</h2>\n<table>\n<thead><tr>"
            f'<th scope="col">{escape(said["topic"])}</th>'
            f'<th scope="col">{escape(said["says"])}</th></tr></thead>\n<tbody>\n'
            + "\n".join(_line(state, spoken) for state in states if _speaker(state) == speaker)
            + "\n</tbody>\n</table>"
            for speaker in speakers
        ),
    )


def topic_page(state: type[State], services: Sequence[str], spoken: str) -> str:
    """Everything of one topic."""
    found = listeners(state, services)
    said = _words(spoken)
    silent = "" if state.sunset is None else f"{said['sunset']} {state.sunset.isoformat()}."
    return _page(
        "topic.html",
        state.topic,
        spoken,
        topic=state.topic,
        description=escape(_description(state, spoken)),
        sunset=f'  <p class="sunset">{escape(silent)}</p>' if silent else "",
        speaker=escape(_speaker(state)),
        keepers=_listed(found.keep, said),
        actors=_listed(found.act, said),
        subscribers=_listed(_expecting(state), said),
        schemas=", ".join(_release(state, number, said) for number in releases(state.topic)),
        rows="\n".join(_rows(schema_of(state), said)),
        examples="\n".join(_example(state, verb, said) for verb in state.types()),
    )


def _speaker(state: type[State]) -> str:
    return state.topic.partition(".")[0]


def _expecting(state: type[State]) -> list[str]:
    return sorted(file.parent.name for file in _EXPECTATIONS.glob(f"*/{state.topic}.json"))


def _description(state: type[State], spoken: str) -> str:
    told = str(schema_of(state)["description"]).replace("\n", " ").replace("`", "")
    return told if spoken == "en" else _told()["topics"][state.topic]


def _line(state: type[State], spoken: str) -> str:
    link = f'<a href="{state.topic}.html">{state.topic}</a>'
    return f"<tr><td>{link}</td><td>{escape(_description(state, spoken))}</td></tr>"


def _listed(names: Iterable[str], said: Mapping[str, str]) -> str:
    return escape(", ".join(names) or said["nobody"])


def _release(state: type[State], number: int, said: Mapping[str, str]) -> str:
    path = f"../../schemas/{state.topic}/{number}.json"
    return f'<a href="{path}">{escape(said["release"])} {number}</a>'


def _rows(schema: Mapping[str, Any], said: Mapping[str, str]) -> Iterable[str]:
    for name, field in schema["properties"].items():
        presence = said["always" if name in schema["required"] else "maybe"]
        if field.get("deprecated"):
            presence += f", {said['deprecated']}"
        form = escape(_form(field))
        yield f"<tr><td><code>{name}</code></td><td>{form}</td><td>{escape(presence)}</td></tr>"


def _form(field: Mapping[str, Any]) -> str:
    """The form of a field in a few words of JSON Schema."""
    if "anyOf" in field:
        return " | ".join(_form(each) for each in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"[{_form(field['items'])}]"
    limits = [str(field[word]) for word in ("format", "pattern", "maxLength") if word in field]
    return " ".join([str(field.get("type", "")), *limits])


def _example(state: type[State], verb: str, said: Mapping[str, str]) -> str:
    if verb == RETRACTED:
        shown = f"<p>{escape(said['retracted'])}</p>"
    else:
        text = json.dumps(example_of(state, verb), indent=2, ensure_ascii=False)
        shown = f"<pre>{escape(text)}</pre>"
    summary = f"<summary><code>{escape(state.types()[verb])}</code></summary>"
    return f"<details>{summary}{shown}</details>"


def _page(template: str, heading: str, spoken: str, **parts: str) -> str:
    """A page in its frame; words are escaped here, parts are HTML already."""
    known = {name: escape(text) for name, text in _words(spoken).items()}
    known |= {"lang": spoken, "other": OTHER[spoken], "heading": escape(heading)}
    body = _template(template).substitute(known, **parts)
    return _template("frame.html").substitute(known, body=body)


@cache
def _template(name: str) -> Template:
    return Template((PAGE / name).read_text(encoding="utf-8"))


def _words(spoken: str) -> dict[str, str]:
    return _told()[spoken]


@cache
def _told() -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = tomllib.loads((PAGE / "words.toml").read_text("utf-8"))
    return told
