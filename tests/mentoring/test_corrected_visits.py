"""A visit that the desk corrects has the request that it needs now, and no other undecided one."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from services.mentoring import use_cases
from services.mentoring.models import Request
from services.mentoring.schemas import OpenRequest
from tests.mentoring.practice import Practice

_OF_VISIT = "SELECT id FROM request WHERE visit_id = $1 ORDER BY id"


async def _made(practice: Practice, visit: UUID) -> list[Request]:
    rows = await practice.ecosystem.rows("mentoring", _OF_VISIT, visit)
    return [await practice.now(Request, row["id"]) for row in rows]


async def _ends(practice: Practice, visit: UUID) -> list[Any]:
    """Of each request of a visit, from the oldest on: for what, and what became of it."""
    return [(each.field, each.reason or each.status) for each in await _made(practice, visit)]


async def test_a_request_follows_its_visit_to_another_enterprise_and_field(
    practice: Practice,
) -> None:
    one, other = await practice.enterprise(), await practice.enterprise()
    visit = await practice.visit(one)

    await practice.hears_again(visit, enterprise_id=other)
    await practice.hears_again(visit, field="sdm")

    made = await _made(practice, visit)
    assert [each.enterprise_id for each in made] == [one, other, other]
    assert await _ends(practice, visit) == [
        ("pemasaran", "not_needed"),
        ("pemasaran", "not_needed"),
        ("sdm", "open"),
    ]
    for each in made[:2]:
        assert await practice.verbs(each.id) == ["opened", "ended"]


@pytest.mark.parametrize("mistake", [{"need": "licence", "field": None}, {"enterprise_id": None}])
async def test_a_visit_that_comes_back_to_what_it_was_has_an_open_request_again(
    practice: Practice, mistake: dict[str, object]
) -> None:
    enterprise = await practice.enterprise()
    visit = await practice.visit(enterprise)

    await practice.hears_again(visit, **mistake)
    between = await _ends(practice, visit)
    await practice.hears_again(visit, need="mentoring", field="pemasaran", enterprise_id=enterprise)

    assert between == [("pemasaran", "not_needed")]
    assert await _ends(practice, visit) == [*between, ("pemasaran", "open")]


async def test_an_assigned_request_that_its_visit_no_longer_needs_frees_the_hours(
    practice: Practice,
) -> None:
    consultant = await practice.consultant()
    visit = await practice.visit(await practice.enterprise())
    await _assign(practice, visit, consultant.id)

    await practice.hears_again(visit, field="sdm")

    assert await _ends(practice, visit) == [("pemasaran", "not_needed"), ("sdm", "open")]
    assert await practice.taken(consultant) == 0


async def test_what_became_a_case_stays_and_is_not_opened_again(practice: Practice) -> None:
    consultant = await practice.consultant()
    visit = await practice.visit(await practice.enterprise())
    made = await _assign(practice, visit, consultant.id)
    await practice.ask("POST", f"/requests/{made}/accept", seen=2, by=consultant.person_id)

    await practice.hears_again(visit, field="sdm")
    corrected = await _ends(practice, visit)
    await practice.hears_again(visit, field="pemasaran")

    assert corrected == [("pemasaran", "accepted"), ("sdm", "open")]
    assert await _ends(practice, visit) == [("pemasaran", "accepted"), ("sdm", "not_needed")]


async def test_what_its_owner_withdrew_is_opened_only_for_something_else(
    practice: Practice,
) -> None:
    visit = await practice.visit(await practice.enterprise())
    [made] = await _made(practice, visit)
    await practice.ask("POST", f"/requests/{made.id}/withdraw", seen=1, by="owner")

    await practice.hears_again(visit)
    again = await _ends(practice, visit)
    await practice.hears_again(visit, field="sdm")

    assert again == [("pemasaran", "withdrawn")]
    assert await _ends(practice, visit) == [*again, ("sdm", "open")]


async def test_a_visit_corrected_to_what_its_enterprise_was_merged_into_keeps_its_request(
    practice: Practice,
) -> None:
    one, other = await practice.enterprise(), await practice.enterprise()
    visit = await practice.visit(one)
    await practice.hears_again(one, status="closed", merged_into=other)

    await practice.hears_again(visit, enterprise_id=other)

    assert await _ends(practice, visit) == [("pemasaran", "open")]


async def test_a_correction_heard_again_or_undone_by_a_restore_leaves_one_open_request(
    practice: Practice,
) -> None:
    visit = await practice.visit(await practice.enterprise())
    before = practice.heard(visit)
    await practice.hears_again(visit, field="sdm")
    after = practice.heard(visit)

    for copy_is_lost in (False, True):
        if copy_is_lost:
            await practice.forgets("visit")
        await practice.hears(after, seq=2)
    heard_again = await _ends(practice, visit)
    await practice.hears(after, seq=2, epoch=2)
    said_once_more = await _ends(practice, visit)
    await practice.hears(before, seq=1, epoch=3)

    assert heard_again == said_once_more == [("pemasaran", "not_needed"), ("sdm", "open")]
    assert await _ends(practice, visit) == [
        ("pemasaran", "not_needed"),
        ("sdm", "not_needed"),
        ("pemasaran", "open"),
    ]


async def test_if_nobody_looked_the_database_would_refuse_a_second_undecided_request(
    practice: Practice,
) -> None:
    enterprise = await practice.enterprise()
    visit = await practice.visit(enterprise)
    command = OpenRequest(enterprise_id=enterprise, field="sdm")

    with pytest.raises(IntegrityError):
        await practice.does(lambda tx: use_cases.open_request(tx, command, visit))

    assert await _ends(practice, visit) == [("pemasaran", "open")]


async def _assign(practice: Practice, visit: UUID, consultant: UUID) -> UUID:
    """The first request of a visit, in somebody's hands."""
    [made] = await _made(practice, visit)
    to = {"consultant_id": str(consultant)}
    answer = await practice.ask("POST", f"/requests/{made.id}/assign", json=to, seen=1)
    assert answer.status_code == 200
    return made.id
