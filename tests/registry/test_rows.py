"""Each line of a file is read, or the one thing that is wrong with it is named exactly."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.errors import FileUnreadable
from services.registry.ids import unit_id
from services.registry.import_report import shown
from services.registry.models import ImportRejection
from services.registry.rows import OPTIONAL, REQUIRED, Defect, Layout, Row, read_row
from shared.events.registry import Kind, SizeClass
from shared.web.languages import Language, preferred
from tests.support.builders import BATU, VILLAGE

UNITS = {BATU: unit_id(BATU)}
LAYOUT = Layout(",", (*REQUIRED, *OPTIONAL))
GOOD = {
    "unit": BATU,
    "kind": "enterprise",
    "trade_name": "Kripik Apel",
    "village": VILLAGE,
    "kbli": "10794",
    "size_class": "mikro",
    "reference": "A-1",
}


def line(**changes: str) -> bytes:
    """One line of a file, each cell changeable by name."""
    return (",".join((GOOD | changes).values()) + "\r\n").encode()


def read(raw: bytes, layout: Layout = LAYOUT) -> Row | Defect | None:
    """Read it as line 7."""
    return read_row(layout, 7, raw, UNITS)


def test_a_good_line_becomes_a_row() -> None:
    row = read(line(trade_name='"Kripik ""Apel"", Batu"', village="3579011001"))

    assert isinstance(row, Row)
    assert (row.line, row.unit_id, row.trade_name) == (7, UNITS[BATU], 'Kripik "Apel", Batu')
    assert (row.village_code, row.kbli, row.reference) == (VILLAGE, "10794", "A-1")


DEFECTS = {
    "unit_unknown": ("unit", line(unit="99.99")),
    "kind_unknown": ("kind", line(kind="Usaha")),
    "size_class_unknown": ("size_class", line(size_class="besar")),
    "trade_name_missing": ("trade_name", line(trade_name=" ")),
    "trade_name_too_long": ("trade_name", line(trade_name="a" * 121)),
    "trade_name_characters": ("trade_name", line(trade_name="Kopi \u202e")),
    "trade_name_letters": ("trade_name", line(trade_name="---")),
    "village_shape": ("village", line(village="35.79")),
    "village_unknown": ("village", line(village="35.79.01.9999")),
    "kbli_shape": ("kbli", line(kbli="1079")),
    "kbli_unknown": ("kbli", line(kbli="04000")),
    "reference_too_long": ("reference", line(reference="9" * 41)),
    "reference_characters": ("reference", line(reference="\u200f1")),
    "encoding": ("trade_name", line().replace(b"Apel", b"Ap\xe9l")),
    "columns": ("", line(reference="1,2")),
    "quote": ("", line(trade_name='"Kripik')),
    "line_too_long": ("", line(trade_name="a" * 10_000)),
}


@pytest.mark.parametrize("code", DEFECTS)
def test_each_defect_is_named_with_its_column(code: str) -> None:
    field, raw = DEFECTS[code]

    assert read(raw) == Defect(7, field, code)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r\n", b"  \n", b",,,,,,\n"])
def test_an_empty_line_is_no_row_and_no_defect(raw: bytes) -> None:
    assert read(raw) is None


@pytest.mark.parametrize("raw", [line() + b"\x00", line().replace(b"Apel", b"A\rb")])
def test_controls_inside_a_line_are_a_defect(raw: bytes) -> None:
    found = read(raw)

    assert isinstance(found, Defect)


def test_the_same_row_has_the_same_id_however_it_is_written() -> None:
    dotted, plain = read(line()), read(line(village=VILLAGE.replace(".", ""), unit=f" {BATU} "))
    other = read(line(reference="A-2"))

    assert isinstance(dotted, Row)
    assert isinstance(plain, Row)
    assert isinstance(other, Row)
    assert dotted.enterprise_id == plain.enterprise_id != other.enterprise_id


cells = st.one_of(
    st.sampled_from([*GOOD.values(), *get_args(Kind), *get_args(SizeClass), '"', '""', ";", ""]),
    st.text(max_size=15),
)


@given(st.lists(cells, max_size=9).map(lambda found: ",".join(found).encode(errors="replace")))
def test_no_line_of_cells_raises(raw: bytes) -> None:
    _is_read_or_explained(raw)


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw: bytes) -> None:
    _is_read_or_explained(raw)


def _is_read_or_explained(raw: bytes) -> None:
    for layout in (LAYOUT, Layout(";", REQUIRED), Layout("\t", REQUIRED)):
        found = read(raw, layout)
        if isinstance(found, Defect):
            _shown_in_both_languages(found)


def _shown_in_both_languages(defect: Defect) -> None:
    rejection = ImportRejection(
        import_id=UNITS[BATU], line=defect.line, field=defect.field, code=defect.code
    )
    languages: tuple[Language, ...] = ("id", "en")
    texts = {shown(rejection, language).reason for language in languages}
    assert len(texts) == 2


@pytest.mark.parametrize("code", [*DEFECTS, "unit_not_yours", "duplicate_row"])
def test_each_defect_has_a_reason_and_a_repair_in_two_languages(code: str) -> None:
    _shown_in_both_languages(Defect(7, "", code))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_first_line_tells_how_the_file_is_written(separator: str, start: str, end: str) -> None:
    names = ["Kind", '"unit"', " trade_name", "village", "kbli", "size_class", "reference"]

    layout = Layout.of((start + separator.join(names) + end).encode())

    assert layout.delimiter == separator
    assert layout.columns[:3] == ("kind", "unit", "trade_name")


@pytest.mark.parametrize(
    "first_line",
    [
        b"",
        b"unit,kind,trade_name,village,kbli\n",
        b"unit|kind|trade_name|village|kbli|size_class\n",
        b"unit,kind,trade_name,village,kbli,size_class,nik\n",
        b"unit,kind,trade_name,village,kbli,size_class,unit\n",
        b"\xff\xfeu\x00n\x00i\x00t\x00",
        line(),
    ],
    ids=["empty", "a column short", "other separator", "stranger", "twice", "UTF-16", "no header"],
)
def test_a_file_that_is_no_table_of_enterprises_is_refused(first_line: bytes) -> None:
    with pytest.raises(FileUnreadable) as caught:
        Layout.of(first_line)

    assert "nik" not in caught.value.detail


@given(st.binary(max_size=120))
def test_no_first_line_raises_anything_else(first_line: bytes) -> None:
    try:
        Layout.of(first_line)
    except FileUnreadable:
        return


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("", "en"), ("id", "id"), ("id-ID,en;q=0.5", "id"), ("fr, en-GB, id", "en"), ("*", "en")],
)
def test_the_report_is_in_the_language_that_is_wanted(wanted: str, language: str) -> None:
    assert preferred(wanted) == language
