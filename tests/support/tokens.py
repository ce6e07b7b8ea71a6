"""The one issuer of the tests: signs whatever a test wants, and serves its keys over real HTTP."""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, Key

from services.registry.ids import unit_id
from shared.access.issuers import IssuerRules

ISSUER = "https://issuer.test"

BATU_UNIT = f"unit:{unit_id('35.79')}"
MALANG_UNIT = f"unit:{unit_id('35.73')}"

PERSONAS: dict[str, list[dict[str, str]]] = {
    "operator": [{"role": "operator", "scope": "nation"}],
    "evaluator": [{"role": "evaluator", "scope": "nation"}],
    "ministry": [{"role": "ministry", "scope": "nation"}],
    "batu": [{"role": "desk_officer", "scope": BATU_UNIT}],
    "batu_head": [{"role": r, "scope": BATU_UNIT} for r in ("unit_head", "desk_officer")],
    "malang": [{"role": "desk_officer", "scope": MALANG_UNIT}],
    "east_java": [{"role": "unit_head", "scope": "region:35"}],
    "nobody": [],
}

LIFE_S = 3_600
_TYPE = "at+jwt"
_RULES = """\
[test]
address = "{address}"
keys = "{keys}"
audience = "sinergi"
algorithms = ["ES256"]
types = ["{type}"]
longest_life_s = {life}
person_id = "person_id"
grants = "grants"
development = true
"""

Answer = Callable[[BufferedIOBase], None]
"""Writes a whole HTTP response, or whatever else an issuer may come to send."""


class TestIssuer:
    """Signs tokens, serves the key set that verifies them, and can fail in every way."""

    __test__ = False

    def __init__(self, address: str = ISSUER, host: str = "127.0.0.1") -> None:
        """Have one key, and serve it at an address of this machine."""
        self.address = address
        self._host = host
        self.key: Key = new_key("first")
        self.requests = 0
        self.answer: Answer = self.answer_with_keys
        self._folder = tempfile.TemporaryDirectory(prefix="sinergi-issuer-")
        self._server = self._serving(0)

    @property
    def jwks_url(self) -> str:
        """Where the key set is."""
        return f"http://{self._host}:{self._server.server_port}/jwks.json"

    @property
    def file(self) -> Path:
        """The file in which services read that this issuer is believed."""
        return Path(self._folder.name, "issuers.toml")

    def rules(self, **changes: Any) -> IssuerRules:  # noqa: ANN401 (whatever may be in the file)
        """The same, as rules."""
        rules = {
            "name": "test",
            "address": self.address,
            "keys": self.jwks_url,
            "audience": "sinergi",
            "algorithms": ["ES256"],
            "types": [_TYPE],
            "longest_life_s": LIFE_S,
            "person_id": "person_id",
            "grants": "grants",
        }
        return IssuerRules.model_validate(rules | changes)

    def token(
        self,
        persona: str = "operator",
        grants: list[dict[str, str]] | None = None,
        person: UUID | None = None,
        *,
        header: dict[str, Any] | None = None,
        **changes: Any,  # noqa: ANN401 (claims are of all kinds)
    ) -> str:
        """A token for a persona, with its usual grants or others; a claim of None is left out."""
        claims = self.claims(persona, grants, **{"person_id": person and str(person)} | changes)
        algorithm = str(self.key.as_dict(private=False)["alg"])
        said = {"alg": algorithm, "kid": self.key.kid, "typ": _TYPE} | (header or {})
        return jwt.encode(said, claims, self.key, algorithms=[algorithm])

    def claims(
        self,
        persona: str = "operator",
        grants: list[dict[str, str]] | None = None,
        **changes: Any,  # noqa: ANN401 (as above)
    ) -> dict[str, Any]:
        """What a good token says, but for the changes."""
        now = int(time.time())
        good = {
            "iss": self.address,
            "sub": persona,
            "aud": "sinergi",
            "iat": now,
            "exp": now + LIFE_S,
            "jti": str(uuid4()),
            "grants": PERSONAS.get(persona, []) if grants is None else grants,
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    def publish(self, *keys: Key) -> None:
        """Serve these keys from now on, and no others."""
        self.answer = lambda out: respond(out, key_set(keys))

    def answer_with_keys(self, out: BufferedIOBase) -> None:
        """Serve the key that signs."""
        respond(out, key_set([self.key]))

    def start(self) -> None:
        """Answer again, at the same address."""
        self._server = self._serving(self._server.server_port)
        self._run()

    def stop(self) -> None:
        """Answer nobody."""
        self._server.shutdown()
        self._server.server_close()

    def _run(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _serving(self, port: int) -> ThreadingHTTPServer:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                try:
                    issuer.answer(self.wfile)
                except ConnectionError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return ThreadingHTTPServer((self._host, port), Handler)

    def __enter__(self) -> Self:
        words = {"address": self.address, "keys": self.jwks_url, "type": _TYPE, "life": LIFE_S}
        self.file.write_text(_RULES.format_map(words))
        self._run()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._folder.cleanup()


def new_key(kid: str) -> ECKey:
    """A key of the usual kind."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


def key_set(keys: Sequence[Key]) -> bytes:
    """The public keys as a JWK set."""
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


def respond(out: BufferedIOBase, body: bytes, status: str = "200 OK") -> None:
    """Write a whole response."""
    out.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
