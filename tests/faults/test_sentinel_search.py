"""The search for a person's data finds it however it is written.

`tests/faults/test_sentinels.py` rests on it: one that never finds anything proves nothing.
"""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.support.sentinels import SENTINELS, Sentinel, found_in, found_in_files

FORMS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "small letters": lambda text: text.lower().encode(),
    "UTF-16LE": lambda text: text.encode("utf-16-le"),
    "JSON": lambda text: json.dumps(text).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "capital hex": lambda text: text.encode().hex().upper().encode(),
    "URL": lambda text: quote(text).encode(),
    "form": lambda text: quote_plus(text).encode(),
    "Base64": lambda text: base64.b64encode(text.encode()),
    "Base64 after one byte": lambda text: base64.b64encode(b"?" + text.encode() + b"?"),
    "Base64 after two bytes": lambda text: base64.b64encode(b"??" + text.encode() + b"?"),
    "Base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()),
}
INNOCENT = b"\x00\xffold new\xff\x00 Keripik Apel Panderman, 35.79.01.1001, 1961, 081290"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sentinel", SENTINELS, ids=lambda each: each.kind)
def test_a_planted_value_is_found_in_every_form(sentinel: Sentinel, form: str) -> None:
    planted = INNOCENT + FORMS[form](sentinel.text) + INNOCENT

    assert any(found.startswith(f"{sentinel.kind} as ") for found in found_in(planted))
    assert found_in(INNOCENT) == set()


@pytest.mark.parametrize("sentinel", SENTINELS, ids=lambda each: each.kind)
def test_a_value_is_found_in_a_large_file_with_a_hole(sentinel: Sentinel, tmp_path: Path) -> None:
    with (tmp_path / "segment").open("wb") as file:
        file.seek(5_000_000)
        file.write(bytes(16 * 1024 * 1024 - 4) + sentinel.text.encode())  # across two pieces
        file.truncate(60_000_000)

    assert any(found.endswith(" in segment") for found in found_in_files(tmp_path))


def test_a_value_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / SENTINELS[0].text).touch()

    assert list(found_in_files(tmp_path)) != []
