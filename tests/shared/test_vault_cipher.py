"""Sealed bytes open where they belong, unchanged, and nowhere else."""

import base64
import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.settings import Settings
from shared.vault.cipher import NotOurs, digest, new_key, place, seal, unseal
from shared.vault.keyring import Keyring, KeyringRefused, key_service
from shared.vault.keys import Key
from shared.vault.service import KeyServiceDown
from shared.vault.subject_key import SubjectKey
from tests.support.keyrings import write_keyring

KEY = new_key()
WHERE = place("field", "nik", uuid4(), uuid4())


@given(st.text(max_size=400))
def test_what_was_sealed_opens_to_the_same(text: str) -> None:
    assert unseal(KEY, seal(KEY, text.encode(), WHERE), WHERE).decode() == text


@given(st.binary(max_size=60), st.data())
def test_a_changed_byte_opens_nothing(text: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, text, WHERE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises(NotOurs):
        unseal(KEY, bytes(sealed), WHERE)


@given(st.binary(max_size=40))
def test_whatever_stands_there_is_opened_or_refused(garbage: bytes) -> None:
    with pytest.raises(NotOurs):
        unseal(KEY, garbage, WHERE)


def test_the_same_is_never_sealed_alike_twice() -> None:
    sealed = {seal(KEY, b"", WHERE) for _ in range(100)}

    assert len(sealed) == 100
    assert {each[0] for each in sealed} == {1}


def test_sealed_bytes_open_in_their_own_place_alone() -> None:
    subject, key = uuid4(), uuid4()
    here = place("field", "nik", subject, key)
    elsewhere = [
        place("subject", "nik", subject, key),
        place("field", "npwp", subject, key),
        place("field", "nik", uuid4(), key),
        place("field", "nik", subject, uuid4()),
    ]
    sealed = seal(KEY, b"3579014505870001", here)

    for there in elsewhere:
        with pytest.raises(NotOurs):
            unseal(KEY, sealed, there)

    with pytest.raises(NotOurs):
        unseal(new_key(), sealed, here)


def test_a_subjects_key_is_its_own_in_one_epoch() -> None:
    epoch, later = Key(1, new_key()), Key(2, new_key())
    key = SubjectKey.new(uuid4())
    wrapped = key.wrapped(epoch)
    misplaced: list[tuple[UUID, UUID, Key]] = [
        (uuid4(), key.key_id, epoch),
        (key.subject_id, uuid4(), epoch),
        (key.subject_id, key.key_id, later),
        (key.subject_id, key.key_id, Key(2, epoch.secret)),
    ]

    assert SubjectKey.unwrapped(key.subject_id, key.key_id, wrapped, epoch) == key
    for subject_id, key_id, under in misplaced:
        with pytest.raises(NotOurs):
            SubjectKey.unwrapped(subject_id, key_id, wrapped, under)


def test_no_key_is_printed() -> None:
    key = SubjectKey.new(uuid4())
    epoch = Key(1, new_key())

    assert "secret" not in f"{key!r}{epoch!r}"
    assert repr(epoch.secret) not in f"{epoch!r}"


def test_a_digest_is_whole_and_of_one_field_and_one_key() -> None:
    mine = digest(KEY, "nik", "3579014505870001")

    assert len(mine) == 32
    assert mine == digest(KEY, "nik", "3579014505870001")
    assert mine != digest(KEY, "npwp", "3579014505870001")
    assert mine != digest(new_key(), "nik", "3579014505870001")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A keyring with one version of the registry's key."""
    write_keyring(tmp_path / "keyring.json", "registry")
    return tmp_path / "keyring.json"


def _settings(keyring: Path | None) -> Settings:
    return Settings.model_construct(environment="development", keyring=keyring)


async def test_the_newest_version_wraps_and_every_version_unwraps(file: Path) -> None:
    old = await Keyring.open(file, "registry", environment="development").wrap(KEY, b"epoch")
    write_keyring(file, "registry", "mentoring")

    keyring = Keyring.open(file, "registry", environment="development")
    new = await keyring.wrap(KEY, b"epoch")

    assert await keyring.unwrap(old, b"epoch") == await keyring.unwrap(new, b"epoch") == KEY
    assert (old[:4], new[:4]) == (b"\0\0\0\1", b"\0\0\0\2")
    for wrapped, about in ((new, b"index"), (b"\0\0\0\3" + new[4:], b"epoch"), (b"", b"epoch")):
        with pytest.raises(NotOurs):
            await keyring.unwrap(wrapped, about)


async def test_a_wrapped_key_cannot_pass_for_one_of_another_version() -> None:
    both = Keyring(dict.fromkeys((1, 2), new_key()))
    wrapped = await both.wrap(KEY, b"epoch")

    with pytest.raises(NotOurs):
        await both.unwrap(b"\0\0\0\1" + wrapped[4:], b"epoch")


def test_a_keyring_is_refused_in_production(file: Path) -> None:
    with pytest.raises(KeyringRefused, match="development"):
        Keyring.open(file, "registry", environment="production")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_keyring_that_others_may_touch_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)

    with pytest.raises(KeyringRefused, match="chmod 600"):
        key_service(_settings(file))


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"registry": {}}', '{"registry": {"x": ""}}', '{"registry": {"1": "kunci"}}'],
)
def test_what_is_no_keyring_is_refused_without_a_word_of_it(file: Path, content: str) -> None:
    file.write_text(content)

    with pytest.raises(KeyringRefused) as refused:
        key_service(_settings(file))

    assert "kunci" not in str(refused.value)


def test_a_keyring_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyringRefused):
        key_service(_settings(tmp_path / "none.json"))


def test_a_key_of_another_length_is_refused(file: Path) -> None:
    short = base64.b64encode(KEY[:16]).decode()
    file.write_text(json.dumps({"registry": {"1": short}}))

    with pytest.raises(KeyringRefused):
        key_service(_settings(file))


async def test_without_a_key_service_nothing_is_wrapped() -> None:
    absent = key_service(_settings(None))

    for call in (absent.wrap, absent.unwrap):
        with pytest.raises(KeyServiceDown):
            await call(KEY, b"epoch")
