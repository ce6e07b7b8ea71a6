"""The landing page in Indonesian and in English, filled from one template."""

import json
from html import escape

from deploy.local.pages import OTHER, fill, words
from deploy.local.personas import PERSONAS, Persona
from shared.web.service import VERSION


def page(spoken: str, url: str, services: list[str]) -> str:
    """Return the whole page in one of the two languages."""
    said = words(spoken)
    return fill(
        "index.html",
        said,
        lang=spoken,
        other=OTHER[spoken],
        url=escape(url),
        version=VERSION,
        cards="\n".join(_card(name, said) for name in services),
        people_list="\n".join(_person(persona, said) for persona in PERSONAS.values()),
        words=escape(json.dumps(said)),
    )


def _card(service: str, said: dict[str, str]) -> str:
    return fill("service.html", said, service=service, about=escape(said[f"about_{service}"]))


def _person(persona: Persona, said: dict[str, str]) -> str:
    return fill(
        "person.html",
        said,
        key=persona.key,
        name=escape(persona.name),
        role=escape(said[f"role_{persona.role}"]),
        scope=escape(persona.scope),
    )
