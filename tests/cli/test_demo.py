"""`sinergi demo generate`: files that say exactly what is wrong with them, and are repeatable."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.demo import app
from deploy.cli.demo.defects import CODES
from deploy.cli.demo.generation import Planted
from services.registry.ids import unit_id
from services.registry.rows import Defect, Layout, Row, read_row
from services.registry.sample_rows import rows, units
from shared.indonesia import kbli, regions

UNITS = [unit.region_code for unit in units()]


def generate(file: Path, *options: str) -> Any:  # noqa: ANN401 (typer gives it no type)
    return CliRunner().invoke(app, ["generate", "--out", str(file), *options])


def planted_in(file: Path) -> set[Planted]:
    with file.with_suffix(".defects.csv").open(encoding="utf-8", newline="") as lines:
        return {
            Planted(int(each["line"]), each["field"], each["code"])
            for each in csv.DictReader(lines)
        }


def found_by_the_importer(file: Path) -> tuple[list[Row], set[Planted]]:
    header, *lines = file.read_bytes().splitlines(keepends=True)
    layout = Layout.of(header)
    known = {code: unit_id(code) for code in UNITS}
    good: dict[object, Row] = {}
    defects = set()
    for number, line in enumerate(lines, start=2):
        read = read_row(layout, number, line, known)
        if isinstance(read, Defect):
            defects.add(Planted(read.line, read.field, read.code))
        elif isinstance(read, Row) and read.enterprise_id in good:
            defects.add(Planted(read.line, "", "duplicate_row"))
        elif isinstance(read, Row):
            good[read.enterprise_id] = read
    return list(good.values()), defects


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_importer_finds_exactly_the_planted_defects(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "kumkm.csv"

    finished = generate(file, "--rows", "5000", "--defects", "600", "--delimiter", delimiter)

    good, defects = found_by_the_importer(file)
    assert finished.exit_code == 0, finished.output
    assert defects == planted_in(file)
    assert Counter(defect.code for defect in defects) == dict.fromkeys(CODES, 50)
    assert len(good) == 5000 - 600


def test_every_defect_is_planted_from_a_dozen_on(tmp_path: Path) -> None:
    file = tmp_path / "kumkm.csv"

    generate(file, "--rows", "13", "--defects", "12")

    assert {defect.code for defect in planted_in(file)} == set(CODES)


def test_one_row_in_a_hundred_is_bad_unless_told(tmp_path: Path) -> None:
    file = tmp_path / "kumkm.csv"

    generate(file, "--rows", "350")

    assert len(planted_in(file)) == 3
    assert len(file.read_bytes().splitlines()) == 351


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    first, same, other = (tmp_path / name for name in ("first.csv", "same.csv", "other.csv"))

    for file, seed in ((first, "7"), (same, "7"), (other, "8")):
        generate(file, "--rows", "500", "--defects", "60", "--seed", seed)

    assert first.read_bytes() == same.read_bytes()
    assert planted_in(first) == planted_in(same)
    assert first.read_bytes() != other.read_bytes()


def test_a_longer_file_begins_like_a_shorter_one() -> None:
    assert list(rows(50, 3, UNITS)) == list(rows(500, 3, UNITS))[:50]


@pytest.mark.parametrize("options", [["--rows", "0"], ["--rows", "5", "--defects", "5"]])
def test_an_impossible_wish_is_refused_in_a_sentence(tmp_path: Path, options: list[str]) -> None:
    finished = generate(tmp_path / "kumkm.csv", *options)

    assert finished.exit_code == 2
    assert "Invalid value" in finished.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    finished = generate(tmp_path / "absent" / "kumkm.csv", "--rows", "5")

    assert finished.exit_code == 2
    assert "No such file or directory" in finished.output


def test_rows_look_like_the_country() -> None:
    invented = list(rows(20_000, 5, UNITS))

    kinds = Counter(row.kind for row in invented)
    sizes = Counter(row.size_class for row in invented)
    at_home = sum(regions.region_contains(row.unit, row.village) for row in invented)
    assert len(set(invented)) == 20_000
    assert kinds["cooperative"] / 20_000 == pytest.approx(0.12, abs=0.01)
    assert sizes["mikro"] / 20_000 == pytest.approx(0.96, abs=0.01)
    assert sizes["menengah"] / 20_000 == pytest.approx(0.01, abs=0.005)
    assert 0.8 < at_home / 20_000 < 0.95
    assert all(regions.village(row.village) for row in invented[:2_000])
    assert {kbli.division(row.kbli) for row in invented}.isdisjoint({None})
    assert max(len(row.trade_name) for row in invented) <= 120


def test_the_hundred_units_are_26_provincial_and_74_local() -> None:
    levels = Counter(unit.level for unit in units())

    assert levels == {"province": 26, "regency": 74}
    assert len(set(UNITS)) == 100
    for unit in units():
        region = regions.region(unit.region_code)
        assert region is not None
        assert region.level == unit.level
