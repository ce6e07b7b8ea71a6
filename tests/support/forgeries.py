"""Everything that is sent in place of a token that holds, by what is wrong with it."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwe
from joserfc.jwk import ECKey, Key, RSAKey
from joserfc.jws import JWSRegistry

from shared.access.tokens import SIZE_CAP
from tests.support.forged_parts import LEFT_OUT, wrong_claims, wrong_headers
from tests.support.tokens import TestIssuer, new_key

HEADER = {"alg": "ES256", "kid": "first", "typ": "at+jwt"}
_SIGNATURES = JWSRegistry.algorithms

Signer = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Sent:
    """A request's headers and the query of its address."""

    headers: list[tuple[str, str]]
    query: Mapping[str, str]


def segment(part: Mapping[str, Any] | str | bytes) -> str:
    """A part of a token, in base64url."""
    text = part if isinstance(part, str | bytes) else json.dumps(part)
    whole = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def forge(
    issuer: TestIssuer,
    header: Mapping[str, Any] | str = HEADER,
    claims: Mapping[str, Any] | str | None = None,
    sign: Signer | None = None,
) -> str:
    """A token of any header and claims, signed with the issuer's own key unless otherwise."""
    said = segment(header) + "." + segment(issuer.claims() if claims is None else claims)
    signed = (sign or _by("ES256", issuer.key))(said.encode())
    return f"{said}.{segment(signed)}"


def sent_in_place_of_a_token(issuer: TestIssuer) -> dict[str, Sent]:
    """Every forgery and every wrong way to send a good one, for the one key of an issuer."""
    tokens = {
        **{f"header {h}"[:90]: forge(issuer, _changed(HEADER, h)) for h in wrong_headers()},
        **{
            f"claims {c}"[:90]: forge(issuer, claims=_changed(issuer.claims(), c))
            for c in wrong_claims(issuer.address)
        },
        **dict(_signed_wrongly(issuer)),
        **dict(_put_together_wrongly(issuer)),
    }
    forged = {name: Sent([("Authorization", f"Bearer {t}")], {}) for name, t in tokens.items()}
    return forged | _sent_wrongly(issuer.token())


def _changed(good: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: v for name, v in ({**good, **changes}).items() if v is not LEFT_OUT}


def _signed_wrongly(issuer: TestIssuer) -> Iterator[tuple[str, str]]:
    assert isinstance(issuer.key, ECKey)
    public = issuer.key.as_dict(private=False)
    secrets = {
        "the public key in PEM": issuer.key.as_pem(private=False),
        "the public key as JWK": json.dumps(public).encode(),
        "the public point": str(public["x"]).encode(),
        "nothing": b"",
    }
    for what, secret in secrets.items():
        yield f"HS256 with {what}", forge(issuer, HEADER | {"alg": "HS256"}, sign=_mac(secret))
    yield "a key of its own", forge(issuer, sign=_by("ES256", new_key("first")))
    rsa = RSAKey.generate_key(2048)
    for alg in ("RS256", "PS256"):
        signed = forge(issuer, HEADER | {"alg": alg}, sign=_by(alg, rsa))
        yield f"{alg} under the id of another kind of key", signed
    for what, signature in {"no": b"", "zero": b"\0" * 64, "a short": b"\1" * 63}.items():
        yield f"{what} signature", forge(issuer, sign=_always(signature))
    for bit in (0, 255, 511):
        yield f"bit {bit} flipped", _flipped(issuer.token(), bit)


def _by(algorithm: str, key: Key) -> Signer:
    return lambda said: _SIGNATURES[algorithm].sign(said, key)


def _mac(secret: bytes) -> Signer:
    return lambda said: hmac.digest(secret, said, "sha256")


def _always(signature: bytes) -> Signer:
    return lambda _: signature


def _flipped(token: str, bit: int) -> str:
    said, _, signature = token.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[bit // 8] ^= 1 << bit % 8
    return f"{said}.{segment(bytes(raw))}"


def _put_together_wrongly(issuer: TestIssuer) -> Iterator[tuple[str, str]]:
    good, other = issuer.token(), issuer.token(sub="another")
    header, body, signature = good.split(".")
    yield "another's signature", ".".join([header, body, other.split(".")[2]])
    yield "another's claims", ".".join([header, other.split(".")[1], signature])
    yield "two parts", f"{header}.{body}"
    yield "four parts", f"{good}.{signature}"
    yield "five parts", f"{good}.{signature}.{signature}"
    yield "padding", f"{good}=="
    yield "no token at all", "a.b.c"
    yield "dots", ".."
    yield "header kid of 100 KB", forge(issuer, HEADER | {"kid": "k" * 100_000})
    yield "20 KB", forge(issuer, claims=issuer.claims() | {"more": "x" * 15_000})
    yield "200 KB", forge(issuer, claims=issuer.claims() | {"more": "x" * 150_000})
    yield "200 KB of nothing", "A" * 200_000
    for name in ("sub", "iss", "exp", "grants"):
        twice = json.dumps(issuer.claims())[:-1] + f", {json.dumps(name)}: 1}}"
        yield f"{name} said twice", forge(issuer, claims=twice)
    yield (
        "a grant's role said twice",
        forge(
            issuer,
            claims=json.dumps(issuer.claims()).replace('"role"', '"role": "auditor", "role"'),
        ),
    )
    yield "a header said twice", forge(issuer, json.dumps(HEADER)[:-1] + ', "alg": "ES256"}')
    yield (
        "exp 1e400",
        forge(issuer, claims=json.dumps(issuer.claims(exp=7)).replace(" 7,", " 1e400,")),
    )
    for payload in ("", "[]", "7", "null", '"x"', "{", "[" * 3_000, '{"exp": ' + "9" * 5_000 + "}"):
        yield f"claims that are {payload[:20]!r}", forge(issuer, claims=payload)
    for start in ("[]", "7", "null", "{", "\xff", "[" * 3_000):
        yield f"a header that is {start[:20]!r}", forge(issuer, start)
    key = ECKey.generate_key("P-256", {"kid": "first"})
    sealed = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": "first", "typ": "at+jwt"}
    yield "sealed (JWE)", jwe.encrypt_compact(sealed, json.dumps(issuer.claims()), key)
    bomb = jwe.encrypt_compact(sealed | {"zip": "DEF"}, b" " * 5_000_000, key)
    assert len(bomb) < SIZE_CAP
    yield "sealed, and 5 MB when unpacked", bomb


def _sent_wrongly(token: str) -> dict[str, Sent]:
    bearer = f"Bearer {token}"
    headers = {
        "nothing": [],
        "two headers": [("Authorization", bearer)] * 2,
        "two headers, one of them empty": [("Authorization", bearer), ("Authorization", "")],
        "two in one header": [("Authorization", f"{bearer}, {bearer}")],
        "bearer twice": [("Authorization", f"Bearer {bearer}")],
        "no scheme": [("Authorization", token)],
        "another scheme": [("Authorization", f"Basic {token}")],
        "a scheme alone": [("Authorization", "Bearer")],
        "a proxy's header": [("Proxy-Authorization", bearer)],
        "a cookie": [("Cookie", f"access_token={token}; Authorization={bearer}")],
        "names of others": [("X-User-Id", "operator"), ("X-Forwarded-User", "operator")],
    }
    ways = {name: Sent(sent, {}) for name, sent in headers.items()}
    for name in ("access_token", "token", "authorization"):
        ways[f"{name} in the address"] = Sent([], {name: token})
    return ways
