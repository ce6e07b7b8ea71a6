"""Text is clean before it is measured, and clean text stays as it is."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, TypeAdapter, ValidationError

from shared.events.state import TradeName
from shared.text import Line, legible, named

_NAMES: TypeAdapter[str] = TypeAdapter(TradeName)
_GIVEN: TypeAdapter[str] = TypeAdapter(
    Annotated[TradeName, AfterValidator(legible), AfterValidator(named)]
)
_LINES: TypeAdapter[str] = TypeAdapter(Line)
_GROWS = "\u0958"
"""Composing (NFC) makes two characters of this one."""


@pytest.mark.parametrize("names", [_NAMES, _GIVEN])
@given(text=st.text(max_size=140))
def test_what_is_accepted_once_is_accepted_again_unchanged(
    names: TypeAdapter[str], text: str
) -> None:
    try:
        name = names.validate_python(text)
    except ValidationError:
        return

    assert names.validate_python(name) == name
    assert 1 <= len(name) <= 120


@pytest.mark.parametrize("text", [_GROWS * 61, "\u001c", " \t ", "a" * 121])
def test_the_length_is_that_of_the_clean_text(text: str) -> None:
    with pytest.raises(ValidationError):
        _NAMES.validate_python(text)


def test_a_name_may_be_as_long_as_the_schema_says() -> None:
    schema = _NAMES.json_schema()

    assert (schema["minLength"], schema["maxLength"]) == (1, 120)
    assert _NAMES.validate_python("a" * 120) == "a" * 120


UNSEEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\U000e0041", "\u3164"]


@pytest.mark.parametrize("character", UNSEEN)
def test_a_character_that_nobody_sees_is_refused(character: str) -> None:
    for text in (f"Kopi{character}Batu", character):
        with pytest.raises(ValidationError, match="text_characters"):
            _LINES.validate_python(text)


def test_a_letter_carries_as_many_marks_as_any_script_needs_and_no_more() -> None:
    assert _LINES.validate_python("x" + "\u0301" * 4) == "x" + "\u0301" * 4
    assert _LINES.validate_python("ꦥꦱꦂ ꦧꦠꦸ") == "ꦥꦱꦂ ꦧꦠꦸ"

    with pytest.raises(ValidationError, match="text_marks"):
        _LINES.validate_python("x" + "\u0301" * 5)


@pytest.mark.parametrize("text", ["\u0301\u0301\u0301", "\u0301 \u0301", "\u20dd"])
def test_marks_alone_are_no_text(text: str) -> None:
    with pytest.raises(ValidationError, match="text_marks"):
        _LINES.validate_python(text)


@pytest.mark.parametrize("text", ["---", "☕☕", "...", "%%%"])
def test_a_name_has_a_letter_or_a_digit(text: str) -> None:
    assert _LINES.validate_python(text) == text

    with pytest.raises(ValidationError, match="text_without_letters"):
        _GIVEN.validate_python(text)


@pytest.mark.parametrize("text", ["Kopi ☕️ Arjuno", "99", "ร้านกาแฟ", "Café №5", "Kedai 咖啡"])
def test_names_of_every_script_are_taken(text: str) -> None:
    assert _GIVEN.validate_python(text) == text
