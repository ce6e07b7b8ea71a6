"""The issuer's keys: a bad answer costs little, and a bad time of the issuer's costs nothing."""

import asyncio
import json
import time
from io import BufferedIOBase

import pytest
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from shared.access.issuers import Algorithm
from shared.access.keys import DEADLINE, MAX_AGE, PAUSE, SIZE_CAP, Keys
from tests.support.tokens import TestIssuer, key_set, new_key, respond

ALGORITHMS: tuple[Algorithm, ...] = ("ES256", "RS256", "PS256", "EdDSA")


class Clock:
    """Goes only when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Finder:
    """Keys of an issuer, asked for by their ids."""

    def __init__(self, issuer: TestIssuer, clock: Clock) -> None:
        self._keys = Keys(issuer.jwks_url, ALGORITHMS, clock)

    async def find(self, kid: str, algorithm: Algorithm = "ES256") -> Key | None:
        return await self._keys.find(kid, algorithm)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(issuer: TestIssuer, clock: Clock) -> Finder:
    return Finder(issuer, clock)


async def test_a_known_key_is_fetched_once(issuer: TestIssuer, keys: Finder) -> None:
    found = [await keys.find("first") for _ in range(3)]

    assert all(key is not None for key in found)
    assert issuer.requests == 1


async def test_many_first_callers_share_one_fetch(issuer: TestIssuer, keys: Finder) -> None:
    found = await asyncio.gather(*(keys.find("first") for _ in range(50)))

    assert None not in found
    assert issuer.requests == 1


async def test_a_caller_who_gives_up_does_not_stop_the_fetch(
    issuer: TestIssuer, keys: Finder
) -> None:
    hasty = asyncio.create_task(keys.find("first"))
    patient = asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0)

    hasty.cancel()

    assert await patient is not None
    assert issuer.requests == 1


async def test_a_new_key_is_found_after_a_rotation(
    issuer: TestIssuer, keys: Finder, clock: Clock
) -> None:
    await keys.find("first")
    issuer.key = new_key("second")
    clock.now += PAUSE

    assert await keys.find("second") is not None
    assert await keys.find("first") is None


async def test_invented_key_ids_fetch_at_most_once_per_pause(
    issuer: TestIssuer, keys: Finder, clock: Clock
) -> None:
    await keys.find("first")

    for number in range(20):
        assert await keys.find(f"invented-{number}") is None
    assert issuer.requests == 1

    clock.now += PAUSE
    await asyncio.gather(*(keys.find(f"more-{number}") for number in range(20)))
    assert issuer.requests == 2


async def test_an_old_key_stays_good_while_the_issuer_is_down(
    issuer: TestIssuer, keys: Finder, clock: Clock
) -> None:
    await keys.find("first")
    issuer.stop()

    for _ in range(3):
        clock.now += MAX_AGE + 1
        assert await keys.find("first") is not None
        assert await keys.find("invented") is None


async def test_a_withdrawn_key_is_forgotten(issuer: TestIssuer, keys: Finder, clock: Clock) -> None:
    await keys.find("first")
    issuer.key = new_key("second")
    clock.now += MAX_AGE + 1
    await keys.find("first")

    async with asyncio.timeout(DEADLINE):
        while await keys.find("first") is not None:  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.01)


async def test_an_issuer_that_starts_later_is_found(
    issuer: TestIssuer, keys: Finder, clock: Clock
) -> None:
    issuer.stop()
    assert await keys.find("first") is None

    issuer.start()
    clock.now += 1

    assert await keys.find("first") is not None


async def test_a_slow_issuer_costs_no_more_than_the_deadline(
    issuer: TestIssuer, keys: Finder
) -> None:
    def trickle(out: BufferedIOBase) -> None:
        out.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            out.write(b" ")
            time.sleep(0.05)

    issuer.answer = trickle
    began = time.monotonic()

    assert await keys.find("first") is None
    assert time.monotonic() - began < DEADLINE + 1


async def test_a_huge_answer_is_not_read_to_its_end(issuer: TestIssuer, keys: Finder) -> None:
    sent = 0

    def flood(out: BufferedIOBase) -> None:
        nonlocal sent
        out.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < 50_000_000:
            out.write(b" " * 10_000)
            sent += 10_000

    issuer.answer = flood

    assert await keys.find("first") is None
    assert sent < 10_000_000


async def test_an_answer_just_over_the_cap_is_refused(issuer: TestIssuer, keys: Finder) -> None:
    issuer.answer = lambda out: respond(out, key_set([issuer.key]).ljust(SIZE_CAP + 1))

    assert await keys.find("first") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": [7, null, "x", {"kty": "EC"}]}',
        b"[" * 60_000,
        b'{"keys": [{"kty": "EC", "crv": "P-256", "kid": "first", "x": "AA", "y": "AA"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "first", "x": "AA"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "first", "x": "\xc3\xa9"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "first", "n": "AA", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "first", "n": "\xc3\xa9", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "first", "n": "' + b"_" * 342 + b'", "e": "AA"}]}',
        b'{"keys": [{"kty": "RSA", "kid": "first", "n": "' + b"_" * 60_000 + b'", "e": "AQAB"}]}',
    ],
    ids=lambda body: body[:70].decode(),
)
async def test_an_answer_without_a_usable_key_changes_nothing(
    issuer: TestIssuer, keys: Finder, clock: Clock, body: bytes
) -> None:
    await keys.find("first")
    issuer.answer = lambda out: respond(out, body)
    clock.now += PAUSE

    assert await keys.find("invented") is None
    assert await keys.find("first") is not None


@pytest.mark.parametrize("status", ["500 Broken", "404 Gone", "302 Found"])
async def test_only_a_plain_success_is_believed(
    issuer: TestIssuer, keys: Finder, status: str
) -> None:
    elsewhere = f"{status}\r\nLocation: {issuer.jwks_url}"
    issuer.answer = lambda out: respond(out, key_set([issuer.key]), elsewhere)

    assert await keys.find("first") is None
    assert issuer.requests == 1


async def test_each_kind_of_key_verifies_its_own_algorithms(
    issuer: TestIssuer, keys: Finder
) -> None:
    issuer.publish(
        new_key("ec"),
        RSAKey.generate_key(2048, {"kid": "rsa"}),
        RSAKey.generate_key(2048, {"kid": "pss", "alg": "PS256"}),
        OKPKey.generate_key("Ed25519", {"kid": "okp"}),
    )

    found = {(kid, one) for kid in ("ec", "rsa", "pss", "okp") for one in ALGORITHMS
             if await keys.find(kid, one)}  # fmt: skip

    assert found == {
        ("ec", "ES256"),
        ("rsa", "RS256"),
        ("rsa", "PS256"),
        ("pss", "PS256"),
        ("okp", "EdDSA"),
    }


async def test_keys_of_other_kinds_are_passed_over(issuer: TestIssuer, keys: Finder) -> None:
    others: list[Key] = [
        OctKey.generate_key(256, {"kid": "secret"}),
        ECKey.generate_key("P-384", {"kid": "longer"}),
        ECKey.generate_key("P-256", {"kid": "for-encryption", "use": "enc"}),
        OKPKey.generate_key("Ed448", {"kid": "other-curve"}),
        OKPKey.generate_key("X25519", {"kid": "for-agreement"}),
    ]
    public = [key.as_dict(private=isinstance(key, OctKey)) for key in [*others, issuer.key]]
    issuer.answer = lambda out: respond(out, json.dumps({"keys": public}).encode())

    found = [await keys.find(str(key.kid), one) for key in others for one in ALGORITHMS]

    assert await keys.find("first") is not None
    assert set(found) == {None}


@pytest.mark.filterwarnings("ignore:Key size should be")
async def test_an_rsa_key_that_can_be_broken_is_not_taken(issuer: TestIssuer, keys: Finder) -> None:
    short = RSAKey.generate_key(1024, {"kid": "short"}).as_dict(private=False)
    padded = short | {"kid": "padded", "n": "AAAA" * 60 + str(short["n"])}
    public = [short, padded, issuer.key.as_dict(private=False)]
    issuer.answer = lambda out: respond(out, json.dumps({"keys": public}).encode())

    assert await keys.find("short", "RS256") is None
    assert await keys.find("padded", "RS256") is None
    assert await keys.find("first") is not None
