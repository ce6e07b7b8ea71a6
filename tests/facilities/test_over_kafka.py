"""A wish that is heard over Kafka is answered over Kafka."""

from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from services.facilities.models.opening import ZONES
from services.registry.ids import unit_id
from shared.events.facilities import BookingState
from shared.events.mentoring import SessionState
from shared.events.registry import UnitState
from shared.events.state import State
from shared.streams.codec import Event, to_binary
from shared.streams.kafka import Record
from tests.facilities.bodies import UNITS, hours
from tests.facilities.centre import Centre
from tests.support.builders import BATU
from tests.support.checkers import topic_of
from tests.support.eventually import eventually
from tests.support.topics import speaking


def _said(state: State, verb: str) -> Record:
    return to_binary(
        {
            "event_id": uuid4(),
            "topic": state.topic,
            "key": str(state.id),
            "epoch": 1,
            "seq": 1,
            "type": state.event_type(verb),
            "release": 1,
            "occurred_at": datetime.now(UTC),
            "traceparent": None,
            "tracestate": None,
            "causation": None,
            "correlation": None,
            "data": state.model_dump_json(),
        }
    )


async def test_a_session_is_given_a_room_over_kafka(centre: Centre) -> None:
    room = await centre.facility()
    await centre.ecosystem.work("facilities")
    unit = {"id": unit_id(BATU), "level": "regency", "region_code": BATU}
    session = {
        "id": uuid4(),
        "unit_id": UNITS[BATU],
        "case_id": uuid4(),
        "enterprise_id": uuid4(),
        "consultant_id": uuid4(),
        "mode": "room",
        "status": "planned",
        "revision": 1,
        "room": "wanted",
        **hours(1, 2),
    }

    async with speaking(centre.ecosystem) as speaker:
        opened = UnitState.model_validate(unit | {"time_zone": next(iter(ZONES))})
        await speaker.say(
            _said(opened, "opened"), _said(SessionState.model_validate(session), "planned")
        )

    [answer] = await eventually(partial(_answers, centre))
    assert isinstance(answer.data, BookingState)
    assert answer.data.session_id == session["id"]
    assert (answer.data.status, answer.data.facility_ids) == ("confirmed", (room.id,))
    assert answer.causation is not None


async def _answers(centre: Centre) -> list[Event[State]]:
    return await topic_of(centre.ecosystem, BookingState)
