"""Decisions about actors: a grant reaches what it names and what lies within, and no further."""

from uuid import UUID

import pytest

from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
KOTA_BATU = Scope(ScopeKind.REGION, "35.79")


def actor(*scopes: Scope) -> Actor:
    return Actor("somebody", frozenset(Grant(Role.DESK_OFFICER, scope) for scope in scopes))


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("nation", NATION),
        ("region:35.79", KOTA_BATU),
        ("region:3579", KOTA_BATU),
        (f"unit:{HERE}", Scope(ScopeKind.UNIT, HERE)),
        (f"enterprise:{HERE}", Scope(ScopeKind.ENTERPRISE, HERE)),
        (f"partner:{HERE}", Scope(ScopeKind.PARTNER, HERE)),
    ],
)
def test_a_scope_is_read_from_its_text(text: str, scope: Scope) -> None:
    assert Scope.parse(text) == scope


@pytest.mark.parametrize(
    "text", ["", "nation:", "nation:35", "region:", "region:357", "unit:", "unit:7", "galaxy:1"]
)
def test_a_text_that_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the sentence is for the log)
        Scope.parse(text)


def test_a_grant_over_the_nation_covers_everything() -> None:
    ministry = actor(NATION)

    assert ministry.covers()
    assert ministry.covers(unit=HERE)
    assert ministry.covers(region="35.79")


def test_a_grant_over_a_region_covers_what_lies_in_it() -> None:
    officer = actor(KOTA_BATU)

    assert officer.covers(region="35.79")
    assert officer.covers(region="35.79.01.1001", unit=HERE)
    assert not officer.covers(region="35")
    assert not officer.covers(region="35.78")
    assert not officer.covers(region="35.790")
    assert not officer.covers(unit=HERE)


def test_a_grant_over_one_thing_covers_that_thing_only() -> None:
    desk = actor(Scope(ScopeKind.UNIT, HERE))

    assert desk.covers(unit=HERE)
    assert not desk.covers(unit=ELSEWHERE)
    assert not desk.covers(enterprise=HERE)
    assert not desk.covers(region="35.79")
    assert not desk.covers()


def test_one_grant_of_several_is_enough() -> None:
    desk = actor(Scope(ScopeKind.UNIT, HERE), KOTA_BATU)

    assert desk.covers(unit=ELSEWHERE, region="35.79")
    assert desk.covers(unit=HERE, region="31.71")


def test_what_is_a_persons_own_is_within_reach_for_that_person_alone() -> None:
    owner = Actor("owner", person_id=HERE)

    assert owner.covers(persons=[ELSEWHERE, HERE])
    assert not owner.covers(persons=[ELSEWHERE])
    assert not owner.covers(enterprise=HERE)
    assert not Actor("nobody").covers(persons=[HERE])
