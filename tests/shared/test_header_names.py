"""A record with a header that other clients cannot name stops nobody (F14)."""

from functools import partial
from typing import Any

import pytest
from aiokafka.producer import message_accumulator, producer
from aiokafka.record import default_records

from shared.events import EnterpriseState
from shared.streams.kafka import Record
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.stage import KEYS, a_stage, listening, say_of

pytestmark = pytest.mark.usefixtures("topics")


class _NoText(str):
    """What a program in C may call a header."""

    __slots__ = ()

    def encode(self, *_: Any, **__: Any) -> bytes:  # noqa: ANN401 (as of any text)
        return b"\xff\xfe"


async def test_a_header_whose_name_is_no_text_parks_its_record_and_stops_nobody(
    registry: Ecosystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (message_accumulator, producer):
        in_python = default_records._DefaultRecordBatchBuilderPy  # noqa: SLF001 (as it is called)
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", in_python)
    odd = Record(EnterpriseState.topic, b"odd", b"x", [(_NoText("x"), b"1")], 0)

    async with a_stage(registry) as stage, listening(stage.listener()):
        await stage.speaker.say(say_of(KEYS[0]), odd, say_of(KEYS[1]), partition=0)
        await eventually(partial(stage.kept_are, {KEYS[0]: 1, KEYS[1]: 1}))
        parked = await registry.rows("registry", "SELECT key, state FROM parked_event")

    assert [(row["key"], row["state"]) for row in parked] == [("odd", "dead")]
