"""How far a copy is behind is never told too small."""

from aiokafka import TopicPartition

from deploy.local.lags import behind, kafka_answers, lags

FIRST, SECOND = TopicPartition("registry.unit.v1", 0), TopicPartition("registry.unit.v1", 1)


def test_a_partition_without_a_committed_offset_has_all_to_go() -> None:
    ends, first = {FIRST: 10, SECOND: 7}, {FIRST: 0, SECOND: 2}

    assert behind(ends, first, {FIRST: 9}) == 1 + 5
    assert behind(ends, first, {FIRST: 10, SECOND: -1}) == 5
    assert behind(ends, first, {FIRST: 10, SECOND: 7}) == 0


async def test_where_no_kafka_answers_no_lag_is_known() -> None:
    assert not await kafka_answers("127.0.0.1:1")
    assert await lags("127.0.0.1:1", ("registry", "partners")) == {
        "registry": {"facilities.tenancy.v1": None},
        "partners": dict.fromkeys(
            ("registry.unit.v1", "registry.enterprise.v1", "registry.consent.v1")
        ),
    }
