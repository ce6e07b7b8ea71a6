"""Whose a booking is: staff's at their unit, an owner's own; for all others there is none."""

from uuid import uuid4

from services.facilities.use_cases.bookings import FAIR_USE
from tests.facilities.bodies import a_request, hours
from tests.facilities.centre import Centre


async def test_a_foreign_booking_answers_exactly_as_one_that_there_is_not(centre: Centre) -> None:
    booking = await centre.books(await centre.facility())
    for method, action in (("GET", ""), ("POST", "/cancel"), ("POST", "/move")):
        given = {"json": hours(3, 4)} if action == "/move" else {}

        foreign = await centre.ask(
            method, f"/bookings/{booking.id}{action}", by="stranger", seen=1, **given
        )
        absent = await centre.ask(
            method, f"/bookings/{uuid4()}{action}", by="stranger", seen=1, **given
        )

        assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert (await centre.ask("GET", "/bookings", by="stranger")).json()["items"] == []


async def test_an_owner_books_sees_moves_and_cancels_what_is_their_own(centre: Centre) -> None:
    room, mine, others = await centre.facility(), await centre.enterprise(), uuid4()
    theirs = await centre.enterprise(owner_ids=(others,))
    foreign = await centre.books(room, enterprise_id=str(theirs), **hours(5, 6))

    made = await centre.ask(
        "POST", "/bookings", json=a_request(room, enterprise_id=str(mine)), by="owner"
    )
    for_them = await centre.ask(
        "POST",
        "/bookings",
        json=a_request(room, enterprise_id=str(theirs), **hours(3, 4)),
        by="owner",
    )
    for_the_unit = await centre.ask(
        "POST", "/bookings", json=a_request(room, **hours(3, 4)), by="owner"
    )

    booking = made.json()
    assert (made.status_code, booking["actions"]) == (201, ["move_booking", "cancel_booking"])
    assert (for_them.status_code, for_the_unit.status_code) == (403, 403)
    seen = (await centre.ask("GET", "/bookings", by="owner")).json()["items"]
    assert [each["id"] for each in seen] == [booking["id"]]
    address = f"/bookings/{booking['id']}"
    assert (await centre.ask("GET", f"/bookings/{foreign.id}", by="owner")).status_code == 404
    moved = await centre.ask("POST", f"{address}/move", json=hours(2, 3), seen=1, by="owner")
    assert moved.status_code == 200
    confirm = await centre.ask("POST", f"{address}/confirm", seen=2, by="owner")
    assert confirm.status_code == 403
    assert (await centre.ask("POST", f"{address}/cancel", seen=2, by="owner")).status_code == 200


async def test_merged_enterprises_are_seen_as_one_and_apart_again(centre: Centre) -> None:
    room = await centre.facility()
    one, other = await centre.enterprise(owner_ids=()), await centre.enterprise()
    theirs = await centre.books(room, enterprise_id=str(one))
    ours = await centre.books(room, enterprise_id=str(other), **hours(3, 4))

    async def seen(enterprise: object) -> list[str]:
        found = await centre.ask("GET", f"/bookings?enterprise_id={enterprise}", by="owner")
        return [each["id"] for each in found.json()["items"]]

    assert await seen(other) == [str(ours.id)]
    await centre.hears_again(one, merged_into=other)
    assert await seen(other) == await seen(one) == [str(theirs.id), str(ours.id)]
    await centre.hears_again(one, merged_into=None)
    assert (await seen(other), await seen(one)) == ([str(ours.id)], [])


async def test_who_is_no_owner_of_the_successor_any_more_sees_nothing_of_what_it_was(
    centre: Centre,
) -> None:
    room, mine = await centre.facility(), await centre.enterprise()
    successor = await centre.enterprise()
    booking = await centre.books(room, enterprise_id=str(mine))
    await centre.hears_again(mine, status="merged", merged_into=successor)
    address = f"/bookings/{booking.id}"
    before = await centre.ask("GET", address, by="owner")

    await centre.hears_again(successor, owner_ids=())

    after = await centre.ask("GET", address, by="owner")
    cancelled = await centre.ask("POST", f"{address}/cancel", seen=1, by="owner")
    assert [each.status_code for each in (before, after, cancelled)] == [200, 404, 404]


async def test_an_enterprise_has_no_more_than_its_share_of_open_bookings(centre: Centre) -> None:
    room, mine = await centre.facility(), await centre.enterprise()
    merged = await centre.enterprise(merged_into=mine)
    for hour in range(FAIR_USE):
        await centre.books(
            room, enterprise_id=str(mine if hour else merged), **hours(hour, hour + 1)
        )
    one_more = a_request(room, enterprise_id=str(mine), **hours(7, 8))

    refused = await centre.ask("POST", "/bookings", json=one_more)
    others = await centre.ask("POST", "/bookings", json=a_request(room, **hours(8, 9)))
    [first, *_] = (await centre.ask("GET", f"/bookings?enterprise_id={mine}")).json()["items"]
    await centre.ask("POST", f"/bookings/{first['id']}/cancel", seen=1)
    granted = await centre.ask("POST", "/bookings", json=one_more)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/beyond-fair-use")
    assert (others.status_code, granted.status_code) == (201, 201)


async def test_bookings_are_found_by_what_they_are_about(centre: Centre) -> None:
    room, hall = await centre.facility(), await centre.facility(kind="hall")
    both = await centre.books(room, hall)
    later = await centre.books(hall, **hours(3, 4))
    await centre.ask("POST", f"/bookings/{later.id}/cancel", seen=1)

    async def found(**wanted: str) -> list[str]:
        answer = await centre.ask("GET", "/bookings", params=wanted)
        return [each["id"] for each in answer.json()["items"]]

    assert await found() == [str(both.id), str(later.id)]
    assert await found(facility_id=str(room.id)) == [str(both.id)]
    assert await found(status="cancelled", facility_id=str(hall.id)) == [str(later.id)]
    assert await found(starts_from=hours(2, 3)["starts_at"]) == [str(later.id)]
    assert await found(starts_before=hours(2, 3)["starts_at"]) == [str(both.id)]
    assert await found(unit_id=str(uuid4())) == []


async def test_a_list_is_read_page_by_page(centre: Centre) -> None:
    room = await centre.facility()
    made = [str((await centre.books(room, **hours(n, n + 1))).id) for n in range(5)]

    ids: list[str] = []
    following: str | None = ""
    while following is not None:
        after = f"&after={following}" if following else ""
        page = (await centre.ask("GET", f"/bookings?limit=2{after}")).json()
        ids += [each["id"] for each in page["items"]]
        following = page["next"]

    assert ids == made
