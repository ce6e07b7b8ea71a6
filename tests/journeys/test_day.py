"""A day of a centre in the demo's own steps, and each of the eight reactions told in them.

What one service says makes another act; none of them calls another.
"""

from typing import Final

import pytest

from deploy.cli.demo.day import afternoon, evening, midday, morning
from deploy.cli.demo.day.cast import CONSULTANT, HEAD, KERIPIK, MENTOR, PARTNERSHIPS, ROOMS
from deploy.cli.demo.day.playing import STORY, line
from deploy.cli.demo.day.scene import Scene, Thing
from deploy.cli.demo.day.story import STEPS
from tests.journeys.stage import Act, play

A_CASE: Final[tuple[Act, ...]] = (midday.note_need, midday.assign, midday.accept)
A_BUSINESS: Final[tuple[Act, ...]] = (
    morning.search_owner,
    morning.register_owner,
    morning.register_enterprise,
)
A_CONSENT: Final[tuple[Act, ...]] = (afternoon.offer, afternoon.give_consent)
AGAIN_AND_AGAIN = 10
"""Days; of what a day takes and gives back, the consultant's hours last for eight."""


def test_the_day_has_at_most_forty_steps_of_a_line_each() -> None:
    assert len(STEPS) <= 40
    for number, step in enumerate(STEPS, 1):
        assert line(number, step, "en").cell_len <= STORY
        assert line(number, step, "id").cell_len <= STORY


async def test_a_day_runs_from_end_to_end(scene: Scene) -> None:
    await play(scene, *(step.act for step in STEPS))


@pytest.mark.proof
async def test_a_day_can_be_played_again_and_again(scene: Scene) -> None:
    for _ in range(AGAIN_AND_AGAIN):
        await play(scene, *(step.act for step in STEPS))


async def test_1_a_session_is_given_the_room_it_wants_or_told_of_others(scene: Scene) -> None:
    studio = "studio"
    await play(scene, *A_CASE)
    await midday.open_room(scene, studio)

    await midday.want_room(scene, "session", studio)
    await midday.be_given_room(scene)
    await midday.want_room(scene, "second", studio)

    refused = await scene.until(CONSULTANT, scene.made["second"]["path"], _is_refused)
    room = scene.made["room"]["id"]
    assert {each["facility_id"] for each in refused["alternatives"]} == {room}


async def test_2_a_closed_facility_displaces_its_bookings_and_sessions_are_replanned(
    scene: Scene,
) -> None:
    await play(scene, *A_CASE, midday.open_room, midday.want_room, midday.be_given_room)

    await midday.close_room(scene)

    await midday.hear_of_loss(scene)
    booking = await scene.look(ROOMS, f"facilities/bookings/{scene.made['given']['id']}")
    assert (booking["status"], booking["reason"]) == ("displaced", "facility_closed")
    await midday.replan(scene)


async def test_3_a_completed_referral_is_an_outcome_that_its_owner_confirms(scene: Scene) -> None:
    await play(scene, *A_CASE, *A_CONSENT, afternoon.refer, afternoon.accept)

    await afternoon.complete(scene)

    await afternoon.see_claim(scene)
    outcome = scene.made["outcome"]
    assert (outcome["kind"], outcome["status"]) == ("financing", "claimed")
    await afternoon.confirm(scene)


async def test_4_a_withdrawn_consent_revokes_the_open_referrals(scene: Scene) -> None:
    await play(scene, *A_CONSENT, afternoon.refer, afternoon.accept, afternoon.refer_again)

    await afternoon.withdraw_consent(scene)

    await afternoon.see_revoked(scene)
    second = await scene.look(PARTNERSHIPS, scene.made["second"]["path"])
    assert second["reason"] == "consent_withdrawn"


async def test_5_merged_enterprises_are_one_everywhere_and_apart_again(scene: Scene) -> None:
    await play(scene, *A_BUSINESS)

    await evening.merge(scene)

    await evening.part(scene)


async def test_6_a_closed_enterprise_leaves_nothing_open_anywhere(scene: Scene) -> None:
    await play(scene, *A_BUSINESS, evening.merge, evening.part, midday.open_room, afternoon.offer)
    double = scene.made["double"]["id"]
    await afternoon.give_consent(scene, double)
    await afternoon.refer(scene, enterprise=double)
    wish = {"enterprise_id": double, "field": "produksi"}
    await scene.make(HEAD, "wish", "mentoring/requests", wish)

    await evening.close_business(scene)

    await scene.until(HEAD, scene.made["wish"]["path"], _ended_with_it)
    await scene.until(PARTNERSHIPS, scene.made["referral"]["path"], _ended_with_it)
    offer = await scene.look(PARTNERSHIPS, scene.made["offer"]["path"])
    assert offer["taken"] == 0


async def test_7_a_tenancy_is_shown_on_the_enterprise_until_it_ends(scene: Scene) -> None:
    await afternoon.let_place(scene)

    await afternoon.see_tenancy(scene)
    await _shown_as(scene, "active")
    await scene.act(ROOMS, scene.made["tenancy"]["path"], "end")

    await _shown_as(scene, "ended")


async def test_8_the_cases_of_who_leaves_go_on_in_other_hands_and_keep_their_rooms(
    scene: Scene,
) -> None:
    await play(scene, *A_BUSINESS, midday.open_room, evening.give_to_colleague)
    before = await scene.look(HEAD, scene.made["their session"]["path"])

    await evening.leave(scene)

    after = await scene.look(CONSULTANT, scene.made["their session"]["path"])
    assert (after["consultant_id"], after["booking_id"]) == (MENTOR, before["booking_id"])
    booking = await scene.look(ROOMS, f"facilities/bookings/{after['booking_id']}")
    assert booking["status"] == "confirmed"


def _is_refused(session: Thing) -> bool:
    return bool(session["room"] == "refused")


def _ended_with_it(seen: Thing) -> bool:
    return bool(seen["reason"] == "enterprise_closed")


async def _shown_as(scene: Scene, status: str) -> None:
    tenancy = scene.made["tenancy"]["id"]

    def shown(seen: Thing) -> bool:
        return (tenancy, status) in {(each["id"], each["status"]) for each in seen["tenancies"]}

    await scene.until(HEAD, f"registry/enterprises/{KERIPIK}", shown)
