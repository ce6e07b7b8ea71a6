"""What is hashed is canonical JSON by RFC 8785, so that any program can hash it again."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audit.chain import ENTRY_COLUMNS, canonical, digest_of, digest_over, hash_of

_SMALL = st.integers(-(2**53) + 1, 2**53 - 1)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_NAME = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
_VALUES = st.recursive(
    st.none() | _SMALL | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_NAME, inner),
    max_leaves=20,
)

ENTRY: dict[str, Any] = dict.fromkeys(ENTRY_COLUMNS) | {
    "xid": 751,
    "at": datetime(2026, 11, 25, 3, 4, 5, 0, tzinfo=UTC),
    "actor": "desk-officer",
    "roles": ["desk_officer"],
    "operation": "register_enterprise",
    "decision": "done",
    "targets": [UUID("0198c0de-0000-7000-8000-000000000001")],
}


@given(_VALUES)
def test_it_is_written_as_a_second_writer_writes_it(value: object) -> None:
    other = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert canonical(value) == other.encode()


def test_it_is_written_as_in_the_example_of_rfc_8785() -> None:
    given = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None]}

    assert canonical(given) == (
        b'{"literals":[null],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_a_number_that_other_programs_would_round_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical(2**53)


def test_the_digest_of_an_entry_is_that_of_its_canonical_json() -> None:
    text = (
        b'{"actor":"desk-officer","at":"2026-11-25T03:04:05.000000+00:00","decision":"done",'
        b'"operation":"register_enterprise","roles":["desk_officer"],'
        b'"targets":["0198c0de-0000-7000-8000-000000000001"],"xid":751}'
    )

    assert digest_of(ENTRY) == hashlib.sha256(text).digest()


def test_the_same_instant_in_another_zone_gives_the_same_digest() -> None:
    jakarta = ENTRY["at"].astimezone(timezone(timedelta(hours=7)))

    assert digest_of(ENTRY | {"at": jakarta}) == digest_of(ENTRY)


@pytest.mark.parametrize("name", ENTRY_COLUMNS)
def test_every_column_of_an_entry_counts(name: str) -> None:
    other = {"xid": 752, "at": ENTRY["at"] + timedelta(microseconds=1)}.get(name, "something else")

    assert digest_of(ENTRY | {name: other}) != digest_of(ENTRY)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("service", "partners"),
        ("number", 8),
        ("previous", b"\x01" * 32),
        ("digest", b"\x02" * 32),
        ("done", (740, 752, ())),
        ("target", (740, 752, (741,))),
        ("last_id", 9),
        ("floor", 12),
        ("system_identifier", 7_000_000_000_000_000_001),
        ("sealed_at", datetime(2026, 11, 25, 3, 5, 1, tzinfo=UTC)),
    ],
)
def test_every_value_of_a_block_counts(name: str, other: object) -> None:
    block = {
        "service": "registry",
        "number": 7,
        "previous": bytes(32),
        "digest": digest_over([3, 5], [digest_of(ENTRY), bytes(32)]),
        "done": (740, 752, (741,)),
        "target": None,
        "last_id": 0,
        "floor": None,
        "system_identifier": 7_000_000_000_000_000_000,
        "sealed_at": datetime(2026, 11, 25, 3, 5, tzinfo=UTC),
    }

    assert hash_of(block | {name: other}) != hash_of(block)


def test_an_id_is_bound_to_the_digest_of_its_entry() -> None:
    one, other = bytes(32), digest_of(ENTRY)

    assert digest_over([3, 5], [one, other]) != digest_over([5, 3], [one, other])
