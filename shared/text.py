"""What a piece of text must be before anything else looks at it."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})


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
        message = "contains a character that cannot be stored or shown"
        raise ValueError(message)
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


Line = Annotated[str, AfterValidator(clean)]
"""One line of clean text."""
