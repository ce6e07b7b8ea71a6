"""The issuer's public keys: fetched from one fixed address, bounded, and kept when it is down."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, Literal

import httpx
import structlog
from joserfc.jwk import ECKey
from pydantic import BaseModel, Field, ValidationError

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


class _Jwk(BaseModel):
    """A key that can verify ES256 (RFC 7518, 6.2); every other kind is passed over."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    kid: str = Field(min_length=1, max_length=255)
    x: str
    y: str
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"


class _Jwks(BaseModel):
    keys: list[Any]


class Keys:
    """Finds the key with an id. Knows nothing of tokens."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = httpx.URL(url)
        self._clock = clock
        self._keys: dict[str, ECKey] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetch: asyncio.Task[None] | None = None

    @property
    def none_yet(self) -> bool:
        """Whether the issuer has not been reached since the start."""
        return not self._keys

    async def find(self, kid: str) -> ECKey | None:
        """Give the key, after at most one fetch when it is not known.

        A known key never waits: when it is old it is asked for again in the background, and it
        stays good for as long as the issuer cannot be reached.
        """
        known = self._keys.get(kid)
        if known is None:
            await self._refresh()
        elif self._clock() - self._fetched_at > MAX_AGE:
            self._start()
        return known or self._keys.get(kid)

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
                keys = _usable(await self._download())
        except (OSError, ValueError, httpx.HTTPError) as failure:
            _log.warning("keys_not_refreshed", reason=type(failure).__name__, kept=len(self._keys))
            return
        self._keys, self._fetched_at = keys, self._clock()

    async def _download(self) -> bytes:
        # A transport of our own leaves the environment's proxies out of it; identity and raw
        # bytes, so that the cap holds for what arrives and nothing can unpack itself.
        transport = httpx.AsyncHTTPTransport()
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


def _usable(body: bytes) -> dict[str, ECKey]:
    keys = {}
    for entry in _Jwks.model_validate_json(body).keys:
        try:
            jwk = _Jwk.model_validate(entry)
            keys[jwk.kid] = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": jwk.x, "y": jwk.y})
        except (ValidationError, ValueError):
            continue
    if not keys:
        raise ValueError("the issuer's key set has no key for ES256")
    return keys
