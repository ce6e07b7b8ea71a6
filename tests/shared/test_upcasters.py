"""What an older release said is read as the newest one says it, by steps that are pure."""

from dataclasses import replace
from typing import Any, ClassVar, Literal
from uuid import UUID

import pytest

from shared.events.state import State, schema_address
from shared.streams.codec import EnvelopeError, Event, from_binary
from tests.support.messages import a_record

TOPIC = "registry.enterprise.v1"
GOLDEN = {
    1: b'{"id":"0198c0de-0000-7000-8000-000000000001","places":12}',
    2: b'{"id":"0198c0de-0000-7000-8000-000000000001","places":12,"size":"small"}',
    3: b'{"id":"0198c0de-0000-7000-8000-000000000001","places":12,"size":"small","rooms":3}',
}


def sized(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"size": "small" if data["places"] < 20 else "large"}


def with_rooms(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"rooms": data["places"] // 4}


class Third(State):
    """A state in its third release: each added a field that follows from what was there."""

    topic: ClassVar[str] = TOPIC
    verbs: ClassVar[frozenset[str]] = frozenset({"registered"})
    release: ClassVar[int] = 3
    upcasters: ClassVar = {1: sized, 2: with_rooms}

    places: int
    size: Literal["small", "large"] | None = None
    rooms: int | None = None


def heard(value: bytes | None, address: str) -> Event[Third]:
    record = replace(a_record(), value=value)
    headers = [each for each in record.headers if each[0] != "ce_dataschema"]
    return from_binary(Third, None, value, [*headers, ("ce_dataschema", address.encode())])


@pytest.mark.parametrize(("release", "golden"), GOLDEN.items())
def test_every_release_is_read_as_the_newest(release: int, golden: bytes) -> None:
    event = heard(golden, schema_address(TOPIC, release))

    state = Third(id=UUID("0198c0de-0000-7000-8000-000000000001"), places=12, size="small", rooms=3)
    assert event.data == state


@pytest.mark.parametrize(
    "address",
    [
        schema_address(TOPIC, 4),
        schema_address("registry.unit.v1", 1),
        schema_address(TOPIC, 1).replace("/1.", "/01."),
        "https://example.org/schemas/1.json",
        "",
    ],
)
def test_data_of_a_later_release_or_of_none_of_ours_is_read_as_it_is(address: str) -> None:
    event = heard(GOLDEN[1], address)

    assert event.data is not None
    assert event.data.size is None


@pytest.mark.parametrize("value", [b"{}", b'{"places": "many"}', b"[]", b"{", b"null"])
def test_data_that_a_step_cannot_take_is_told_apart(value: bytes) -> None:
    with pytest.raises(EnvelopeError):
        heard(value, schema_address(TOPIC, 1))


def test_what_is_gone_needs_no_step() -> None:
    assert heard(None, schema_address(TOPIC, 1)).data is None
