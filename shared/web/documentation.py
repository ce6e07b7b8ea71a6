"""The page on which a developer reads and tries a service; it needs nothing from elsewhere.

Swagger UI comes from the package fastapi-swagger, of which only the files are used.
"""

from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_PACKAGE: Final = "fastapi_swagger.resources"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TYPES: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_START: Final = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, '
    "tryItOutEnabled: true});"
)
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""


def documentation(base: str, title: str) -> list[Route]:
    """The routes of `<base>/docs`, beside which is `<base>/openapi.json`."""

    async def page(_: Request) -> Response:
        headers = {"Content-Security-Policy": _POLICY}
        return HTMLResponse(_PAGE.format(title=title), headers=headers)

    async def start(_: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    async def part(request: Request) -> Response:
        name = request.scope["path"].rpartition("/")[2]
        return Response((files(_PACKAGE) / name).read_bytes(), media_type=_TYPES[name])

    return [
        Route(f"{base}/docs", page),
        Route(f"{base}/docs/start.js", start),
        *(Route(f"{base}/docs/{name}", part) for name in _TYPES),
    ]
