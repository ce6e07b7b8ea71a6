"""Receives a file of enterprises: streamed to disk, measured and digested on the way."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Annotated

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from services.registry.errors import FileUnreadable
from services.registry.rows import LONGEST_LINE
from services.registry.use_cases.imports import CHUNK, File
from shared.access.web import CurrentActor
from shared.refusals import Malformed, UnsupportedMedia
from shared.web.negotiation import content_type

UPLOAD_LIMIT = 256 * 1024 * 1024
"""Bytes; about two and a half million rows."""
_IN_MEMORY = 1024 * 1024


async def _received(request: Request, _actor: CurrentActor) -> AsyncIterator[File]:
    _refuse_other_media(request)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        digest = await _spool(request, spool)
        size = spool.tell()
        spool.seek(0)
        header = spool.readline(LONGEST_LINE)
        if len(header) == LONGEST_LINE:
            raise FileUnreadable("The first line is longer than 10,000 bytes.")
        spool.seek(0)
        yield File(digest, size, header, iter(lambda: spool.read(CHUNK), b""))


async def _spool(request: Request, spool: IO[bytes]) -> bytes:
    """Write the body to `spool`; return its SHA-256."""
    digest = hashlib.sha256()
    unbroken = 0
    try:
        async for piece in request.stream():
            unbroken = _refuse_endless_line(piece, unbroken)
            digest.update(piece)
            spool.write(piece)
    except ClientDisconnect:
        raise Malformed("The file did not arrive whole. Send it again.") from None
    return digest.digest()


def _refuse_other_media(request: Request) -> None:
    named = content_type(", ".join(request.headers.getlist("content-type")))
    encoding = request.headers.get("content-encoding", "identity")
    if (*named, encoding) != ("text/csv", "utf-8", "identity"):
        raise UnsupportedMedia("Send the file itself as text/csv, in UTF-8, not compressed.")


def _refuse_endless_line(piece: bytes, unbroken: int) -> int:
    """Return how many bytes at the end of the piece have no line break yet."""
    first, *others = map(len, piece.split(b"\n"))
    lengths = [unbroken + first, *others]
    if max(lengths) > CHUNK // 2:
        raise FileUnreadable("A line has no end; this is not a CSV file.")
    return lengths[-1]


Upload = Annotated[File, Depends(_received)]
"""A file in the request's body, from someone who may hand one in."""
