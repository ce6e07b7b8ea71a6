"""The page of what is parked: key by key, what came first, why, and how many wait behind it."""

from collections.abc import Iterable, Mapping
from datetime import UTC

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.web.languages import language_of
from shared.web.pages import Html, answered, filled, words


def parked_page(
    request: Request, rows: Iterable[sa.RowMapping], following: str | None
) -> HTMLResponse:
    """Show these keys to people, in the language of the request."""
    language = language_of(request)
    said, service = words("parked")[language], request.app.state.settings.service
    lines = Html("\n".join(_line(row, said) for row in rows))
    table = filled("parked_table.html", {**said, "lines": lines}) if lines else ""
    shown = {
        **said,
        "service": service,
        "table": table or filled("parked_none.html", said),
        "more": _link_to(request, following, said) if following else "",
    }
    return answered(filled("parked.html", shown), f"{said['title']}: {service}", language)


def _line(row: sa.RowMapping, said: Mapping[str, str]) -> Html:
    since = row["since"].astimezone(UTC)
    return filled(
        "parked_line.html",
        {
            **row,
            "state": said[f"state_{row['state']}"],
            "key": row["key"] or said["no_key"],
            "instant": since.isoformat(),
            "since": f"{since:%Y-%m-%d %H:%M:%S} UTC",
        },
    )


def _link_to(request: Request, following: str, said: Mapping[str, str]) -> Html:
    address = request.url.include_query_params(after=following)
    return filled("parked_more.html", {**said, "query": address.query})
