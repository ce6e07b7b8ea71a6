"""Tenancies over HTTP: a place is leased for days on end, and can be booked by nobody then."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.facilities.bodies import TOMORROW, a_request, hours
from tests.facilities.centre import Centre

FIRST = TOMORROW.date()


def a_tenancy(facility_id: UUID, enterprise_id: UUID, **changes: object) -> dict[str, object]:
    return {
        "facility_id": str(facility_id),
        "enterprise_id": str(enterprise_id),
        "place": 1,
        "kind": "display",
        "starts_on": str(FIRST),
        "ends_on": str(FIRST + timedelta(days=29)),
    } | changes


async def test_a_leased_place_cannot_be_booked_and_the_others_can(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display", places=2), await centre.enterprise()

    made = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, mine, place=2))
    booked = await centre.ask("POST", "/bookings", json=a_request(shelves))
    refused = await centre.ask("POST", "/bookings", json=a_request(shelves))
    after = await centre.ask("POST", "/bookings", json=a_request(shelves, **hours(1, 2, day=30)))

    assert (made.status_code, made.json()["status"]) == (201, "planned")
    assert booked.json()["facilities"] == [{"facility_id": str(shelves.id), "places": [1]}]
    assert (refused.status_code, after.status_code) == (409, 201)


async def test_a_booked_or_leased_place_is_not_leased_again(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display", places=2), await centre.enterprise()
    await centre.books(shelves, facilities=[{"facility_id": str(shelves.id), "places": 2}])
    later = {"starts_on": str(FIRST + timedelta(days=1))}

    over_a_booking = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, mine))
    beside_it = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, mine, **later))
    over_that = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, mine, **later))

    assert [over_a_booking.status_code, beside_it.status_code, over_that.status_code] == [
        409,
        201,
        409,
    ]
    assert over_that.json()["type"] == "/problems/place-taken"


async def test_a_tenancy_starts_and_ends_by_itself(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display"), await centre.enterprise()
    tenancy = await centre.leases(shelves, mine)

    assert await centre.time_passes("tenancy", tenancy.id)
    started = await centre.ask("GET", f"/tenancies/{tenancy.id}")
    assert await centre.time_passes("tenancy", tenancy.id)
    ended = await centre.ask("GET", f"/tenancies/{tenancy.id}")

    assert (started.json()["status"], started.json()["actions"]) == ("active", ["end_tenancy"])
    assert (ended.json()["status"], ended.json()["reason"]) == ("ended", "expired")
    assert await centre.verbs(tenancy.id) == ["agreed", "started", "ended"]
    assert await centre.places_of(tenancy.id) == 0


async def test_a_tenancy_that_is_ended_frees_its_place(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display"), await centre.enterprise()
    tenancy = await centre.leases(shelves, mine)

    ended = await centre.ask("POST", f"/tenancies/{tenancy.id}/end", seen=1)
    again = await centre.ask("POST", f"/tenancies/{tenancy.id}/end", seen=2)
    booked = await centre.ask("POST", "/bookings", json=a_request(shelves))

    assert (ended.json()["status"], ended.json()["reason"]) == ("ended", "terminated")
    assert (again.status_code, booked.status_code) == (409, 201)


IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"place": 2}, "/problems/too-many-places"),
    ({"starts_on": "2020-01-01"}, "/problems/days-impossible"),
    ({"ends_on": str(FIRST - timedelta(days=1))}, "/problems/days-impossible"),
    ({"ends_on": str(FIRST + timedelta(days=365 * 7))}, "/problems/days-impossible"),
    ({"facility_id": str(uuid4())}, "/problems/facility-unknown"),
    ({"starts_on": "01-12-2026"}, "/problems/invalid"),
    ({"kind": "hall"}, "/problems/invalid"),
]


async def test_what_cannot_be_agreed_is_refused(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display"), await centre.enterprise()
    for changes, kind in IMPOSSIBLE:
        body = a_tenancy(shelves.id, mine) | changes

        answer = await centre.ask("POST", "/tenancies", json=body)

        assert answer.json()["type"] == kind, changes


async def test_a_closed_enterprise_leases_nothing_nor_is_a_closed_facility_leased(
    centre: Centre,
) -> None:
    shelves, mine = await centre.facility(kind="display"), await centre.enterprise()
    gone = await centre.enterprise(status="closed")

    by_nobody = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, gone))
    await centre.ask("POST", f"/facilities/{shelves.id}/close", seen=1)
    of_nothing = await centre.ask("POST", "/tenancies", json=a_tenancy(shelves.id, mine))

    assert by_nobody.json()["type"] == "/problems/enterprise-closed"
    assert of_nothing.json()["type"] == "/problems/facility-closed"


async def test_an_owner_sees_their_own_tenancy_and_a_stranger_none(centre: Centre) -> None:
    shelves, mine = await centre.facility(kind="display", places=2), await centre.enterprise()
    theirs = await centre.enterprise(owner_ids=())
    own, foreign = await centre.leases(shelves, mine), await centre.leases(shelves, theirs, 2)

    by_owner = await centre.ask("GET", "/tenancies", by="owner")
    by_stranger = await centre.ask("GET", "/tenancies", by="stranger")
    by_officer = await centre.ask("GET", f"/tenancies?enterprise_id={theirs}")
    absent = await centre.ask("GET", f"/tenancies/{uuid4()}", by="owner")

    assert [each["id"] for each in by_owner.json()["items"]] == [str(own.id)]
    assert by_stranger.json()["items"] == []
    assert [each["id"] for each in by_officer.json()["items"]] == [str(foreign.id)]
    hidden = await centre.ask("GET", f"/tenancies/{foreign.id}", by="owner")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    refused = await centre.ask("POST", f"/tenancies/{own.id}/end", by="owner", seen=1)
    assert refused.status_code == 403
