"""Whom we believe: the file is read as meant or not at all, and by it claims become grants."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.access.actor import Grant, Role, Scope
from shared.access.issuers import IssuerRules, makeshift, read_issuers

EXAMPLE = Path("docs/issuers.toml")
HERE, THERE, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)
GOOD = """\
[ministry]
address = "https://issuer.test"
keys = "https://issuer.test/keys"
audience = "sinergi"
algorithms = ["ES256"]
types = ["at+jwt"]
longest_life_s = 600

[[ministry.roles]]
claim = "roles"
value = "desk"
role = "desk_officer"
scope = "unit:{plut}"
"""


def rules(**changes: Any) -> IssuerRules:  # noqa: ANN401 (whatever may be in the file)
    (table,) = tomllib.loads(GOOD).values()
    return IssuerRules.model_validate(table | {"name": "ministry"} | changes)


def a_rule(**changes: str | list[str]) -> dict[str, Any]:
    good = {"claim": "roles", "value": "desk", "role": "desk_officer", "scope": "unit:{plut}"}
    return good | changes


def granted(claims: dict[str, Any], *changed: dict[str, Any]) -> set[Grant]:
    return set(rules(roles=changed or (a_rule(),)).actor("somebody", claims).grants)


def desk_at(*units: object) -> set[Grant]:
    return {Grant(Role.DESK_OFFICER, Scope.parse(f"unit:{unit}")) for unit in units}


def test_a_person_is_known_by_issuer_and_subject_together() -> None:
    assert rules().actor("7", {}).subject == "ministry|7"
    assert rules(name="partners").actor("7", {}).subject == "partners|7"


def test_a_value_of_a_claim_becomes_a_role_over_what_another_claim_names() -> None:
    assert granted({"roles": ["other", "desk"], "plut": str(HERE)}) == desk_at(HERE)
    assert granted({"roles": "desk", "plut": [str(HERE), str(THERE)]}) == desk_at(HERE, THERE)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"roles": None},
        {"roles": []},
        {"roles": "desks"},
        {"roles": "a desk"},
        {"roles": {"desk": True}},
        {"roles": [["desk"]]},
        {"roles": 7},
        {"Roles": "desk"},
    ],
    ids=str,
)
def test_a_claim_without_the_value_grants_nothing(claims: dict[str, Any]) -> None:
    assert granted(claims | {"plut": str(HERE)}) == set()


@pytest.mark.parametrize("plut", [None, [], {}, 7, [7], {"id": str(HERE)}], ids=str)
def test_a_role_whose_scope_is_not_named_is_not_granted(plut: object) -> None:
    assert granted({"roles": "desk", "plut": plut}) == set()


@pytest.mark.parametrize("plut", ["", "*", "nation", f"{HERE},{THERE}", f"unit:{HERE}"])
def test_a_scope_claim_that_is_no_id_refuses_the_token(plut: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the sentence is for the log)
        granted({"roles": "desk", "plut": [str(HERE), plut]})


def test_a_claim_inside_another_is_found_by_the_names_on_the_way() -> None:
    nested = a_rule(claim=["realm_access", "roles"])
    claims = {"realm_access": {"roles": ["desk"]}, "plut": str(HERE)}

    assert granted(claims, nested) == desk_at(HERE)
    for elsewhere in ({"realm_access": ["desk"]}, {"realm_access.roles": ["desk"]}, {}):
        assert granted(elsewhere | {"plut": str(HERE)}, nested) == set()


def test_a_claim_whose_name_has_dots_is_one_name() -> None:
    dotted = a_rule(claim="https://sinergi.example/roles")

    assert granted({"https://sinergi.example/roles": "desk", "plut": str(HERE)}, dotted)


def test_a_region_is_taken_with_its_dots_or_without() -> None:
    officer = a_rule(role="regency_officer", scope="region:{kode}")

    for code in ("35.79", "3579"):
        (grant,) = granted({"roles": "desk", "kode": code}, officer)
        assert grant.scope == Scope.parse("region:35.79")


def test_nobody_has_more_grants_than_can_be_looked_through() -> None:
    with pytest.raises(ValueError, match="more grants"):
        granted({"roles": "desk", "plut": [str(uuid4()) for _ in range(101)]})


def test_the_person_is_found_where_the_issuer_says_it() -> None:
    known = rules(person_id=["sinergi", "person"])

    assert known.actor("7", {"sinergi": {"person": str(PERSON)}}).person_id == PERSON
    assert known.actor("7", {"person": str(PERSON)}).person_id is None
    assert rules().actor("7", {"person_id": str(PERSON)}).person_id is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[ministry]", "[ministry", "line 1"),
        ('types = ["at+jwt"]', "types = []", "[ministry] types"),
        ('types = ["at+jwt"]', 'types = ["at+jwt", "JWT"]', "`required`"),
        ("longest_life_s = 600", "", "[ministry] longest_life_s: Field required"),
        ("longest_life_s = 600", "longest_life_s = 0", "[ministry] longest_life_s"),
        ("longest_life_s = 600", "longest_life_s = 86401", "[ministry] longest_life_s"),
        ("longest_life_s", "longest_live_s", "[ministry] longest_li"),
        ('"ES256"', '"HS256"', "[ministry] algorithms entry 1"),
        ('"ES256"', '"ES256", "none"', "[ministry] algorithms entry 2"),
        ('algorithms = ["ES256"]', "algorithms = []", "[ministry] algorithms"),
        ("https://issuer.test/keys", "file:///keys", "[ministry] keys"),
        ('"https://issuer.test"', '"issuer.test"', "[ministry] address"),
        ('audience = "sinergi"', 'audience = ""', "[ministry] audience"),
        ('claim = "roles"', "claim = []", "[ministry] roles entry 1 claim"),
        ('"desk_officer"', '"astronaut"', "[ministry] roles entry 1 role"),
        ('"unit:{plut}"', '"galaxy:{plut}"', "[ministry] roles entry 1 scope: a scope is one like"),
        ('"unit:{plut}"', '"{plut}"', "[ministry] roles entry 1 scope"),
        ('"unit:{plut}"', '"unit:{}"', "[ministry] roles entry 1 scope"),
        ('"unit:{plut}"', '"unit:7"', "[ministry] roles entry 1 scope"),
        ('"unit:{plut}"', '"nation:{plut}"', "[ministry] roles entry 1 scope"),
        ('value = "desk"', 'value = ""', "[ministry] roles entry 1 value"),
        ('value = "desk"', 'values = "desk"', "[ministry] roles entry 1 value"),
        ("[[ministry.roles]]", "[ministry.rules]", "[ministry] rules"),
        ("[ministry]", 'ministry-too = "x"\n[ministry]', "[ministry-too] is no issuer"),
        ("[ministry]", '["the ministry"]', "[the ministry] is no issuer"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = tmp_path / "issuers.toml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))

    with pytest.raises(ValueError) as refused:  # noqa: PT011 (looked at below)
        read_issuers(file)

    sentence = str(refused.value)
    assert told in sentence
    assert sentence.startswith(str(file))
    assert "\n" not in sentence


def test_a_file_that_lets_nobody_in_is_refused(tmp_path: Path) -> None:
    nobody, grantless = tmp_path / "nobody.toml", tmp_path / "grantless.toml"
    nobody.write_text("# nobody\n")
    grantless.write_text(GOOD.partition("[[")[0])

    with pytest.raises(ValueError, match="names no issuer"):
        read_issuers(nobody)
    with pytest.raises(ValueError, match=r"\[ministry\]: it grants nothing"):
        read_issuers(grantless)


def test_two_issuers_of_one_address_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(GOOD + GOOD.replace("ministry", "twin"))

    with pytest.raises(ValueError, match=r"\[twin\] has the address of \[ministry\]"):
        read_issuers(file)


def test_the_example_in_the_documents_is_good_enough_for_production() -> None:
    issuers = read_issuers(EXAMPLE)

    assert list(makeshift(issuers)) == []


def test_the_example_gives_every_role_that_there_is() -> None:
    given = {rule.role for issuer in read_issuers(EXAMPLE) for rule in issuer.roles}

    assert given == set(Role)


def test_the_example_grants_what_the_page_says_of_it() -> None:
    ministry, owners, _ = read_issuers(EXAMPLE)
    roles = ["offline_access", "plut-meja-layanan", "dinas-kabupaten-kota"]
    staff = {"realm_access": {"roles": roles}, "plut": [str(HERE), str(THERE)]}

    desk = ministry.actor("7", staff | {"kode_wilayah": "35.79", "person_id": str(PERSON)})
    owner = owners.actor("7", {"kind": "pelaku-usaha", "usaha": str(HERE)} | staff)

    assert desk.person_id == PERSON
    assert desk.grants == desk_at(HERE, THERE) | {
        Grant(Role.REGENCY_OFFICER, Scope.parse("region:35.79"))
    }
    assert owner.grants == {Grant(Role.OWNER, Scope.parse(f"enterprise:{HERE}"))}
