"""What cannot be taken waits with all that follows of its key, and holds up nobody else."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from structlog.testing import capture_logs

from shared.events import EnterpriseState
from shared.refusals import NotYetKnown, Unavailable
from shared.streams import reactions
from shared.streams.codec import Event
from shared.streams.kafka import Record
from shared.streams.log import Tx
from shared.streams.parking import unpacked
from shared.streams.reactions import Listener
from shared.streams.redrive import Redriver
from shared.streams.verdicts import Verdict
from tests.support.ecosystem import Ecosystem
from tests.support.eventually import eventually
from tests.support.messages import ENTERPRISE
from tests.support.stage import KEYS, Reaction, Stage, a_stage, listening, say_of

pytestmark = pytest.mark.usefixtures("topics")


@pytest.fixture
async def stage(registry: Ecosystem) -> AsyncIterator[Stage]:
    """A stage in the registry's database."""
    async with a_stage(registry) as made:
        yield made


async def test_a_reaction_that_fails_parks_its_key_and_no_other(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    story = [say_of(KEYS[1]), say_of(KEYS[0]), say_of(KEYS[2]), say_of(KEYS[0], 2)]

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await stage.speaker.say(*story, partition=0)
            await eventually(partial(stage.kept_are, {KEYS[1]: 1, KEYS[2]: 1}))
            await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))

    told = [entry for entry in logs if entry["event"] == "listener.parked"]
    assert {(t["log_level"], t["partition"], t["state"]) for t in told} == {("error", 0, "retry")}
    assert [t["reason"].partition(" at ")[0] for t in told] == ["ZeroDivisionError"]
    assert str(KEYS[0]) not in {key for key, _ in await stage.reacted()}


async def test_when_the_fault_is_gone_the_key_is_taken_up_in_its_order(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[1]), say_of(KEYS[0], 2), partition=2)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))
        stage.reaction.failing = set()
        await stage.make_due()
        await Redriver(stage.database, listener.hearing).redrive()
        await stage.speaker.say(say_of(KEYS[0], 3), partition=2)

        await eventually(partial(stage.kept_are, {KEYS[0]: 3, KEYS[1]: 1}))

    reacted = await stage.reacted()
    assert [seq for key, seq in reacted if key == str(KEYS[0])] == [1, 2, 3]
    assert await stage.parked() == []


async def test_a_message_that_is_no_event_is_put_away_as_it_came(stage: Stage) -> None:
    poison = Record(EnterpriseState.topic, b"\xff", b"{", [("n\x00te", None)], 0)
    await stage.speaker.say(say_of(KEYS[0]), poison, say_of(KEYS[1]), partition=3)

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await eventually(partial(stage.kept_are, {KEYS[0]: 1, KEYS[1]: 1}))

    [row] = await stage.ecosystem.rows("registry", "SELECT * FROM parked_event")
    assert (row["state"], row["error"]) == ("dead", "it is not a CloudEvent of version 1.0")
    assert (row["partition"], row["offset"], row["record_key"], row["data"]) == (
        3,
        1,
        b"\xff",
        b"{",
    )
    assert unpacked(row["headers"]) == [("n\x00te", None)]
    told = [entry for entry in logs if entry["event"] == "listener.parked"]
    assert [entry["reason"] for entry in told] == ["it is not a CloudEvent of version 1.0"]


async def test_an_erasure_removes_what_is_parked_from_before_it(stage: Stage) -> None:
    stage.reaction.failing = {str(KEYS[0])}
    erased = EnterpriseState.event_type("owner_erased")
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[0], 2), partition=0)

    async with listening(stage.listener()):
        await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))
        stage.reaction.failing = set()
        await stage.speaker.say(say_of(KEYS[0], 3, type=erased), partition=0)
        await eventually(partial(stage.kept_are, {KEYS[0]: 3}))

    assert await stage.parked() == []


async def test_a_type_that_came_later_is_passed_over(stage: Stage) -> None:
    later = say_of(KEYS[1], type="id.sinergi.registry.enterprise-group.formed.v1")
    await stage.speaker.say(later, say_of(KEYS[0]), partition=3)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.kept_are, {KEYS[0]: 1}))

    assert listener.hearing.counted[Verdict.IGNORE] == 1
    assert await stage.parked() == []


async def test_two_events_of_one_position_wait_for_somebody_to_decide(stage: Stage) -> None:
    other = say_of(KEYS[0], event_id=ENTERPRISE)
    await stage.speaker.say(say_of(KEYS[0]), other, partition=0)

    async with listening(stage.listener()) as listener:
        await eventually(partial(stage.parked_are, [(KEYS[0], 1)]))
        await stage.speaker.say(say_of(KEYS[0], 2), partition=0)
        await eventually(partial(stage.parked_are, [(KEYS[0], 1), (KEYS[0], 2)]))
        await stage.make_due()
        await Redriver(stage.database, listener.hearing).redrive()

    states = await stage.ecosystem.rows("registry", "SELECT state FROM parked_event ORDER BY seq")
    assert [row["state"] for row in states] == ["fork", "retry"]
    assert await stage.kept() == {KEYS[0]: 1}


async def test_an_outage_holds_the_partition_and_parks_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = True

    async def need_the_part(tx: Tx, event: Event[EnterpriseState]) -> None:
        if away:
            raise Unavailable("The key store does not answer.")
        await Reaction()(tx, event)

    monkeypatch.setattr(stage, "reaction", need_the_part)
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[0], 2), partition=1)

    async with listening(stage.listener()) as listener:
        await eventually(partial(_holds, listener, 2))
        assert await stage.parked() == []
        away = False

        await eventually(partial(stage.kept_are, {KEYS[0]: 2}))
        await eventually(partial(_free, listener))


async def test_what_was_not_heard_of_yet_holds_for_a_while_and_then_parks(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look_for_it(_tx: Tx, event: Event[EnterpriseState]) -> None:
        if event.key == str(KEYS[0]):
            raise NotYetKnown("There is none with this id, or it was made a moment ago.")

    monkeypatch.setattr(reactions, "LONGEST_WAIT", 0.5)
    monkeypatch.setattr(stage, "reaction", look_for_it)
    await stage.speaker.say(say_of(KEYS[0]), say_of(KEYS[1]), partition=1)

    with capture_logs() as logs:
        async with listening(stage.listener()):
            await eventually(partial(stage.kept_are, {KEYS[1]: 1}))

    events = [entry["event"] for entry in logs if entry["event"].startswith("listener.")]
    assert events.index("listener.held") < events.index("listener.parked")
    assert await stage.parked() == [(KEYS[0], 1)]


async def _holds(listener: Listener, attempts: int) -> bool:
    return any(hold.attempts >= attempts for hold in listener.held.values())


async def _free(listener: Listener) -> bool:
    return not listener.held
