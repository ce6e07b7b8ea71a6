"""Lets aiokafka read a record of which a header's name is not UTF-8.

A client in C may write such a name. aiokafka raises for the whole poll then, so that one record
would stop every listener of its topic, and no place could be told to step over. Its batch is read
once more, by the library's own parser in Python, and what is no text in a name is escaped.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record import default_records, memory_records


class _Escaping(bytearray):
    """Bytes whose parts are decoded whatever they are."""

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 (an index or a slice)
        found = super().__getitem__(at)
        return _Escaping(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


class _Batch:
    """A batch that falls back to the slower parser, from the record that needs it."""

    def __init__(self, buffer: bytes | bytearray | memoryview) -> None:
        self._bytes = buffer
        self._batch = default_records.DefaultRecordBatch(buffer)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever a batch has)
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        count = 0
        try:
            for record in self._batch:
                yield record
                count += 1
        except UnicodeDecodeError:
            yield from islice(_escaped(self._bytes), count, None)


def _escaped(buffer: bytes | bytearray | memoryview) -> Iterator[Any]:
    batch = default_records._DefaultRecordBatchPy(buffer)  # noqa: SLF001 (it has no other name)
    records: Iterator[Any] = iter(batch)
    batch._buffer = _Escaping(batch._buffer)  # noqa: SLF001 (unpacked by now)
    return records


def read_any_header_name() -> None:
    """Have all consumers of this process read so."""
    memory_records.DefaultRecordBatch = _Batch
    fetcher.MemoryRecords = memory_records._MemoryRecordsPy  # noqa: SLF001 (it has no other name)
