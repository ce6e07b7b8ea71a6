"""A file is handed in, followed to its end, and what must be repaired is written beside it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app

pytestmark = pytest.mark.usefixtures("here")

runner = CliRunner()


def a_file(folder: Path, *, name: str) -> Path:
    """Two good rows and one with an unknown kind."""
    file = folder / "ours.csv"
    file.write_text(
        "unit,kind,trade_name,village,kbli,size_class\n"
        f"35,enterprise,{name} Satu,35.79.01.1001,10710,mikro\n"
        f"35,company,{name} Dua,35.79.01.1001,10710,mikro\n"
        f"35,cooperative,{name} Tiga,35.79.01.1001,10710,kecil\n"
    )
    return file


def test_rejected_rows_do_not_stop_an_import_and_are_reported(tmp_path: Path) -> None:
    file = a_file(tmp_path, name="Kopi")

    answer = runner.invoke(app, ["import", str(file)])

    assert answer.exit_code == 0, answer.output
    report = (tmp_path / "ours.csv.rejections.csv").read_text()
    assert len(report.splitlines()) == 2
    assert report.splitlines()[1].startswith("3,kind,")
    assert "1 rejected row" in answer.stdout


def test_the_same_file_again_does_nothing_twice(tmp_path: Path) -> None:
    file = a_file(tmp_path, name="Teh")

    first = runner.invoke(app, ["import", str(file)])
    second = runner.invoke(app, ["import", str(file)])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert "had been handed in before" in second.stdout


def test_who_may_not_import_is_told_so(tmp_path: Path) -> None:
    answer = runner.invoke(app, ["import", str(a_file(tmp_path, name="Susu")), "--as", "auditor"])

    assert answer.exit_code == 1
    assert "None of your roles allows this." in answer.stderr
