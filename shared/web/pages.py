"""Pages for people, readable without JavaScript: a template in which every value is escaped."""

import base64
import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from starlette.responses import HTMLResponse

from shared.web.languages import Language, spoken

HTML: Final = "text/html"
_FOLDER: Final = Path(__file__).with_name("page")


class Html(str):
    """A text that is HTML already; every other one is escaped when it is put into a template."""

    __slots__ = ()


def filled(template: str, values: Mapping[str, object]) -> Html:
    """A template of ours with these values in it. Raises KeyError when one is missing."""
    safe = {
        name: value if isinstance(value, Html) else escape(str(value))
        for name, value in values.items()
    }
    return Html(_template(template).substitute(safe))


@cache
def words(page: str) -> Mapping[Language, Mapping[str, str]]:
    """What a page says, by language and name."""
    told = tomllib.loads(_text(f"{page}.toml"))
    return {"en": told["en"], "id": told["id"]}


def answered(body: Html, title: str, language: Language) -> HTMLResponse:
    """The answer: a page that loads nothing, runs nothing, sends nothing and stands in no frame."""
    values = {"lang": language, "title": title, "style": Html(_style()), "body": body}
    headers = spoken(language, "Accept, Accept-Language")
    return HTMLResponse(
        filled("frame.html", values), headers={**headers, "Content-Security-Policy": _policy()}
    )


@cache
def _policy() -> str:
    """Allow the style sheet that stands in the page, by its hash, and nothing else (CSP 3)."""
    digest = base64.b64encode(sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return _text("page.css")


@cache
def _template(name: str) -> Template:
    return Template(_text(name))


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").strip()
