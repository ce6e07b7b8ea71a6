"""What is said to people in one language only, or in words that cannot be translated, is caught."""

import pytest

from tests.house.conftest import House

UNTRANSLATED = """
class Refusal(Exception):
    title = "Refused"

class Planted(Refusal):
    title = "Planted"

def plant() -> None:
    raise Planted("Say what to change.")

def plant_facts(most: int) -> None:
    raise Planted("At most {most}.", most=most)
"""
TRANSLATED = """
Refused = "Ditolak"
Planted = "Ditanam"
"Say what to change." = "Sebutkan apa yang diubah."
"At most {most}." = "Paling banyak {most}."
"""


async def test_a_sentence_in_one_language_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", UNTRANSLATED)

    alone = await bare_house.ask("sentences")
    bare_house.plant("shared/indonesian.toml", TRANSLATED)
    both = await bare_house.ask("sentences")

    assert not alone.passed
    place = "shared/planted.py:9: not in shared/indonesian.toml: Say what to change."
    assert place in alone.said
    assert both.passed, both.said


async def test_a_sentence_that_nobody_can_translate_is_caught(bare_house: House) -> None:
    bare_house.plant("shared/planted.py", UNTRANSLATED + 'Planted(f"At {most}.")\n')
    bare_house.plant("shared/indonesian.toml", TRANSLATED)

    outcome = await bare_house.ask("sentences")

    assert "shared/planted.py:13: write the sentence out" in outcome.said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{most}", "{least}", "the two languages name other facts: At most {most}."),
        ('"Say what', '"Ask what', "nobody says: Ask what to change."),
    ],
)
async def test_a_translation_of_something_else_is_caught(
    bare_house: House, old: str, new: str, said: str
) -> None:
    bare_house.plant("shared/planted.py", UNTRANSLATED)
    bare_house.plant("shared/indonesian.toml", new.join(TRANSLATED.rsplit(old, 1)))

    outcome = await bare_house.ask("sentences")

    assert not outcome.passed
    assert said in outcome.said
