"""The issuer's keys: a bad answer costs little, and a bad time of the issuer's costs nothing."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from shared.access.keys import DEADLINE, MAX_AGE, PAUSE, SIZE_CAP, Keys
from tests.shared.issuer import Issuer, new_key, respond, running_issuer


class Clock:
    """Goes only when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with running_issuer() as started:
        yield started


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(issuer: Issuer, clock: Clock) -> Keys:
    return Keys(issuer.jwks_url, clock)


async def test_a_known_key_is_fetched_once(issuer: Issuer, keys: Keys) -> None:
    found = [await keys.find("first") for _ in range(3)]

    assert all(key is not None for key in found)
    assert issuer.requests == 1


async def test_many_first_callers_share_one_fetch(issuer: Issuer, keys: Keys) -> None:
    found = await asyncio.gather(*(keys.find("first") for _ in range(50)))

    assert None not in found
    assert issuer.requests == 1


async def test_a_caller_who_gives_up_does_not_stop_the_fetch(issuer: Issuer, keys: Keys) -> None:
    hasty = asyncio.create_task(keys.find("first"))
    patient = asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0)

    hasty.cancel()

    assert await patient is not None
    assert issuer.requests == 1


async def test_a_new_key_is_found_after_a_rotation(
    issuer: Issuer, keys: Keys, clock: Clock
) -> None:
    await keys.find("first")
    issuer.key = new_key("second")
    clock.now += PAUSE

    assert await keys.find("second") is not None
    assert await keys.find("first") is None


async def test_invented_key_ids_fetch_at_most_once_per_pause(
    issuer: Issuer, keys: Keys, clock: Clock
) -> None:
    await keys.find("first")

    for number in range(20):
        assert await keys.find(f"invented-{number}") is None
    assert issuer.requests == 1

    clock.now += PAUSE
    await asyncio.gather(*(keys.find(f"more-{number}") for number in range(20)))
    assert issuer.requests == 2


async def test_an_old_key_stays_good_while_the_issuer_is_down(
    issuer: Issuer, keys: Keys, clock: Clock
) -> None:
    await keys.find("first")
    await issuer.stop()

    for _ in range(3):
        clock.now += MAX_AGE + 1
        assert await keys.find("first") is not None
        assert await keys.find("invented") is None


async def test_a_withdrawn_key_is_forgotten(issuer: Issuer, keys: Keys, clock: Clock) -> None:
    await keys.find("first")
    issuer.key = new_key("second")
    clock.now += MAX_AGE + 1
    await keys.find("first")

    async with asyncio.timeout(DEADLINE):
        while await keys.find("first") is not None:  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.01)


async def test_an_issuer_that_starts_later_is_found(
    issuer: Issuer, keys: Keys, clock: Clock
) -> None:
    await issuer.stop()
    assert await keys.find("first") is None

    await issuer.start()
    clock.now += 1

    assert await keys.find("first") is not None


async def test_a_slow_issuer_costs_no_more_than_the_deadline(issuer: Issuer, keys: Keys) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    issuer.answer = trickle
    began = time.monotonic()

    assert await keys.find("first") is None
    assert time.monotonic() - began < DEADLINE + 1


async def test_a_huge_answer_is_not_read_to_its_end(issuer: Issuer, keys: Keys) -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while sent < 50_000_000:
            writer.write(b" " * 10_000)
            await writer.drain()
            sent += 10_000

    issuer.answer = flood

    assert await keys.find("first") is None
    assert sent < 10_000_000


async def test_an_answer_just_over_the_cap_is_refused(issuer: Issuer, keys: Keys) -> None:
    async def pad(writer: asyncio.StreamWriter) -> None:
        body = json.dumps({"keys": [issuer.key.as_dict(private=False)]}).encode()
        await respond(writer, body.ljust(SIZE_CAP + 1))

    issuer.answer = pad

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
    ],
)
async def test_an_answer_without_a_usable_key_changes_nothing(
    issuer: Issuer, keys: Keys, clock: Clock, body: bytes
) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        await respond(writer, body)

    await keys.find("first")
    issuer.answer = answer
    clock.now += PAUSE

    assert await keys.find("invented") is None
    assert await keys.find("first") is not None


@pytest.mark.parametrize("status", ["500 Broken", "404 Gone", "302 Found"])
async def test_only_a_plain_success_is_believed(issuer: Issuer, keys: Keys, status: str) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        body = json.dumps({"keys": [issuer.key.as_dict(private=False)]}).encode()
        await respond(writer, body, f"{status}\r\nLocation: {issuer.jwks_url}")

    issuer.answer = answer

    assert await keys.find("first") is None
    assert issuer.requests == 1


async def test_keys_of_other_kinds_are_passed_over(issuer: Issuer, keys: Keys) -> None:
    others: list[Key] = [
        RSAKey.generate_key(2048, {"kid": "rsa"}),
        OctKey.generate_key(256, {"kid": "secret"}),
        ECKey.generate_key("P-384", {"kid": "longer"}),
        ECKey.generate_key("P-256", {"kid": "for-encryption", "use": "enc"}),
    ]

    async def answer(writer: asyncio.StreamWriter) -> None:
        public = [key.as_dict(private=isinstance(key, OctKey)) for key in [*others, issuer.key]]
        await respond(writer, json.dumps({"keys": public}).encode())

    issuer.answer = answer

    assert await keys.find("first") is not None
    assert [await keys.find(str(key.kid)) for key in others] == [None] * len(others)
