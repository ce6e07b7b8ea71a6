"""The development issuer: signs tokens for personas with a key that only this checkout has."""

import json
import time
from pathlib import Path
from urllib.parse import parse_qs
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.personas import PERSONAS, Persona
from deploy.local.secret_files import write_secret

LIFE_S = 12 * 3600
"""A working day; a development token is not worth stealing and annoying to renew."""
_AUDIENCE = "sinergi"
_FORM = 4096
"""Bytes; the name of a persona and room to spare."""
_ALGORITHM = "ES256"


class Issuer:
    """Signs tokens under one address with the key kept in the folder."""

    def __init__(self, url: str, home: Path) -> None:
        """Use the key of the folder, made when there is none yet."""
        self.url = url
        self._key = _kept_key(home)

    @property
    def public_key(self) -> ECKey:
        """The key with which anybody can check a token."""
        return ECKey.import_key(self._key.as_dict(private=False))

    def token(self, persona: Persona) -> str:
        """Return a bearer token with which the persona acts for twelve hours."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": f"development|{persona.key}",
            "aud": _AUDIENCE,
            "iat": now,
            "exp": now + LIFE_S,
            "jti": str(uuid4()),
            "person_id": str(persona.person_id),
            "grants": [{"role": persona.role, "scope": persona.granted_scope}],
        }
        header = {"alg": _ALGORITHM, "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])

    def routes(self) -> list[Route]:
        """Return what the front serves of the issuer."""
        return [
            Route("/.well-known/openid-configuration", self._configuration),
            Route("/.well-known/jwks.json", self._keys),
            Route("/token", self._token, methods=["POST"], max_body_size=_FORM),
        ]

    async def _configuration(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/.well-known/jwks.json",
                "token_endpoint": f"{self.url}/token",
                "id_token_signing_alg_values_supported": [_ALGORITHM],
            }
        )

    async def _keys(self, _request: Request) -> Response:
        public = self.public_key.as_dict()
        return JSONResponse({"keys": [{**public, "use": "sig", "alg": _ALGORITHM}]})

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        persona = PERSONAS.get(form.get("persona", [""])[0])
        if persona is None:
            known = f"The field persona must be one of: {', '.join(PERSONAS)}."
            refusal = {"error": "invalid_request", "error_description": known}
            return JSONResponse(refusal, status_code=400)
        answer = {
            "access_token": self.token(persona),
            "token_type": "Bearer",
            "expires_in": LIFE_S,
        }
        return JSONResponse(answer, headers={"cache-control": "no-store"})


def _kept_key(home: Path) -> ECKey:
    file = home / "issuer.key.json"
    if not file.exists():
        home.mkdir(exist_ok=True)
        made = ECKey.generate_key("P-256", private=True, auto_kid=True)
        write_secret(file, json.dumps(made.as_dict(private=True)))
    return ECKey.import_key(json.loads(file.read_text()))
