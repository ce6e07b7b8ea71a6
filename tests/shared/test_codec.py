"""An event becomes a CloudEvents message and is read back; what is no event is told apart."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import EnterpriseState
from shared.streams.codec import MOST_EPOCHS, EnvelopeError, from_binary, to_binary
from shared.streams.kafka import Headers
from tests.support.messages import EVENT, a_record, a_row, a_state, heard, structured

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

epochs = st.integers(0, MOST_EPOCHS)
numbers = st.integers(0, 2**63 - 1)
names = st.text("abcXYZ äéñ ทดสอบ 漢字 🥥'\"\\/<>", min_size=1, max_size=120).filter(str.strip)
states = st.builds(
    a_state,
    id=st.uuids(),
    trade_name=names,
    unit_id=st.uuids(),
    kbli=st.from_regex(r"[0-9]{5}", fullmatch=True),
    village_code=st.from_regex(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}", fullmatch=True),
    merged_into=st.none() | st.uuids(),
    owner_ids=st.lists(st.uuids(), max_size=3),
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1970, 1, 3), datetime(2900, 1, 1), timezones=zones)  # noqa: DTZ001


@given(states, st.uuids(), epochs, numbers, instants, st.none() | st.uuids(version=4))
def test_what_is_written_is_what_is_read(  # noqa: PLR0913, PLR0917 (one for each part of an event)
    state: EnterpriseState, event_id: UUID, epoch: int, seq: int, at: datetime, cause: UUID | None
) -> None:
    row = a_row(state, event_id=event_id, epoch=epoch, seq=seq, occurred_at=at, causation=cause)

    event = heard(to_binary(row))

    assert event.data == state
    assert (event.id, event.key, event.position) == (event_id, str(state.id), (epoch, seq))
    assert (event.time, event.causation, event.correlation) == (at, cause, None)


def test_an_event_looks_like_this_on_the_wire_for_ever() -> None:
    record = to_binary(a_row(traceparent=TRACEPARENT, correlation=EVENT), prefix="demo.")

    assert record.topic == "demo.registry.enterprise.v1"
    assert record.key == b"0198c0de-0000-7000-8000-000000000001"
    assert record.timestamp_ms == 1795489445678
    assert dict(record.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"0198c0de-0000-7000-8000-00000000e001",
        "ce_source": b"/registry",
        "ce_type": b"id.sinergi.registry.enterprise.registered.v1",
        "ce_subject": b"0198c0de-0000-7000-8000-000000000001",
        "ce_time": b"2026-11-24T03:04:05.678901+00:00",
        "ce_dataschema": b"https://sinergi.id/schemas/registry.enterprise.v1/1.json",
        "ce_sequence": b"1",
        "ce_sequencetype": b"Integer",
        "ce_epoch": b"1",
        "ce_traceparent": TRACEPARENT.encode(),
        "ce_correlationid": b"0198c0de-0000-7000-8000-00000000e001",
        "traceparent": TRACEPARENT.encode(),
        "content-type": b"application/json",
    }
    assert record.value == (
        b'{"id":"0198c0de-0000-7000-8000-000000000001","kind":"enterprise",'
        b'"trade_name":"Keripik Apel Panderman",'
        b'"unit_id":"209ec504-3987-5fa6-8ad7-c117b48f5969","village_code":"35.79.01.1001",'
        b'"kbli":"10794","size_class":"mikro","status":"active","verification":"draft",'
        b'"merged_into":null,"owner_ids":[]}'
    )


def test_the_text_of_the_log_goes_out_byte_for_byte() -> None:
    text = '{ "id" :\t"0198c0de-0000-7000-8000-000000000001", "trade_name": "Kripik \\u00e9" }'

    assert to_binary(a_row(data=text)).value == text.encode()


def test_the_trace_of_the_request_arrives_with_the_event() -> None:
    assert heard(a_record(traceparent=TRACEPARENT)).traceparent == TRACEPARENT


def test_a_tombstone_says_that_the_aggregate_is_gone() -> None:
    record = a_record(data=None, seq=7)

    assert record.value is None
    assert heard(record).data is None


def test_structured_mode_is_read_like_binary_mode() -> None:
    assert heard(structured(causationid=None)) == heard(a_record())


def test_headers_of_other_tools_are_not_looked_at() -> None:
    record = a_record()
    foreign = [("retries", b"1"), ("retries", b"\xff"), ("id", b"x"), *record.headers]

    assert heard(replace(record, headers=foreign)) == heard(record)


def test_a_field_of_a_later_edition_is_not_looked_at() -> None:
    data = orjson.loads(a_row()["data"]) | {"export_ready": True}

    assert heard(a_record(data=orjson.dumps(data).decode())).data == a_state()


def _without(name: str) -> list[tuple[str, bytes | None]]:
    return [header for header in a_record().headers if header[0] != name]


def _with(name: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    return [*_without(name), (name, value)]


BROKEN_HEADERS = {
    "none at all": [],
    "a null value": _with("ce_subject", None),
    "a header twice": [*a_record().headers, ("ce_id", b"0198c0de-0000-7000-8000-0000000000ff")],
    "not UTF-8": _with("ce_type", b"\xff\xfe"),
    "another version": _with("ce_specversion", b"0.3"),
    "no id": _without("ce_id"),
    "an id that is no UUID": _with("ce_id", b"17"),
    "no sequence": _without("ce_sequence"),
    "a sequence over 64 bits": _with("ce_sequence", b"9" * 19),
    "a sequence of 5,000 digits": _with("ce_sequence", b"9" * 5000),
    "a sequence in other digits": _with("ce_sequence", "\u0661".encode()),
    "a negative sequence": _with("ce_sequence", b"-1"),
    "an epoch that no log comes to": _with("ce_epoch", b"%d" % (MOST_EPOCHS + 1)),
    "no time zone": _with("ce_time", b"2026-11-24T03:04:05"),
    "a time that is none": _with("ce_time", b"2026-02-30T00:00:00+00:00"),
    "another topic's type": _with("ce_type", b"id.sinergi.registry.unit.opened.v1"),
    "another major's type": _with("ce_type", b"id.sinergi.registry.enterprise.closed.v2"),
    "a type with a NUL": _with("ce_type", b"id.sinergi.registry.enterprise.\x00.v1"),
    "a type without end": _with(
        "ce_type", b"id.sinergi.registry.enterprise." + b"a" * 500 + b".v1"
    ),
    "another subject": _with("ce_subject", b"0198c0de-0000-7000-8000-0000000000ff"),
    "65 headers": [*a_record().headers, *((f"x{n}", b"") for n in range(65))],
}


@pytest.mark.parametrize("headers", BROKEN_HEADERS.values(), ids=BROKEN_HEADERS)
def test_headers_that_are_no_event_are_told_apart(headers: Headers) -> None:
    record = a_record()

    with pytest.raises(EnvelopeError):
        from_binary(EnterpriseState, record.key, record.value, headers)


BROKEN_VALUES = {
    "nothing": b"",
    "not JSON": b"{",
    "not an object": b"[]",
    "null": b"null",
    "not UTF-8": b'{"id": "\xff"}',
    "NaN": a_row()["data"].replace('"10794"', "NaN").encode(),
    "a huge integer": a_row()["data"].replace('"10794"', "9" * 5000).encode(),
    "a lone surrogate": a_row()["data"].replace("Keripik", "\\ud800").encode(),
    "a NUL": a_row()["data"].replace("Keripik", "\\u0000").encode(),
    "deep nesting": b"[" * 100_000,
    "a kind there is not": a_row()["data"].replace('"enterprise"', '"shop"').encode(),
    "ten megabytes": b'"' + b"a" * 10_000_000 + b'"',
}


@pytest.mark.parametrize("value", BROKEN_VALUES.values(), ids=BROKEN_VALUES)
def test_values_that_are_no_event_are_told_apart(value: bytes) -> None:
    record = a_record()

    with pytest.raises(EnvelopeError):
        heard(replace(record, value=value))


def test_a_key_that_is_not_the_subject_is_told_apart() -> None:
    with pytest.raises(EnvelopeError):
        heard(replace(a_record(), key=b"0198c0de-0000-7000-8000-0000000000ff"))


@pytest.mark.parametrize("subject", ["17", "0198C0DE-0000-7000-8000-000000000001"])
def test_a_tombstone_of_something_that_is_no_id_is_told_apart(subject: str) -> None:
    record = a_record(data=None, key=subject)

    with pytest.raises(EnvelopeError):
        heard(record)


@pytest.mark.parametrize(
    "changes",
    [{"data": None}, {"data": None, "data_base64": "e30="}, {"sequence": True}, {"subject": 5}],
    ids=str,
)
def test_structured_events_that_say_too_little_are_told_apart(changes: dict[str, object]) -> None:
    with pytest.raises(EnvelopeError):
        heard(structured(**changes))


@pytest.mark.parametrize("value", [None, b"", b"[]", b'"text"', b"[" * 5000])
def test_structured_mode_without_a_document_is_told_apart(value: bytes | None) -> None:
    with pytest.raises(EnvelopeError):
        heard(replace(structured(), value=value))


def test_a_refusal_quotes_nothing_of_the_message() -> None:
    secret = a_row()["data"].replace('"mikro"', '"3171011234560001"').encode()

    with pytest.raises(EnvelopeError) as caught:
        heard(replace(a_record(), value=secret))

    assert "3171011234560001" not in str(caught.value)
    assert "size_class" in str(caught.value)


header_names = st.sampled_from([name for name, _ in a_record().headers]) | st.text(max_size=12)
header_values = st.none() | st.binary(max_size=60) | st.text(max_size=30).map(str.encode)
json_values = st.recursive(
    st.sampled_from([None, True, -1, 2**63, 2**64 - 1, 1e400, "\x00"]) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
field_names = st.sampled_from([*EnterpriseState.model_fields, "data", "time", "sequence", "type"])


@given(
    st.none() | st.binary(max_size=40),
    st.none() | st.binary(max_size=60),
    st.lists(st.tuples(header_names, header_values), max_size=5),
    st.sampled_from([a_record().headers, []]),
)
def test_no_bytes_raise_anything_else(
    key: bytes | None, value: bytes | None, noise: Headers, given_headers: Headers
) -> None:
    replaced = {name for name, _ in noise}
    kept = [header for header in given_headers if header[0] not in replaced]

    _read_or_refuse(key, value, [*kept, *noise])


@given(st.dictionaries(field_names, json_values, max_size=4), st.sampled_from(["data", ""]))
def test_no_document_raises_anything_else(changes: dict[str, object], where: str) -> None:
    document = orjson.loads(structured().value or b"")
    document.get(where, document).update(changes)

    _read_or_refuse(None, orjson.dumps(document), structured().headers)


def _read_or_refuse(key: bytes | None, value: bytes | None, headers: Headers) -> None:
    try:
        event = from_binary(EnterpriseState, key, value, headers)
    except EnvelopeError:
        return
    assert event.time.tzinfo is not None
    assert str(UUID(event.key)) == event.key
