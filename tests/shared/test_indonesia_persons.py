"""Numbers of persons: what is wrong is refused by name, what is odd is doubted and kept."""

import re
from datetime import date
from typing import Any

import pytest
import stdnum.id.nik
import stdnum.id.npwp
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.indonesia.codes import Nib
from shared.indonesia.nik import DOUBTS, Nik
from shared.indonesia.npwp import Npwp
from shared.indonesia.phone import Phone
from shared.personal import Personal
from shared.persons import BirthDate, Sex
from tests.support.vaults import a_nik

_DIGITS = st.text("0123456789", min_size=14, max_size=17)
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FEMALE, MALE = Sex("female"), Sex("male")


def refusal_of(kind: Any, text: object) -> str:  # noqa: ANN401 (an Annotated form has no type)
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(text)
    return refused.value.errors()[0]["type"]


def doubts_of(nik: str, born: str, sex: Sex) -> list[str]:
    return [doubt.code for doubt in Nik.parse(nik).doubts(BirthDate.parse(born), sex)]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Nik, "357901450587000", "nik_shape"),
        (Nik, "35790145058700011", "nik_shape"),
        (Nik, "35790145 0587001", "nik_shape"),
        (Nik, "3579014505870001\n", "nik_shape"),
        (Nik, a_nik().translate(_ARABIC), "nik_shape"),
        (Nik, 3579014505870001, "string_type"),
        (Nik, "3579010005870001", "nik_day"),
        (Nik, "3579013205870001", "nik_day"),
        (Nik, "3579014005870001", "nik_day"),
        (Nik, "3579017205870001", "nik_day"),
        (Nik, "3579018105870001", "nik_day"),
        (Nik, "3579014500870001", "nik_month"),
        (Nik, "3579014513870001", "nik_month"),
        (Nik, "3579014505870000", "nik_serial"),
        (Npwp, "01312166009100", "npwp_shape"),
        (Npwp, "01.312.166.0-091000", "npwp_shape"),
        (Npwp, "013121660091000".translate(_ARABIC), "npwp_shape"),
        (Phone, "08123", "phone_shape"),
        (Phone, "+1 212 555 0100", "phone_shape"),
        (Phone, "081200000001".translate(_ARABIC), "phone_shape"),
        (Phone, "0812 0000 0001 ext 9", "phone_shape"),
        (Phone, "0" * 10_000, "phone_shape"),
        (Nib, "022000123456", "nib_shape"),
        (Nib, "0220001234567".translate(_ARABIC), "nib_shape"),
        (Nib, 220001234567, "string_type"),
    ],
)
def test_what_cannot_be_such_a_number_is_refused_by_name(
    kind: object, text: object, code: str
) -> None:
    assert refusal_of(kind, text) == code


def test_a_nik_that_fits_raises_no_doubt() -> None:
    assert doubts_of("3579014505870001", "1987-05-05", FEMALE) == []
    assert doubts_of("3579010505870001", "1987-05-05", MALE) == []


def test_what_does_not_fit_is_doubted_and_never_refused() -> None:
    assert doubts_of(a_nik(), "1987-05-05", FEMALE) == ["nik_region_unknown"]
    assert doubts_of("3579014505870001", "1987-05-06", FEMALE) == ["nik_birth_date_differs"]
    assert doubts_of("3579014505870001", "1987-05-05", MALE) == ["nik_sex_differs"]
    assert doubts_of("9901013102870001", "1990-01-01", FEMALE) == [*DOUBTS]


@given(_DIGITS)
def test_a_nik_is_taken_when_the_schema_says_so(text: str) -> None:
    pattern = TypeAdapter(Nik).json_schema()["pattern"]

    assert _accepted(Nik, text) == bool(re.fullmatch(pattern, text))


@given(st.dates(date(1920, 1, 1), date(2019, 12, 31)), st.booleans(), st.integers(1, 9999))
def test_the_civil_registrys_niks_are_taken_by_stdnum_and_by_us(
    born: date,
    woman: bool,  # noqa: FBT001 (drawn, not passed)
    serial: int,
) -> None:
    nik = f"357901{born.day + 40 * woman:02}{born:%m%y}{serial:04}"

    assert stdnum.id.nik.is_valid(nik)
    assert doubts_of(nik, born.isoformat(), FEMALE if woman else MALE) == []


@given(st.from_regex(r"\A3579(0[1-9])[0-9]{6}[0-9]{4}\Z"))
def test_whatever_stdnum_takes_is_taken_but_for_its_day_of_81(nik: str) -> None:
    assume(int(nik[6:8]) <= 71 and nik[12:] != "0000")
    if stdnum.id.nik.is_valid(nik):
        assert _accepted(Nik, nik)


@given(st.text("0123456789", min_size=15, max_size=15))
def test_an_old_npwp_is_doubted_just_when_stdnum_refuses_it(digits: str) -> None:
    npwp = Npwp.parse(digits)

    assert npwp.reveal() == f"0{digits}"
    assert Npwp.parse(npwp.reveal()) == npwp
    assert bool(list(npwp.doubts())) != stdnum.id.npwp.is_valid(digits)


def test_a_new_npwp_need_not_be_a_nik() -> None:
    assert list(Npwp.parse("9999999999999999").doubts()) == []
    assert not stdnum.id.npwp.is_valid("9999999999999999")


def test_an_npwp_is_taken_as_the_card_has_it() -> None:
    assert Npwp.parse("01.312.166.0-091.000").reveal() == "0013121660091000"
    assert Npwp.parse("0013121660091000").masked() == "***1000"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("(0341) 512345", "+62341512345"),
        ("021 5551234", "+62215551234"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(written: str, kept: str) -> None:
    phone = Phone.parse(written)

    assert phone.reveal() == kept
    assert Phone.parse(kept) == phone
    assert list(phone.doubts()) == []


def test_an_unknown_prefix_is_doubted() -> None:
    assert [doubt.code for doubt in Phone.parse("0840 1234567").doubts()] == [
        "phone_prefix_unknown"
    ]


@given(st.from_regex(TypeAdapter(Phone).json_schema()["pattern"], fullmatch=True))
def test_whatever_the_schema_says_is_a_telephone_number_is_taken(text: str) -> None:
    assert _accepted(Phone, text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    for kind in (Nik, Npwp, Phone):
        if _accepted(kind, text):
            again = kind.parse(kind.parse(text).reveal())
            assert again == kind.parse(text)


def test_masks_hide_what_tells_somebody_apart() -> None:
    assert Nik.parse("3579014505870001").masked() == "357901******0001"
    assert Phone.parse("081234567890").masked() == "+62********890"


def _accepted(kind: type[Personal], text: str) -> bool:
    try:
        kind.parse(text)
    except ValueError:
        return False
    return True
