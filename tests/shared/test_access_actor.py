"""Decisions about actors: a grant reaches what it names and what lies within, and no further."""

from uuid import uuid4

import pytest

from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind

HERE, ELSEWHERE = uuid4(), uuid4()
KOTA_BATU = Scope(ScopeKind.REGION, "35.79")


def actor(role: Role, scope: Scope) -> Actor:
    return Actor("somebody", frozenset({Grant(role, scope)}))


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
    ministry = actor(Role.MINISTRY, NATION)

    assert ministry.holds(Role.MINISTRY)
    assert ministry.holds(Role.MINISTRY, unit=HERE)
    assert ministry.holds(Role.MINISTRY, region="35.79")


def test_a_grant_over_a_region_covers_what_lies_in_it() -> None:
    officer = actor(Role.REGENCY_OFFICER, KOTA_BATU)

    assert officer.holds(Role.REGENCY_OFFICER, region="35.79")
    assert officer.holds(Role.REGENCY_OFFICER, region="35.79.01.1001", unit=HERE)
    assert not officer.holds(Role.REGENCY_OFFICER, region="35")
    assert not officer.holds(Role.REGENCY_OFFICER, region="35.78")
    assert not officer.holds(Role.REGENCY_OFFICER, unit=HERE)


def test_a_grant_over_one_thing_covers_that_thing_only() -> None:
    desk = actor(Role.DESK_OFFICER, Scope(ScopeKind.UNIT, HERE))

    assert desk.holds(Role.DESK_OFFICER, unit=HERE)
    assert not desk.holds(Role.DESK_OFFICER, unit=ELSEWHERE)
    assert not desk.holds(Role.DESK_OFFICER, enterprise=HERE)
    assert not desk.holds(Role.DESK_OFFICER, region="35.79")
    assert not desk.holds(Role.DESK_OFFICER)


def test_a_role_does_not_stand_for_another() -> None:
    desk = actor(Role.DESK_OFFICER, NATION)

    assert not desk.holds(Role.UNIT_HEAD, unit=HERE)
    assert desk.holds(Role.UNIT_HEAD, Role.DESK_OFFICER, unit=HERE)


def test_an_actor_plays_a_role_however_far_it_reaches() -> None:
    desk = actor(Role.DESK_OFFICER, Scope(ScopeKind.UNIT, HERE))

    assert desk.plays(Role.MINISTRY, Role.DESK_OFFICER)
    assert not desk.plays(Role.MINISTRY)
    assert not Actor("nobody").plays(*Role)
