"""Several issuers: each token is held to the rules and the keys of its own, and to no other's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from shared.access.tokens import Tokens
from shared.refusals import Unauthenticated, Unavailable
from tests.support.tokens import TestIssuer, new_key

OTHER = "https://other.test"


@pytest.fixture
def other() -> Iterator[TestIssuer]:
    """A second issuer, whose tokens have another type and claim."""
    with TestIssuer(OTHER) as started:
        started.key = new_key("first")
        yield started


@pytest.fixture
def tokens(issuer: TestIssuer, other: TestIssuer) -> Tokens:
    keycloak = other.rules(name="other", types=["JWT"], required={"typ": "Bearer"})
    return Tokens([issuer.rules(), keycloak])


def of_other(other: TestIssuer, *, header: str = "JWT", **changes: Any) -> str:  # noqa: ANN401 (claims)
    return other.token(header={"typ": header}, **({"typ": "Bearer"} | changes))


async def refuses(tokens: Tokens, token: str) -> bool:
    try:
        await tokens.actor(token)
    except Unauthenticated:
        return True
    return False


async def test_each_is_believed_by_its_own_rules(
    issuer: TestIssuer, other: TestIssuer, tokens: Tokens
) -> None:
    assert (await tokens.actor(issuer.token("batu"))).subject == "test|batu"
    assert (await tokens.actor(of_other(other))).subject == "other|operator"


async def test_the_keys_of_one_never_verify_a_token_of_another(
    issuer: TestIssuer, other: TestIssuer, tokens: Tokens
) -> None:
    """Both call their keys "first", so only whose they are can tell them apart."""
    assert await refuses(tokens, issuer.token(iss=OTHER, typ="Bearer", header={"typ": "JWT"}))
    assert await refuses(tokens, other.token(iss=issuer.address))
    assert (issuer.requests, other.requests) == (1, 1)


async def test_the_type_of_one_is_not_good_for_another(
    issuer: TestIssuer, other: TestIssuer, tokens: Tokens
) -> None:
    assert await refuses(tokens, issuer.token(header={"typ": "JWT"}))
    assert await refuses(tokens, of_other(other, header="at+jwt"))


@pytest.mark.parametrize("kind", ["ID", "Refresh", "bearer", None, True, ["Bearer"]])
async def test_a_token_of_another_kind_is_refused(
    other: TestIssuer, tokens: Tokens, kind: object
) -> None:
    assert await refuses(tokens, of_other(other, typ=kind))


async def test_a_claim_of_another_kind_that_is_equal_is_not_the_same(issuer: TestIssuer) -> None:
    tokens = Tokens([issuer.rules(required={"version": 1})])

    assert not await refuses(tokens, issuer.token(version=1))
    assert await refuses(tokens, issuer.token(version=True))
    assert await refuses(tokens, issuer.token(version=1.0))


async def test_an_issuer_that_is_not_named_is_asked_nothing(
    issuer: TestIssuer, other: TestIssuer
) -> None:
    assert await refuses(Tokens([issuer.rules()]), of_other(other))
    assert (issuer.requests, other.requests) == (0, 0)


async def test_an_issuer_that_is_down_does_not_keep_the_people_of_another_out(
    issuer: TestIssuer, other: TestIssuer, tokens: Tokens
) -> None:
    other.stop()

    assert (await tokens.actor(issuer.token())).subject == "test|operator"
    with pytest.raises(Unavailable):
        await tokens.actor(of_other(other))


KEYS: dict[str, Callable[[], Key]] = {
    "ES256": lambda: new_key("one"),
    "RS256": lambda: RSAKey.generate_key(2048, {"kid": "one"}),
    "PS256": lambda: RSAKey.generate_key(2048, {"kid": "one"}),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519", {"kid": "one"}),
}


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", KEYS)
async def test_every_algorithm_that_is_allowed_is_verified_and_no_other(
    issuer: TestIssuer, algorithm: str
) -> None:
    key = KEYS[algorithm]()
    issuer.publish(key)
    header = {"alg": algorithm, "kid": "one", "typ": "at+jwt"}
    token = jwt.encode(header, issuer.claims(), key, algorithms=[algorithm])
    others = set(KEYS) - {algorithm}

    allowed = Tokens([issuer.rules(algorithms=[algorithm])])
    not_allowed = Tokens([issuer.rules(algorithms=others)])

    assert (await allowed.actor(token)).subject == "test|operator"
    assert await refuses(allowed, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"))
    assert await refuses(not_allowed, token)


async def test_a_key_that_is_for_another_algorithm_is_not_used(issuer: TestIssuer) -> None:
    key = RSAKey.generate_key(2048, {"kid": "one", "alg": "PS256"})
    issuer.publish(key)
    lax = JWSRegistry(algorithms=["RS256"])
    header = {"alg": "RS256", "kid": "one", "typ": "at+jwt"}
    undeclared = RSAKey.import_key(key.raw_value)
    token = jwt.encode(header, issuer.claims(), undeclared, registry=lax)

    assert await refuses(Tokens([issuer.rules(algorithms=["RS256", "PS256"])]), token)
