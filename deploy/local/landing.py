"""The landing page in Indonesian and in English, filled from one template."""

import json
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request

from deploy.local.personas import PERSONAS, Persona
from shared.web.service import VERSION

_FOLDER = Path(__file__).with_name("page")
_OTHER = {"id": "en", "en": "id"}


def language(request: Request) -> str:
    """Return `id` or `en`: the one chosen on the page, else the browser's first, else `id`."""
    chosen = request.query_params.get("lang", "")
    if chosen in _OTHER:
        return chosen
    for wish in request.headers.get("accept-language", "").split(","):
        spoken = wish.split(";")[0].strip().lower().partition("-")[0]
        if spoken in _OTHER:
            return spoken
    return "id"


def page(spoken: str, url: str, services: list[str]) -> str:
    """Return the whole page in one of the two languages."""
    words = _words()[spoken]
    cards = "\n".join(_card(name, words) for name in services)
    people = "\n".join(_person(persona, words) for persona in PERSONAS.values())
    return _template("index.html").substitute(
        {name: escape(text) for name, text in words.items()},
        lang=spoken,
        other=_OTHER[spoken],
        url=escape(url),
        version=VERSION,
        cards=cards,
        people_list=people,
        words=escape(json.dumps(words)),
    )


def _card(service: str, words: dict[str, str]) -> str:
    return _template("service.html").substitute(
        service=service,
        about=escape(words[f"about_{service}"]),
        documentation=escape(words["documentation"]),
        asking=escape(words["asking"]),
    )


def _person(persona: Persona, words: dict[str, str]) -> str:
    return _template("person.html").substitute(
        key=persona.key,
        name=escape(persona.name),
        role=escape(words[f"role_{persona.role}"]),
        scope=escape(persona.scope),
        copy=escape(words["copy"]),
    )


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text())


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / "words.toml").read_text())
