"""What a topic carries holds nothing personal, by its types."""

import types
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared.events import STATES, State, TradeName
from shared.events.audit import Sha256
from shared.events.state import KbliPrefix, ShortCode
from shared.indonesia.codes import KbliShape, RegionShape, VillageShape

CODES = (KbliPrefix, KbliShape, RegionShape, Sha256, ShortCode, VillageShape)
PLAIN = (UUID, bool, int, float, Decimal, date, datetime)


def fields_that_may_not_be(state: type[BaseModel]) -> set[str]:
    """The fields that could hold free text, and with it something personal."""
    hints = get_type_hints(state, include_extras=True)
    return {name for name in state.model_fields if not _allowed(hints[name])}


def _allowed(hint: object) -> bool:
    origin = get_origin(hint)
    if hint == TradeName or hint in CODES or hint in PLAIN or origin is Literal:
        return True
    if origin in (types.UnionType, Union, tuple, list):
        inner = [each for each in get_args(hint) if each not in (type(None), Ellipsis)]
        return all(_allowed(each) for each in inner)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return not fields_that_may_not_be(hint)
    return isinstance(hint, type) and issubclass(hint, Enum)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.topic)
def test_a_topic_has_no_place_for_anything_personal(state: type[State]) -> None:
    assert fields_that_may_not_be(state) == set()


class PlantedInside(BaseModel):
    note: str


def test_a_field_of_free_text_is_found_wherever_it_hides() -> None:
    class Planted(State):
        topic: ClassVar[str] = "registry.planted.v1"
        verbs: ClassVar[frozenset[str]] = frozenset({"planted"})

        minutes: str
        notes: tuple[str, ...]
        remark: str | None
        anything: Any
        by_name: dict[str, str]
        kbli: KbliShape | None
        names: list[TradeName]
        inner: PlantedInside

    found = fields_that_may_not_be(Planted)

    assert found == {"minutes", "notes", "remark", "anything", "by_name", "inner"}
