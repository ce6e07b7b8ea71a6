"""A key is where every other client looks for it."""

from aiokafka.partitioner import murmur2
from hypothesis import given
from hypothesis import strategies as st

from shared.streams.kafka.partition import partition_of


@given(st.binary(max_size=80), st.integers(min_value=1, max_value=100))
def test_a_key_lies_where_the_clients_library_puts_it(key: bytes, count: int) -> None:
    assert partition_of(key, count) == (murmur2(key) & 0x7FFFFFFF) % count
