"""What a piece of text must be before anything else looks at it."""

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Fillers of Hangul and the empty Braille cell: letters or signs by category, and never seen."""
_MOST_MARKS: Final = 4
"""Marks that a letter may carry; no script of Indonesia, Javanese among them, stacks more."""


def clean(value: str) -> str:
    """Trim, fold inner white space and compose (NFC).

    Raises ValueError when a character has no place in a name: controls (NUL among them), lone
    surrogates, private or unassigned code points, and marks that reverse the reading direction.
    """
    text = " ".join(value.split())
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    if any(c in _BIDI_CONTROLS or unicodedata.category(c) in _REFUSED_CATEGORIES for c in text):
        raise _characters()
    return text


def legible(text: str) -> str:
    """Let clean text pass whose every character is seen, and which is more than accents.

    Raises ValueError for zero-width and other invisible characters, for more than four marks on
    one letter, and for text that has marks and nothing to carry them.
    """
    if text.isascii():
        return text
    marks = seen = 0
    for character in text:
        category = unicodedata.category(character)
        if category == "Cf" or character in _INVISIBLE_LETTERS:
            raise _characters()
        marks = marks + 1 if category[0] == "M" else 0
        seen += category[0] not in "MZ"
        if marks > _MOST_MARKS:
            raise PydanticCustomError("text_marks", "A letter carries too many accents")
    if text and not seen:
        raise PydanticCustomError("text_marks", "Write letters, not accents alone")
    return text


def named(text: str) -> str:
    """Let text pass that can be read out as a name. Raises ValueError without letter or digit."""
    if text and not any(unicodedata.category(character)[0] in "LN" for character in text):
        raise PydanticCustomError("text_without_letters", "A name has a letter or a digit")
    return text


def measured(shortest: int, longest: int) -> AfterValidator:
    """Require a length in characters; to stand after `clean`, which may change it."""

    def check(text: str) -> str:
        if len(text) < shortest:
            raise PydanticCustomError("text_missing", "Something must be written here")
        if len(text) > longest:
            context = {"longest": longest}
            raise PydanticCustomError("text_too_long", "At most {longest} characters", context)
        return text

    return AfterValidator(check)


def text_schema(shortest: int, longest: int) -> WithJsonSchema:
    """Say in JSON Schema what `measured` requires."""
    return WithJsonSchema({"type": "string", "minLength": shortest, "maxLength": longest})


def _characters() -> PydanticCustomError:
    return PydanticCustomError(
        "text_characters", "It has a character that cannot be stored or shown"
    )


Line = Annotated[str, AfterValidator(clean), AfterValidator(legible)]
"""One line of clean text that can be seen."""
