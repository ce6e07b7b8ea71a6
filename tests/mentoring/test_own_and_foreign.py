"""Whose cases, sessions and outcomes one reads: one's own, and nothing of another's."""

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.mentoring.models import Case, Consultant, Session
from tests.mentoring.practice import Practice
from tests.mentoring.things import GOALS, SALES


async def test_who_takes_a_case_over_reads_its_earlier_sessions(
    practice: Practice, case: Case
) -> None:
    successor, other = await practice.consultant(), await practice.consultant()
    held = await practice.session(case, mode="online")
    await practice.begins(held)
    told = {"minutes": 60, "notes": "Rencana promosi."}
    await practice.ask("POST", f"/sessions/{held.id}/hold", json=told, seen=1)
    to = {"consultant_id": str(successor.id)}
    await practice.ask("POST", f"/cases/{case.id}/hand-over", json=to, seen=1)

    path, person = f"/sessions/{held.id}", successor.person_id
    read = await practice.ask("GET", path, by=person)
    listed = await practice.ask("GET", f"/sessions?case_id={case.id}", by=person)
    foreign = await practice.ask("GET", path, by=other.person_id)

    assert (read.status_code, foreign.status_code) == (200, 404)
    assert read.json()["notes"] == told["notes"]
    assert [each["id"] for each in listed.json()["items"]] == [str(held.id)]
    assert await _rows_of_person(practice, person) == (1, 1)


async def test_foreign_cases_sessions_and_outcomes_answer_exactly_as_absent_ones(
    practice: Practice, case: Case
) -> None:
    session = await practice.session(case)
    claimed = await practice.ask("POST", f"/cases/{case.id}/outcomes", json=SALES)
    tries: list[tuple[str, str, object, Any]] = [
        ("GET", "/cases/{}", case.id, None),
        ("POST", "/cases/{}/plan", case.id, {"goals": GOALS}),
        ("POST", "/cases/{}/close", case.id, {}),
        ("POST", "/cases/{}/outcomes", case.id, SALES),
        ("GET", "/sessions/{}", session.id, None),
        ("POST", "/sessions/{}/hold", session.id, {"minutes": 5, "notes": "Ya."}),
        ("POST", "/sessions/{}/cancel", session.id, None),
        ("GET", "/outcomes/{}", claimed.json()["id"], None),
    ]
    for who in ("malang", uuid4()):
        for method, path, key, body in tries:
            given: dict[str, Any] = {"by": who, "json": body}
            given |= {"seen": 1} if method == "POST" and "outcomes" not in path else {}

            foreign = await practice.ask(method, path.format(key), **given)
            absent = await practice.ask(method, path.format(uuid4()), **given)

            assert (foreign.status_code, foreign.content) == (404, absent.content), path
        for path in ("/cases", "/sessions", "/outcomes", "/requests"):
            assert (await practice.ask("GET", path, by=who)).json()["items"] == [], path


async def test_owners_read_what_is_their_own_also_after_a_merger(
    practice: Practice, consultant: Consultant
) -> None:
    nobodys = await practice.enterprise(owner_ids=())
    mine = await practice.enterprise()
    case = await practice.case(consultant, nobodys)
    session = await practice.session(case, mode="online")
    paths = (f"/cases/{case.id}", f"/sessions/{session.id}")

    before = [(await practice.ask("GET", path, by="owner")).status_code for path in paths]
    await practice.hears_again(nobodys, merged_into=mine)
    after = [await practice.ask("GET", path, by="owner") for path in paths]
    cancelled = await practice.ask("POST", f"{paths[1]}/cancel", seen=1, by="owner")
    listed = (await practice.ask("GET", f"/cases?enterprise_id={mine}", by="owner")).json()

    assert before == [404, 404]
    assert [answer.status_code for answer in after] == [200, 200]
    assert [answer.json()["actions"] for answer in after] == [[], []]
    assert cancelled.status_code == 403
    assert [each["id"] for each in listed["items"]] == [str(case.id)]


async def test_who_was_removed_as_an_owner_reads_nothing_of_what_was_merged_before(
    practice: Practice, consultant: Consultant
) -> None:
    mine, survivor = await practice.enterprise(), await practice.enterprise()
    case = await practice.case(consultant, mine)
    session = await practice.session(case, mode="online")
    claimed = await practice.ask("POST", f"/cases/{case.id}/outcomes", json=SALES)
    await practice.hears_again(mine, merged_into=survivor)

    before = await practice.ask("GET", f"/sessions/{session.id}", by="owner")
    await practice.hears_again(survivor, owner_ids=())
    confirm = f"/outcomes/{claimed.json()['id']}/confirm"
    confirmed = await practice.ask("POST", confirm, seen=1, by="owner")
    paths = (f"/cases/{case.id}", f"/sessions/{session.id}")
    after = [(await practice.ask("GET", path, by="owner")).status_code for path in paths]

    assert before.status_code == 200
    assert (after, confirmed.status_code) == ([404, 404], 404)
    assert await _rows_of_person(practice, practice.owner) == (0, 0)


async def _rows_of_person(practice: Practice, person: UUID) -> tuple[int, int]:
    """How many cases and sessions row security alone leaves a person."""
    async with practice.ecosystem.database("mentoring").reading() as tx:
        await tx.execute(sa.select(sa.func.set_config("app.person", str(person), sa.true())))
        cases = await tx.scalar(sa.select(sa.func.count()).select_from(Case))
        sessions = await tx.scalar(sa.select(sa.func.count()).select_from(Session))
    return cases or 0, sessions or 0
