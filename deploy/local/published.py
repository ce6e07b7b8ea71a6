"""What subscribers are told, served as it would be published: the catalogue and the schemas."""

import asyncio
import mimetypes
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deploy.catalogue.site import site
from deploy.local.pages import language

_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
_FOR_EVER = "public, max-age=31536000, immutable"


async def entrance(request: Request) -> Response:
    """Lead to the catalogue in the language that is wished for."""
    there = f"/events/{language(request)}/index.html"
    return RedirectResponse(there, 303, headers={"vary": "accept-language"})


async def file(request: Request) -> Response:
    """Answer with a file of the site, a folder with its entrance; a schema never changes."""
    path = request.url.path.lstrip("/")
    # The first time, the services are read to learn who listens.
    files = await asyncio.to_thread(site)
    content = files.get(path)
    if content is None:
        if (there := f"{path.rstrip('/')}/index.html") in files:
            return RedirectResponse(f"/{there}", 303)
        raise HTTPException(404)
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "cache-control": _FOR_EVER if path.startswith("schemas/") else "no-cache",
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=mimetypes.guess_type(path)[0], headers=headers)
