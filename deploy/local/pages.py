"""What the pages share: their two languages, their templates, and what a browser may do on them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

FOLDER = Path(__file__).with_name("page")
OTHER = {"id": "en", "en": "id"}


def language(request: Request) -> str:
    """Return `id` or `en`: the one chosen on the page, else the browser's first, else `id`."""
    chosen = request.query_params.get("lang", "")
    if chosen in OTHER:
        return chosen
    for wish in request.headers.get("accept-language", "").split(","):
        spoken = wish.split(";")[0].strip().lower().partition("-")[0]
        if spoken in OTHER:
            return spoken
    return "id"


def fill(template: str, said: Mapping[str, str], /, **parts: str) -> str:
    """Return a template with words, which are escaped here, and parts, which are HTML already."""
    escaped = {name: escape(text) for name, text in said.items()}
    return _template(template).substitute(escaped, **parts)


@cache
def words(spoken: str) -> dict[str, str]:
    """Return everything that is said in a language."""
    said: dict[str, str] = tomllib.loads((FOLDER / "words.toml").read_text())[spoken]
    return said


def html(
    page: str, spoken: str, policy: str, *, status: int = 200, more: Mapping[str, str] | None = None
) -> Response:
    """Return a page as an answer, under a Content-Security-Policy, with more headers if need be."""
    return HTMLResponse(
        page,
        status,
        headers={
            "content-language": spoken,
            "vary": "accept-language",
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            **(more or {}),
        },
    )


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text())
