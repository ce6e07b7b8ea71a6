"""Reads a key set (RFC 7517): the public keys in it that can verify what we allow."""

from base64 import urlsafe_b64decode
from collections.abc import Collection, Iterator
from typing import Any, Final, Literal, TypeAlias

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from pydantic import BaseModel, Field, RootModel, ValidationError, field_validator

from shared.access.issuers import Algorithm

_RSA_BITS: Final = range(2_048, 8_193)
"""Shorter ones can be broken (NIST SP 800-131A), and longer ones cost more than they protect."""


class _Jwk(BaseModel):
    kid: str = Field(min_length=1, max_length=255)
    use: Literal["sig"] = "sig"
    alg: str | None = None


class _Ec(_Jwk):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str

    def imported(self) -> Iterator[tuple[Algorithm, Key]]:
        yield "ES256", ECKey.import_key({"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y})


class _Okp(_Jwk):
    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str

    def imported(self) -> Iterator[tuple[Algorithm, Key]]:
        yield "EdDSA", OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": self.x})


class _Rsa(_Jwk):
    kty: Literal["RSA"]
    n: str
    e: str

    @field_validator("n")
    @classmethod
    def _has_a_sane_length(cls, n: str) -> str:
        bits = int.from_bytes(urlsafe_b64decode(n + "==")).bit_length()
        if bits not in _RSA_BITS:
            raise ValueError("an RSA key of this length is not used")
        return n

    def imported(self) -> Iterator[tuple[Algorithm, Key]]:
        key = RSAKey.import_key({"kty": "RSA", "n": self.n, "e": self.e})
        yield "RS256", key
        yield "PS256", key


class _Usable(RootModel[_Ec | _Okp | _Rsa]):
    """A key of a kind that we know; only its public part is read."""


class _Jwks(BaseModel):
    keys: list[Any]


Found: TypeAlias = dict[tuple[str, Algorithm], Key]


def usable_keys(body: bytes, algorithms: Collection[Algorithm]) -> Found:
    """The keys of a set by their id and by the algorithm that each verifies; others are left out.

    Raises ValueError when there is none.
    """
    keys: Found = {}
    for entry in _Jwks.model_validate_json(body).keys:
        try:
            jwk = _Usable.model_validate(entry).root
            for algorithm, key in jwk.imported():
                if algorithm in algorithms and jwk.alg in (None, algorithm):
                    keys[jwk.kid, algorithm] = key
        except (ValidationError, ValueError):
            continue
    if not keys:
        raise ValueError("the issuer's key set has no key that we may use")
    return keys
