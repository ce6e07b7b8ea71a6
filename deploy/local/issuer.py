"""The development issuer: signs tokens for personas with a key that only this checkout has."""

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.personas import Persona
from deploy.local.secret_files import write_secret

LIFE_S = 12 * 3600
"""A working day; a development token is not worth stealing and annoying to renew."""
ALGORITHM = "ES256"
_AUDIENCE = "sinergi"
_TYPE = "at+jwt"
_RULES = """\
# Written anew at each start: whom the services of this checkout believe.

[development]
address = "{url}"
keys = "{url}/.well-known/jwks.json"
audience = "{audience}"
algorithms = ["{algorithm}"]
types = ["{type}"]
longest_life_s = {life}
person_id = "person_id"
grants = "grants"
development = true
"""
_ID_TOKEN_S = 300


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

    @property
    def key_set(self) -> dict[str, Any]:
        """What the services fetch to check tokens with."""
        return {"keys": [{**self.public_key.as_dict(), "use": "sig", "alg": ALGORITHM}]}

    def token(self, persona: Persona) -> str:
        """Return a bearer token with which the persona acts for twelve hours."""
        return self._signed(
            _TYPE,
            persona,
            aud=_AUDIENCE,
            exp=int(time.time()) + LIFE_S,
            person_id=str(persona.person_id),
            grants=[{"role": persona.role, "scope": persona.granted_scope}],
        )

    def id_token(self, persona: Persona, client: str, nonce: str | None) -> str:
        """Return what tells a front end who has signed in; no service takes it for a token."""
        told = {} if nonce is None else {"nonce": nonce}
        expiry = int(time.time()) + _ID_TOKEN_S
        return self._signed("JWT", persona, aud=client, exp=expiry, name=persona.name, **told)

    def _signed(self, kind: str, persona: Persona, **claims: object) -> str:
        header = {"alg": ALGORITHM, "typ": kind, "kid": self._key.kid}
        said = {
            "iss": self.url,
            "sub": persona.key,
            "iat": int(time.time()),
            "jti": str(uuid4()),
        }
        return jwt.encode(header, said | claims, self._key, algorithms=[ALGORITHM])


def write_issuers(home: Path, url: str) -> Path:
    """Write the file of those whom the services believe: the issuer at this address alone."""
    file = home / "issuers.toml"
    home.mkdir(exist_ok=True)
    told = {"url": url, "audience": _AUDIENCE, "algorithm": ALGORITHM, "type": _TYPE}
    file.write_text(_RULES.format_map(told | {"life": LIFE_S}))
    return file.resolve()


def _kept_key(home: Path) -> ECKey:
    file = home / "issuer.key.json"
    if not file.exists():
        home.mkdir(exist_ok=True)
        made = ECKey.generate_key("P-256", private=True, auto_kid=True)
        write_secret(file, json.dumps(made.as_dict(private=True)))
    return ECKey.import_key(json.loads(file.read_text()))
