"""The two languages that people are answered in: English as the code says it, and Indonesian.

The English sentence is its own key. `indonesian.toml` of the package that says it has the other;
a sentence with facts in it, such as "At most {longest} characters", is kept with their names.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from starlette.requests import Request

from shared.web.negotiation import weighted

Language = Literal["en", "id"]

_SPOKEN = get_args(Language)
CATALOGUE = "indonesian.toml"
_ROOT = Path(__file__).resolve().parents[2]


def preferred(accept_language: str) -> Language:
    """The language that is wanted most (RFC 9110, 12.5.4); English when neither is wanted more.

    "id-ID" asks for Indonesian as "id" does (the lookup of RFC 4647, 3.4).
    """
    weights: dict[str, float] = {}
    for wanted, weight in weighted(accept_language):
        primary = wanted.partition("-")[0]
        weights[primary] = max(weight, weights.get(primary, 0.0))
    rest = weights.pop("*", 0.0)
    first = next((name for name, weight in weights.items() if name in _SPOKEN and weight), "en")
    order: list[Language] = ["id", "en"] if first == "id" else ["en", "id"]
    return max(order, key=lambda language: weights.get(language, rest))


def language_of(request: Request) -> Language:
    """The language in which to answer a request."""
    return preferred(request.headers.get("accept-language", ""))


def said(sentence: str, language: Language, facts: Mapping[str, Any] | None = None) -> str:
    """A sentence of ours in a language; in English if the catalogue does not have it."""
    chosen = catalogue().get(sentence, sentence) if language == "id" else sentence
    return chosen.format_map(facts) if facts else chosen


def sentence_behind(text: str, facts: Mapping[str, Any]) -> str:
    """The sentence that gave a text when these facts were put in."""
    for sentence in _with_facts():
        names = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        if names <= facts.keys() and sentence.format_map(facts) == text:
            return sentence
    return text


def spoken(language: Language, depends_on: str = "Accept-Language") -> dict[str, str]:
    """The headers of an answer that people read: its language, and what it was chosen by."""
    return {"Content-Language": language, "Vary": depends_on}


@cache
def catalogue() -> Mapping[str, str]:
    """Every English sentence of the packages that are here, with the Indonesian one."""
    files = [_ROOT / "shared" / CATALOGUE, *sorted(_ROOT.glob(f"services/*/{CATALOGUE}"))]
    found: dict[str, str] = {}
    for file in files:
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


@cache
def _with_facts() -> tuple[str, ...]:
    return tuple(sentence for sentence in catalogue() if "{" in sentence)
