"""An issuer for tests: a key of its own, served by a real HTTP server."""

import json
import threading
import time
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from services.registry.ids import unit_id

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


class TestIssuer:
    """Signs tokens and serves the key set that verifies them."""

    __test__ = False

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler)

    @property
    def jwks_url(self) -> str:
        """Where the key set is."""
        return f"http://127.0.0.1:{self._server.server_port}/jwks.json"

    def token(self, persona: str, grants: list[dict[str, str]] | None = None) -> str:
        """A token for a persona, with its usual grants or others."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": persona,
            "aud": "sinergi",
            "iat": now,
            "exp": now + 3600,
            "jti": str(uuid4()),
            "grants": PERSONAS[persona] if grants is None else grants,
        }
        header = {"alg": "ES256", "kid": "test", "typ": "JWT"}
        return jwt.encode(header, claims, self._key)

    @cached_property
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        body = json.dumps({"keys": [self._key.as_dict(private=False)]}).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
