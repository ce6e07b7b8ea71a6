"""Code types: each refusal has its stable name, and a good code comes out in its one form."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.indonesia import codes, kbli


def refusal_of(code_type: Any, value: object) -> str:  # noqa: ANN401 (an Annotated form has no type)
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(code_type).validate_python(value)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize("code_type", [codes.VillageCode, codes.VillageShape])
@pytest.mark.parametrize("written", ["35.79.01.1001", "3579011001"])
def test_a_village_is_kept_with_dots(code_type: Any, written: str) -> None:  # noqa: ANN401
    assert TypeAdapter(code_type).validate_python(written) == "35.79.01.1001"


def test_a_contract_reads_a_village_that_this_edition_does_not_know() -> None:
    assert TypeAdapter(codes.VillageShape).validate_python("99.99.99.2999") == "99.99.99.2999"


@pytest.mark.parametrize(
    ("code_type", "value", "name"),
    [
        (codes.VillageCode, "35.79", "village_shape"),
        (
            codes.VillageCode,
            "\u0663\u0665.\u0667\u0669.\u0660\u0661.\u0661\u0660\u0660\u0661",
            "village_shape",
        ),
        (codes.VillageCode, "35.79.01.1001 ", "village_shape"),
        (codes.VillageCode, "35.79.01.1999", "village_unknown"),
        (codes.VillageCode, "3173080003", "village_unknown"),
        (codes.VillageCode, 3579011001, "string_type"),
        (codes.VillageCode, b"3579011001", "string_type"),
        (codes.RegionCode, "357", "region_shape"),
        (codes.RegionCode, "35.70", "region_unknown"),
        (codes.KbliCode, "1079", "kbli_shape"),
        (codes.KbliCode, "\u0661\u0660\u0667\u0669\u0664", "kbli_shape"),
        (codes.KbliCode, "C1079", "kbli_shape"),
        (codes.KbliCode, "10.79", "kbli_shape"),
        (codes.KbliCode, "10794\n", "kbli_shape"),
        (codes.KbliCode, "04111", "kbli_unknown"),
        (codes.KbliCode, 10794, "string_type"),
    ],
)
def test_a_bad_code_is_refused_by_name(code_type: Any, value: object, name: str) -> None:  # noqa: ANN401
    assert refusal_of(code_type, value) == name


def test_a_refusal_says_what_is_right_and_not_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(codes.VillageCode).validate_python("secret")

    assert refused.value.errors()[0]["msg"] == codes.REFUSALS["village_shape"]


def test_the_published_schema_has_the_dotted_form_and_the_request_both() -> None:
    village = TypeAdapter(codes.VillageCode)

    sent, published = village.json_schema(), village.json_schema(mode="serialization")

    assert published["pattern"] == r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$"
    assert "[0-9]{10}" in sent["pattern"]


def test_the_list_of_2020_has_88_divisions() -> None:
    assert len(kbli.DIVISIONS) == 88
    assert kbli.DIVISIONS.isdisjoint({"00", "04", "34", "40", "44", "48", "54", "57", "67"})
    assert kbli.DIVISIONS.isdisjoint({"76", "83", "89"})


def test_a_code_belongs_to_the_division_of_its_first_two_digits() -> None:
    assert kbli.division("10794") == "10"
    assert kbli.division("83000") is None
    assert kbli.division("107") is None
