"""What looks alike is flagged for people, who merge it, or say that it is two."""

import httpx
import pytest

from tests.registry.register import id_of, items, problem_of, register, step, verbs
from tests.support.builders import a_key
from tests.support.ecosystem import Ecosystem
from tests.support.owners import an_owner, register_owner
from tests.support.owners import id_of as person_of

NAME = "Keripik Apel Panderman"
VILLAGE_BESIDE = "35.79.01.1002"


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        ({"trade_name": "Kripik Apel Panderman"}, True),
        ({"trade_name": "KERIPIK APEL PANDERMÁN"}, True),
        ({"trade_name": "Bakso Arema"}, False),
        ({"trade_name": NAME, "village_code": VILLAGE_BESIDE}, False),
    ],
)
async def test_a_similar_name_in_the_same_village_is_flagged(
    desk: httpx.AsyncClient, changes: dict[str, object], *, flagged: bool
) -> None:
    first = await register(desk, trade_name=NAME)
    second = await register(desk, **changes)

    found = await items(desk, "/duplicates")

    pairs = [(each["enterprise_id"], each["other_id"], each["reasons"]) for each in found]
    assert pairs == ([(id_of(second), id_of(first), ["similar_name"])] if flagged else [])


async def test_the_same_owner_and_the_same_telephone_are_flagged(
    desk: httpx.AsyncClient,
) -> None:
    phone = an_owner(1)["phone"]
    wulan = str(person_of(await register_owner(desk, 1)))
    bayu = str(person_of(await register_owner(desk, 2, phone=phone)))
    first = await register(desk, trade_name="Warung Satu", owner_ids=[wulan])

    await register(desk, trade_name="Bengkel Dua", owner_ids=[wulan])
    await register(desk, trade_name="Salon Kilat", owner_ids=[bayu])

    found = [each for each in await items(desk, "/duplicates") if each["other_id"] == id_of(first)]
    assert [each["reasons"] for each in found] == [["same_owner"], ["same_phone"]]


async def test_a_pair_is_for_the_units_of_both(
    registry: Ecosystem, desk: httpx.AsyncClient
) -> None:
    await register(desk, trade_name=NAME)
    await register(desk, trade_name=NAME)
    (pair,) = await items(desk, "/duplicates")
    elsewhere = await registry.client("registry", "malang")

    assert await items(elsewhere, "/duplicates") == []
    assert (await elsewhere.post(f"/duplicates/{pair['id']}/dismiss")).status_code == 404


async def test_what_is_two_is_remembered_as_two(desk: httpx.AsyncClient) -> None:
    await register(desk, trade_name=NAME)
    await register(desk, trade_name=NAME)
    (pair,) = await items(desk, "/duplicates")

    for _ in range(2):
        answer = await desk.post(f"/duplicates/{pair['id']}/dismiss")
        assert (answer.status_code, answer.json()["status"]) == (200, "dismissed")

    assert await items(desk, "/duplicates") == []
    assert len(await items(desk, "/duplicates", status="dismissed")) == 1


async def test_a_merger_is_previewed_made_and_undone(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    wulan, bayu = [str(person_of(await register_owner(desk, n))) for n in (1, 2)]
    old = await register(desk, trade_name=NAME, owner_ids=[wulan])
    new = await register(desk, trade_name=NAME, size_class="kecil", owner_ids=[bayu])
    before = [(await head.get(address)).json() for address in (old, new)]

    preview = await head.get(f"{new}/merge-preview", params={"into": id_of(old)})
    merged = await step(head, new, "merge", {"into": id_of(old)})
    between = (await head.get(old)).json()
    flagged = await items(desk, "/duplicates")
    undone = await step(head, new, "unmerge")

    assert preview.json() == {
        "merged": before[1],
        "survivor": before[0],
        "owners_added": [bayu],
        "differences": ["size_class"],
    }
    assert (merged.json()["status"], merged.json()["merged_into"]) == ("merged", id_of(old))
    assert merged.json()["actions"] == ["unmerge_enterprise"]
    assert (between["id"], flagged) == (id_of(old), [])
    assert undone.status_code == 200
    assert [(await head.get(address)).json() for address in (old, new)] == before
    assert await verbs(registry, new) == ["registered", "merged", "unmerged"]
    assert await verbs(registry, old) == ["registered", "owners_changed", "owners_changed"]


async def test_nothing_is_merged_that_cannot_be(
    desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    first, second, third = [await register(desk) for _ in range(3)]
    itself = await step(head, first, "merge", {"into": id_of(first)})
    nothing = await step(head, first, "unmerge")
    await step(head, first, "merge", {"into": id_of(second)})
    again = await step(head, first, "merge", {"into": id_of(third)})
    into_merged = await step(head, third, "merge", {"into": id_of(first)})
    await step(head, second, "merge", {"into": id_of(third)})
    too_early = await step(head, first, "unmerge")

    assert problem_of(itself) == (422, "/problems/cannot-merge")
    assert problem_of(nothing) == (409, "/problems/not-merged")
    assert problem_of(again) == (409, "/problems/enterprise-merged")
    assert problem_of(into_merged) == (409, "/problems/enterprise-merged")
    assert problem_of(too_early) == (409, "/problems/survivor-merged")


async def test_a_merger_is_for_who_keeps_both_registers(
    registry: Ecosystem, desk: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    ours = await register(desk)
    malang = await registry.client("registry", "malang")
    unit = (await items(malang, "/units", region="35.73"))[0]["id"]
    theirs = await register(malang, unit_id=unit)
    ministry = await registry.client("registry", "ministry")

    refused = await step(head, ours, "merge", {"into": id_of(theirs)})
    desk_alone = await step(desk, ours, "merge", {"into": id_of(theirs)})
    allowed = await step(ministry, ours, "merge", {"into": id_of(theirs)})

    assert (refused.status_code, desk_alone.status_code, allowed.status_code) == (403, 403, 200)


async def test_registering_again_under_the_same_key_flags_nothing_new(
    desk: httpx.AsyncClient,
) -> None:
    first = await register(desk, trade_name=NAME)
    body = (await desk.get(first)).json()
    again = {name: body[name] for name in ("kind", "unit_id", "village_code", "kbli", "size_class")}
    headers = a_key()

    for _ in range(2):
        await desk.post("/enterprises", json=again | {"trade_name": NAME}, headers=headers)

    assert len(await items(desk, "/duplicates")) == 1


@pytest.mark.parametrize("dismissed", [False, True])
async def test_what_looks_alike_after_a_change_is_flagged_once(
    desk: httpx.AsyncClient, *, dismissed: bool
) -> None:
    first = await register(desk, trade_name=NAME)
    second = await register(desk, trade_name="Bakso Arema")

    await _change(desk, second, trade_name=NAME)
    (pair,) = await items(desk, "/duplicates")
    if dismissed:
        await desk.post(f"/duplicates/{pair['id']}/dismiss")
    await _change(desk, first, trade_name=NAME.upper())

    assert (pair["enterprise_id"], pair["reasons"]) == (id_of(second), ["similar_name"])
    assert len(await items(desk, "/duplicates")) == (0 if dismissed else 1)


async def test_whom_a_changed_enterprise_shares_its_owner_with_is_flagged(
    desk: httpx.AsyncClient,
) -> None:
    wulan = str(person_of(await register_owner(desk, 1)))
    first = await register(desk, trade_name="Warung Satu", owner_ids=[wulan])
    second = await register(desk, trade_name="Bengkel Dua")

    await desk.patch(second, json={"owner_ids": [wulan]}, headers={"If-Match": '"1"'})

    (pair,) = await items(desk, "/duplicates")
    assert (pair["enterprise_id"], pair["other_id"]) == (id_of(second), id_of(first))
    assert pair["reasons"] == ["same_owner"]


async def test_whom_a_corrected_village_has_beside_it_is_flagged(desk: httpx.AsyncClient) -> None:
    first = await register(desk, trade_name=NAME)
    second = await register(desk, trade_name=NAME, village_code=VILLAGE_BESIDE)
    apart = await items(desk, "/duplicates")

    await _change(desk, second, village_code="35.79.01.1001")

    (pair,) = await items(desk, "/duplicates")
    assert (apart, pair["enterprise_id"], pair["other_id"]) == ([], id_of(second), id_of(first))
    assert pair["reasons"] == ["similar_name"]


async def test_whom_a_new_telephone_number_is_shared_with_is_flagged(
    desk: httpx.AsyncClient,
) -> None:
    wulan, bayu = [await register_owner(desk, number) for number in (1, 2)]
    first = await register(desk, trade_name="Warung Satu", owner_ids=[id_of(wulan)])
    second = await register(desk, trade_name="Bengkel Dua", owner_ids=[id_of(bayu)])

    phone = {"phone": an_owner(1)["phone"]}
    changed = await desk.patch(bayu, json=phone, headers={"If-Match": '"1"'})

    (pair,) = await items(desk, "/duplicates")
    assert changed.status_code == 200
    assert (pair["enterprise_id"], pair["other_id"]) == (id_of(second), id_of(first))
    assert pair["reasons"] == ["same_phone"]


async def _change(desk: httpx.AsyncClient, address: str, **changes: str) -> None:
    answer = await desk.patch(address, json=changes, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
