"""What is personal shows itself nowhere but where it is revealed on purpose."""

import copy
import json
import logging
import pickle

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.personal import HIDDEN, Personal
from shared.persons import BirthDate, EmailAddress, PersonName, PostalAddress, Sex

WRITTEN = "Wulan Percobaan"


class Card(BaseModel):
    """A model that holds something personal."""

    name: PersonName
    email: EmailAddress | None = None


def test_no_way_to_print_it_prints_it(caplog: pytest.LogCaptureFixture) -> None:
    value = Personal(WRITTEN)
    with caplog.at_level(logging.INFO):
        logging.getLogger(__name__).info("%s %r %s", value, value, {"whose": value})

    shown = [str(value), repr(value), f"{value}", f"{value:>40}", str([value]), str({value: value})]

    assert not any(WRITTEN in each for each in [*shown, caplog.text])
    assert value.reveal() == WRITTEN


def test_no_encoder_takes_it_unasked() -> None:
    for encode in (json.dumps, orjson.dumps, pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            encode({"value": Personal(WRITTEN)} if encode is not copy.copy else Personal(WRITTEN))


def test_it_stays_wrapped_in_a_model_and_is_masked_in_json() -> None:
    card = Card.model_validate({"name": WRITTEN, "email": "wulan@contoh.id"})

    assert card.model_dump()["name"] == PersonName(WRITTEN)
    assert (
        card.model_dump_json() == f'{{"name":"W{HIDDEN} P{HIDDEN}","email":"w{HIDDEN}@contoh.id"}}'
    )
    assert WRITTEN not in repr(card)
    assert card.model_copy(deep=True) == card


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    for kind in (PersonName, EmailAddress, BirthDate, Sex, PostalAddress):
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(kind).validate_python(f"{WRITTEN}\u202e")

        assert WRITTEN not in refused.value.errors(include_input=False)[0]["msg"]


@given(st.text(min_size=1, max_size=140))
def test_a_name_is_read_the_same_again(text: str) -> None:
    try:
        name = PersonName.parse(text)
    except ValueError:
        return

    assert PersonName.parse(name.reveal()) == name
    assert len(name.masked().split()) == len(name.reveal().split())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PersonName, " \t "),
        (PersonName, "a" * 121),
        (PersonName, "a\x00b"),
        (PersonName, 7),
        (PostalAddress, "a" * 301),
        (EmailAddress, "wulan"),
        (EmailAddress, "wulan@contoh"),
        (EmailAddress, "wulan@@contoh.id"),
        (EmailAddress, f"wulan@{'a' * 250}.id"),
        (BirthDate, "1987-5-5"),
        (BirthDate, "19870505"),
        (BirthDate, "1987-02-30"),
        (BirthDate, "1987-05-05T00:00:00"),
        (BirthDate, "\u0661\u0669\u0668\u0667-05-05"),
        (BirthDate, "1899-12-31"),
        (BirthDate, "9999-12-31"),
        (Sex, "P"),
    ],
)
def test_what_is_no_such_thing_is_refused(kind: type[Personal], text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


def test_each_kind_shows_as_much_as_it_may() -> None:
    assert BirthDate("1987-05-05").masked() == "1987-**-**"
    assert Sex("female").masked() == HIDDEN
    assert PostalAddress("Jalan Percobaan 1").masked() == HIDDEN
    assert EmailAddress("wulan@contoh.id").masked() == f"w{HIDDEN}@contoh.id"


def test_equal_texts_of_different_kinds_are_different() -> None:
    assert PersonName("a") == PersonName("a")
    assert PersonName("a") != PostalAddress("a")
    assert len({PersonName("a"), PersonName("a"), PostalAddress("a")}) == 2


def test_the_schema_tells_what_is_sent_and_that_what_is_shown_is_a_text() -> None:
    sent = TypeAdapter(PersonName).json_schema()
    shown = TypeAdapter(PersonName).json_schema(mode="serialization")

    assert sent == {"type": "string", "minLength": 1, "maxLength": 120}
    assert shown == {"type": "string"}
