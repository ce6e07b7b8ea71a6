"""A database that must prove who it is gets no word of ours before it has."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from deploy.local.parts import Parts
from shared.database import Database
from shared.streams.direct import connected
from tests.support.certificates import Authority

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")


class TlsInFront:
    """Speaks TLS as PostgreSQL does, and passes what is said on to a server that cannot."""

    def __init__(self, url: str, certificate: Path) -> None:
        self._behind = urlsplit(url)
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(certificate)
        self.tunnels = 0

    async def tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            assert await reader.readexactly(len(_SSL_REQUEST)) == _SSL_REQUEST
            writer.write(b"S")
            await writer.start_tls(self._tls)
            host, port = self._behind.hostname, self._behind.port
            inner_reader, inner_writer = await asyncio.open_connection(host, port)
            self.tunnels += 1
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while spoken := await reader.read(65_536):
            writer.write(spoken)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def in_front(parts: Parts, certificate: Path) -> AsyncIterator[tuple[TlsInFront, str]]:
    """The tunnel, and the superuser's address through it under the name `localhost`."""
    tls = TlsInFront(parts.postgres_url, certificate)
    server = await asyncio.start_server(tls.tunnel, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = urlsplit(parts.postgres_url)
    try:
        yield tls, f"postgresql://{place.username}:{place.password}@localhost:{port}{place.path}"
    finally:
        server.close()
        await server.wait_closed()


async def _answers(url: str) -> bool:
    """Whether all our ways to a database lead to it."""
    database = Database(url)
    try:
        async with database.reading() as tx, connected(url) as direct:
            found = await tx.execute(sa.text("SELECT 1"))
            return bool(found.scalar_one() == await direct.fetchval("SELECT 1"))
    finally:
        await database.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_a_database_with_a_certificate_that_holds_is_reached(
    parts: Parts, authority: Authority
) -> None:
    async with in_front(parts, authority.server("localhost")) as (tls, url):
        assert await _answers(f"{url}?sslmode=verify-full&sslrootcert={authority.file}")

    assert tls.tunnels == 2


async def test_a_certificate_of_another_authority_is_refused(
    parts: Parts, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path, "other")
    async with in_front(parts, other.server("localhost")) as (tls, url):
        with pytest.raises(ssl.SSLCertVerificationError):
            await _answers(f"{url}?sslmode=verify-full&sslrootcert={authority.file}")

    assert tls.tunnels == 0


async def test_a_certificate_of_another_host_is_refused(parts: Parts, authority: Authority) -> None:
    async with in_front(parts, authority.server("elsewhere.test")) as (tls, url):
        with pytest.raises(ssl.SSLCertVerificationError):
            await _answers(f"{url}?sslmode=verify-full&sslrootcert={authority.file}")

    assert tls.tunnels == 0


async def test_a_database_without_tls_is_refused(parts: Parts, authority: Authority) -> None:
    url = f"{parts.postgres_url}?sslmode=verify-full&sslrootcert={authority.file}"

    with pytest.raises((ConnectionError, ssl.SSLCertVerificationError)):
        await _answers(url)
