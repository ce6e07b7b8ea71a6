"""The issuer's public keys: fetched from one fixed address, bounded, and kept when it is down."""

import asyncio
import ssl
import time
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final

import httpx
import structlog
from joserfc.jwk import Key

from shared.access.issuers import Algorithm
from shared.access.jwks import usable_keys

SIZE_CAP: Final = 64 * 1024
DEADLINE: Final = 3.0
"""Seconds for one whole fetch."""
PAUSE: Final = 10.0
"""Seconds between two fetches, so that invented key ids cannot make us hammer the issuer."""
FIRST_PAUSE: Final = 1.0
"""The same while there is no key yet, so that an issuer which starts after us is soon found."""
MAX_AGE: Final = 300.0
"""Seconds after which keys are asked for again, so that a withdrawn one is soon forgotten."""

_log = structlog.get_logger(__name__)


class Keys:
    """Finds the key with an id that verifies an algorithm. Knows nothing of tokens."""

    def __init__(
        self,
        url: str,
        algorithms: Collection[Algorithm],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = httpx.URL(url)
        self._algorithms = frozenset(algorithms)
        self._clock = clock
        self._keys: dict[tuple[str, Algorithm], Key] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetch: asyncio.Task[None] | None = None

    @property
    def none_yet(self) -> bool:
        """Whether the issuer has not been reached since the start."""
        return not self._keys

    async def find(self, kid: str, algorithm: Algorithm) -> Key | None:
        """Give the key, after at most one fetch when it is not known.

        A known key never waits: when it is old it is asked for again in the background, and it
        stays good for as long as the issuer cannot be reached.
        """
        known = self._keys.get((kid, algorithm))
        if known is None:
            await self._refresh()
        elif self._clock() - self._fetched_at > MAX_AGE:
            self._start()
        return known or self._keys.get((kid, algorithm))

    async def _refresh(self) -> None:
        fetch = self._start()
        if fetch is not None:
            # One caller who gives up must not stop the fetch that others wait for.
            await asyncio.shield(fetch)

    def _start(self) -> asyncio.Task[None] | None:
        if self._fetch is not None and not self._fetch.done():
            return self._fetch
        pause = PAUSE if self._keys else FIRST_PAUSE
        if self._clock() - self._tried_at < pause:
            return None
        self._tried_at = self._clock()
        self._fetch = asyncio.create_task(self._replace())
        return self._fetch

    async def _replace(self) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                keys = usable_keys(await self._download(), self._algorithms)
        except (OSError, ValueError, httpx.HTTPError) as failure:
            _log.warning("keys_not_refreshed", reason=type(failure).__name__, kept=len(self._keys))
            return
        self._keys, self._fetched_at = keys, self._clock()

    async def _download(self) -> bytes:
        # A transport of our own leaves the environment's proxies out of it; identity and raw
        # bytes, so that the cap holds for what arrives and nothing can unpack itself.
        transport = httpx.AsyncHTTPTransport(verify=_trusted())
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        body = bytearray()
        async with (
            httpx.AsyncClient(transport=transport, headers=headers, timeout=DEADLINE) as client,
            client.stream("GET", self._url) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise ValueError("the issuer did not answer with its keys")
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > SIZE_CAP:
                    raise ValueError("the issuer's key set is too large")
        return bytes(body)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Whom we trust; reading all authorities keeps a processor busy for tens of milliseconds."""
    return httpx.create_ssl_context()
