"""Forged tokens: whatever is not signed by the issuer's own key is refused, and nothing breaks."""

import base64
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import serialize_compact

from shared.access.tokens import Tokens
from shared.refusals import Unauthenticated
from tests.support.tokens import TestIssuer, new_key


@pytest.fixture
def tokens(issuer: TestIssuer) -> Tokens:
    return Tokens([issuer.rules()])


def segment(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def signed_text(issuer: TestIssuer, payload: str) -> str:
    """Sign a payload that need not be a JSON object."""
    header = {"alg": "ES256", "kid": "first", "typ": "at+jwt"}
    return serialize_compact(header, payload.encode(), issuer.key)


async def refuses(tokens: Tokens, token: str) -> bool:
    try:
        await tokens.actor(token)
    except Unauthenticated:
        return True
    return False


async def test_an_unsigned_token_is_refused(issuer: TestIssuer, tokens: Tokens) -> None:
    body = segment(json.dumps(issuer.claims()).encode())

    for header in (
        {"alg": "none"},
        {"alg": "none", "kid": "first", "typ": "at+jwt"},
        {"kid": "first"},
    ):
        assert await refuses(tokens, f"{segment(json.dumps(header).encode())}.{body}.")


async def test_the_public_key_is_no_shared_secret(issuer: TestIssuer, tokens: Tokens) -> None:
    key = issuer.key = new_key("first")
    secrets = [json.dumps(key.as_dict(private=False)).encode(), key.as_pem(private=False)]
    header = segment(json.dumps({"alg": "HS256", "kid": "first", "typ": "at+jwt"}).encode())
    body = segment(json.dumps(issuer.claims()).encode())

    for secret in secrets:
        mac = hmac.digest(secret, f"{header}.{body}".encode(), "sha256")
        assert await refuses(tokens, f"{header}.{body}.{segment(mac)}")


async def test_a_refusal_does_not_repeat_what_was_sent_nor_why(
    issuer: TestIssuer, tokens: Tokens
) -> None:
    details = set()
    for token in ("secret", issuer.token(aud="other"), issuer.token(exp=1)):
        with pytest.raises(Unauthenticated) as refused:
            await tokens.actor(token)
        details.add(refused.value.detail)

    assert details == {"The bearer token has expired or does not hold here; sign in again."}


async def test_another_key_or_kind_of_key_is_refused(issuer: TestIssuer, tokens: Tokens) -> None:
    await tokens.actor(issuer.token())
    header, claims = {"kid": "first", "typ": "at+jwt"}, issuer.claims()

    own = jwt.encode(header | {"alg": "ES256"}, claims, new_key("first"))
    rsa = jwt.encode(header | {"alg": "RS256"}, claims, RSAKey.generate_key(2048))
    longer = jwt.encode(
        header | {"alg": "ES384"},
        claims,
        ECKey.generate_key("P-384"),
        algorithms=["ES384"],
    )

    for token in (own, rsa, longer):
        assert await refuses(tokens, token)


async def test_a_tampered_token_is_refused(issuer: TestIssuer, tokens: Tokens) -> None:
    header, _, signature = issuer.token().split(".")
    good_body = issuer.token().split(".")[1]
    more = segment(json.dumps(issuer.claims(sub="somebody-else")).encode())
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]

    assert await refuses(tokens, f"{header}.{more}.{signature}")
    assert await refuses(tokens, f"{header}.{good_body}.{flipped}")
    assert await refuses(tokens, f"{header}.{good_body}.")
    assert await refuses(tokens, f"{header}.{good_body}.{'A' * 86}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "....",
        "a.b.c",
        "é.é.é",
        "\x00",
        "Bearer x",
        "A" * 200_000,
        segment(b'"alg"') + ".e30.AA",
        segment(b"[]") + ".e30.AA",
        segment(b'["alg"]') + ".e30.AA",
        segment(b"7") + ".e30.AA",
        segment(b'{"alg":7}') + ".e30.AA",
        segment(b'{"alg":["ES256"]}') + ".e30.AA",
        segment(b'{"alg":{}}') + ".e30.AA",
        segment(b'{"alg":"ES256","kid":7,"typ":"at+jwt"}') + ".e30.AA",
        segment(b'{"alg":"ES256","crit":7}') + ".e30.AA",
        segment(b'{"alg":"ES256","b64":7}') + ".e30.AA",
        segment(b"[" * 5_000) + ".e30.AA",
        segment(b"\xff") + ".e30.AA",
    ],
    ids=lambda token: token[:30],
)
async def test_a_text_that_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    assert await refuses(tokens, token)


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "7", "null", "{", "[" * 5_000, '{"exp": 1e400}', '{"exp": ' + "9" * 5_000 + "}"],
    ids=lambda payload: payload[:20],
)
async def test_a_signed_payload_that_is_no_set_of_claims_is_refused(
    issuer: TestIssuer, tokens: Tokens, payload: str
) -> None:
    assert await refuses(tokens, signed_text(issuer, payload))


async def test_a_claim_said_twice_is_refused(issuer: TestIssuer, tokens: Tokens) -> None:
    twice = json.dumps(issuer.claims())[:-1] + ', "sub": "somebody-else"}'

    assert await refuses(tokens, signed_text(issuer, twice))
