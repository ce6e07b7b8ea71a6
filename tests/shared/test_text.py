"""Text is clean before it is measured, and clean text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.events.state import TradeName

_NAMES: TypeAdapter[str] = TypeAdapter(TradeName)
_GROWS = "\u0958"
"""Composing (NFC) makes two characters of this one."""


@given(st.text(max_size=140))
def test_what_is_accepted_once_is_accepted_again_unchanged(text: str) -> None:
    try:
        name = _NAMES.validate_python(text)
    except ValidationError:
        return

    assert _NAMES.validate_python(name) == name
    assert 1 <= len(name) <= 120


@pytest.mark.parametrize("text", [_GROWS * 61, "\u001c", " \t ", "a" * 121])
def test_the_length_is_that_of_the_clean_text(text: str) -> None:
    with pytest.raises(ValidationError):
        _NAMES.validate_python(text)


def test_a_name_may_be_as_long_as_the_schema_says() -> None:
    schema = _NAMES.json_schema()

    assert (schema["minLength"], schema["maxLength"]) == (1, 120)
    assert _NAMES.validate_python("a" * 120) == "a" * 120
