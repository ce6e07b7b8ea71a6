"""A wish that is heard over Kafka is answered over Kafka."""

from functools import partial
from uuid import uuid4

from services.facilities.models.opening import ZONES
from services.registry.ids import unit_id
from shared.events.facilities import BookingState
from shared.events.mentoring import SessionState
from shared.events.registry import UnitState
from shared.events.state import State
from shared.streams.codec import Event
from tests.facilities.bodies import UNITS, hours
from tests.facilities.centre import Centre
from tests.support.builders import BATU
from tests.support.checkers import topic_of
from tests.support.eventually import eventually
from tests.support.messages import said
from tests.support.topics import speaking


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
            said(opened, "opened"), said(SessionState.model_validate(session), "planned")
        )

    [answer] = await eventually(partial(_answers, centre))
    assert isinstance(answer.data, BookingState)
    assert answer.data.session_id == session["id"]
    assert (answer.data.status, answer.data.facility_ids) == ("confirmed", (room.id,))
    assert answer.causation is not None


async def _answers(centre: Centre) -> list[Event[State]]:
    return await topic_of(centre.ecosystem, BookingState)
