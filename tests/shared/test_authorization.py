"""The authorization matrix: who is not named may not, and whoever may comes no further."""

from pathlib import Path
from uuid import uuid4

import pytest

from shared.access.actor import NATION, Actor, Grant, Role, Scope, ScopeKind
from shared.access.authorization import Authorization, MatrixIncomplete, Reach
from shared.refusals import Forbidden

PERSON = uuid4()
UNIT = Scope(ScopeKind.UNIT, uuid4())
ENTERPRISE = Scope(ScopeKind.ENTERPRISE, uuid4())

ROWS = """
[look]
allow = ["ministry", "consultant"]
scope = ["desk_officer"]
own = ["owner"]

[ask]
allow = "everyone"
"""


@pytest.fixture
def matrix(tmp_path: Path) -> Authorization:
    file = tmp_path / "authorization.toml"
    file.write_text(ROWS)
    return Authorization.read(file)


def actor(role: Role, scope: Scope) -> Actor:
    return Actor("somebody", frozenset({Grant(role, scope)}), PERSON)


def test_who_is_not_named_may_not(matrix: Authorization) -> None:
    for role in (Role.AUDITOR, Role.OPERATOR, Role.UNIT_HEAD):
        assert matrix.reach("look", role) is Reach.DENY
        with pytest.raises(Forbidden):
            matrix.narrow(actor(role, NATION), "look")


def test_everyone_has_a_role_at_least(matrix: Authorization) -> None:
    assert all(matrix.reach("ask", role) is Reach.ALLOW for role in Role)
    with pytest.raises(Forbidden):
        matrix.narrow(Actor("stranger", person_id=PERSON), "ask")


def test_who_is_allowed_reaches_everything_and_owns_nothing(matrix: Authorization) -> None:
    narrowed = matrix.narrow(actor(Role.CONSULTANT, UNIT), "look")

    assert narrowed.scopes == {NATION}
    assert narrowed.person_id is None
    assert narrowed.operation == "look"


def test_who_has_it_in_scope_reaches_as_far_as_the_grant(matrix: Authorization) -> None:
    narrowed = matrix.narrow(actor(Role.DESK_OFFICER, UNIT), "look")

    assert narrowed.scopes == {UNIT}
    assert narrowed.person_id is None


def test_who_has_their_own_reaches_that_and_no_unit(matrix: Authorization) -> None:
    of_an_enterprise = matrix.narrow(actor(Role.OWNER, ENTERPRISE), "look")
    of_a_unit = matrix.narrow(actor(Role.OWNER, UNIT), "look")

    assert of_an_enterprise.scopes == {ENTERPRISE}
    assert of_a_unit.scopes == set()
    assert of_an_enterprise.person_id == of_a_unit.person_id == PERSON


def test_a_role_lends_its_reach_to_no_other_grant(matrix: Authorization) -> None:
    both = Actor("both", frozenset({Grant(Role.DESK_OFFICER, UNIT), Grant(Role.OPERATOR, NATION)}))

    assert matrix.narrow(both, "look").scopes == {UNIT}


def test_operations_and_rows_must_be_the_same(matrix: Authorization) -> None:
    matrix.refuse_unless_complete(["look", "ask"])

    for operations in (["look"], ["look", "ask", "touch"]):
        with pytest.raises(MatrixIncomplete):
            matrix.refuse_unless_complete(operations)


@pytest.mark.parametrize(
    "row",
    [
        '[look]\nallow = ["astronaut"]',
        '[look]\nsometimes = ["owner"]',
        '[look]\nallow = "everyone"\nown = ["owner"]',
    ],
)
def test_a_row_that_cannot_be_meant_is_refused(tmp_path: Path, row: str) -> None:
    file = tmp_path / "authorization.toml"
    file.write_text(row)

    with pytest.raises(ValueError, match=r"astronaut|sometimes|twice"):
        Authorization.read(file)
