"""The command shows what runs and what happens, to people and to programs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from tests.support.launched import in_time

runner = CliRunner()
PATCHED = (
    "import sys; from pathlib import Path; from deploy.cli import events;"
    "from deploy.cli.main import app; events.HOME = Path(sys.argv.pop(1)); app()"
)


@pytest.mark.usefixtures("here")
def test_doctor_finds_a_healthy_ecosystem_healthy() -> None:
    answer = runner.invoke(app, ["doctor", "--json"])

    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["healthy"]) == (0, True)
    assert told["parts"]["kafka"]["version"] == "4.3.1"
    assert told["parts"]["postgresql"]["version"].startswith("18.")
    assert set(told["services"]) == {"registry", "mentoring", "partners", "facilities"}
    for service in told["services"].values():
        assert service["up"]
        assert service["undelivered"] >= 0
        assert service["log_age_s"] >= 0
        assert service["worker_up"]
        assert service["held"] == {}
    assert in_time(_something_was_delivered, 20)
    assert set(told["services"]["registry"]["copies"]) == {"facilities.tenancy.v1"}
    for name in ("mentoring", "partners", "facilities"):
        copies = told["services"][name]["copies"]
        assert set(copies) >= {"registry.unit.v1", "registry.enterprise.v1"}
        assert all(lag >= 0 for lag in copies.values())
        assert told["services"][name]["copies_lag_s"].keys() == copies.keys()


def _something_was_delivered() -> bool:
    """Whether doctor tells how long the registry's last events were on their way."""
    told = json.loads(runner.invoke(app, ["doctor", "--json"]).stdout)
    lag = told["services"]["registry"]["delivery_lag_s"]
    return lag is not None and 0 <= lag < 60


@pytest.mark.usefixtures("here")
def test_doctor_shows_a_table_to_people() -> None:
    answer = runner.invoke(app, ["doctor"])

    assert "age of" in answer.stdout
    assert "lag of" in answer.stdout
    assert "held" in answer.stdout
    assert "facilities" in answer.stdout


def tail(home: Path, *words: str) -> list[str]:
    """Run the command as a program does and take its first hundred lines."""
    command = [sys.executable, "-c", PATCHED, str(home), "events", "tail", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        lines = [running.stdout.readline().rstrip("\n") for _ in range(100)]
        running.kill()
    return lines


def test_events_from_the_beginning_are_one_json_object_a_line(here: Path) -> None:
    lines = [json.loads(line) for line in tail(here, "registry.unit", "--from-beginning", "--json")]

    assert len({line["key"] for line in lines}) == 100
    assert {line["type"] for line in lines} == {"id.sinergi.registry.unit.opened.v1"}
    assert all(line["data"]["id"] == line["key"] for line in lines)


def test_events_are_readable_lines_for_people(here: Path) -> None:
    lines = tail(here, "registry.enterprise.v1", "--from-beginning")

    assert all("enterprise registered" in line for line in lines)


def test_who_has_seen_enough_events_may_leave_without_a_word(here: Path) -> None:
    for form in ([], ["--json"]):
        command = [sys.executable, "-c", PATCHED, str(here), "events", "tail", "registry.unit"]
        with subprocess.Popen(  # noqa: S603 (our own words)
            [*command, "--from-beginning", *form], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            running.stdout.close()
            assert running.stderr is not None
            said = running.stderr.read()

        assert (running.returncode, said) == (0, b"")


@pytest.mark.usefixtures("here")
def test_one_command_sends_every_event_again() -> None:
    answer = runner.invoke(app, ["events", "republish", "--service", "facilities"])

    told = re.search(r"facilities: ([\d,]+) events are on Kafka again", answer.stdout)
    assert answer.exit_code == 0, answer.output
    assert told is not None
    assert int(told[1].replace(",", "")) > 0


@pytest.mark.usefixtures("here")
def test_who_names_no_service_of_ours_is_told_which_there_are() -> None:
    answer = runner.invoke(app, ["events", "republish", "--service", "warehouse"])

    assert answer.exit_code == 1
    assert "registry, mentoring, partners, facilities" in " ".join(answer.output.split())
