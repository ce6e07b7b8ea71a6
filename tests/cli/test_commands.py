"""The command helps who is lost, refuses in one sentence, and changes nothing without asking."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.containers import volume_mark
from deploy.local.issuer import Issuer
from deploy.local.personas import PERSONAS

COMMANDS = (
    ["up"],
    ["down"],
    ["reset"],
    ["doctor"],
    ["token"],
    ["import"],
    ["events", "tail"],
    ["demo", "generate"],
)

runner = CliRunner()


def test_help_names_every_verb() -> None:
    answer = runner.invoke(app, ["--help"])

    assert answer.exit_code == 0
    assert all(f" {words[0]} " in answer.output for words in COMMANDS)


@pytest.mark.parametrize("words", COMMANDS[:-1], ids=" ".join)
def test_the_help_of_every_verb_teaches_with_an_example(words: list[str]) -> None:
    answer = runner.invoke(app, [*words, "--help"])

    assert answer.exit_code == 0
    assert f"sinergi {' '.join(words)}" in answer.output.split("Try it:")[1]


def test_help_does_not_load_the_services() -> None:
    question = "import sys, deploy.cli.main; print({'sqlalchemy', 'fastapi'} & set(sys.modules))"

    answer = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", question], capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "set()"


def test_a_token_stands_alone_on_standard_output(home: Path) -> None:
    answer = runner.invoke(app, ["token", "--as", "consultant"])

    issuer = Issuer("http://127.0.0.1:8080", home)
    claims = jwt.decode(answer.stdout.strip(), issuer.public_key, algorithms=["ES256"]).claims
    assert claims["grants"] == [
        {"role": "consultant", "scope": PERSONAS["consultant"].granted_scope}
    ]
    assert answer.stderr == ""


def test_an_unknown_persona_is_refused_with_the_known_ones(home: Path) -> None:
    answer = runner.invoke(app, ["token", "--as", "somebody"])

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert all(known in answer.stderr for known in PERSONAS)
    assert not home.exists()


def test_an_unknown_topic_is_refused_with_the_known_ones(home: Path) -> None:
    answer = runner.invoke(app, ["events", "tail", "registry.unicorn"])

    assert answer.exit_code == 1
    assert "registry.enterprise.v1" in answer.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    "words", [["doctor"], ["import", __file__], ["events", "tail", "registry.unit"]], ids=str
)
def test_where_nothing_runs_a_command_says_how_to_start_it(home: Path, words: list[str]) -> None:
    answer = runner.invoke(app, words)

    assert answer.exit_code == 1
    assert "make up" in answer.stderr
    assert not home.exists()


def test_down_where_nothing_runs_is_no_failure(home: Path) -> None:
    answer = runner.invoke(app, ["down"])

    assert (answer.exit_code, home.exists()) == (0, False)


@pytest.fixture
def starting(home: Path) -> Iterator[Path]:
    """A folder whose lock is taken by somebody who has not said anything yet."""
    home.mkdir()
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


@pytest.mark.usefixtures("starting")
@pytest.mark.parametrize(
    "words",
    [["doctor"], ["down"], ["import", __file__], ["events", "tail", "registry.unit"]],
    ids=str,
)
def test_while_it_is_starting_a_command_says_so(words: list[str]) -> None:
    answer = runner.invoke(app, words)

    assert answer.exit_code == 1
    assert "starting" in answer.stderr
    assert "try again" in answer.stderr


def test_reset_asks_and_then_throws_everything_away(home: Path) -> None:
    (home / "kafka").mkdir(parents=True)

    asked = runner.invoke(app, ["reset"], input="n\n")
    kept = home.exists()
    done = runner.invoke(app, ["reset"], input="y\n")

    assert (asked.exit_code, kept) == (1, True)
    assert (done.exit_code, home.exists()) == (0, False)


def test_reset_lets_run_what_runs_until_it_is_told_yes(here: Path) -> None:
    answer = runner.invoke(app, ["reset"], input="n\n")

    assert answer.exit_code == 1
    assert (here / "run.json").exists()


def test_reset_says_which_data_it_did_not_touch(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    monkeypatch.setenv("SINERGI_KAFKA", "127.0.0.1:1")

    answer = runner.invoke(app, ["reset", "--yes"])

    assert "What the server of SINERGI_KAFKA keeps was not touched." in answer.stdout
    assert not home.exists()


def test_reset_keeps_the_way_to_volumes_that_it_cannot_remove(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = volume_mark(home, "kafka")
    mark.parent.mkdir(parents=True)
    mark.touch()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{home}/nobody")

    answer = runner.invoke(app, ["reset", "--yes"])

    assert answer.exit_code == 1
    assert "none answers" in answer.stderr
    assert mark.exists()


@pytest.mark.parametrize("words", [["up"], ["token", "--as", "ministry"]], ids=" ".join)
def test_a_folder_that_cannot_be_written_is_one_plain_sentence(
    home: Path, words: list[str]
) -> None:
    home.write_text("a file where the folder should be")

    answer = runner.invoke(app, words)

    assert answer.exit_code == 1
    assert answer.stderr.startswith("✘ This folder cannot be used: ")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.usefixtures("home")
def test_what_people_write_is_shown_as_they_wrote_it() -> None:
    answer = runner.invoke(app, ["events", "tail", "[red]x[/nosuch] :cat: \\"])

    assert answer.exit_code == 1
    assert "[red]x[/nosuch] :cat: " in answer.stderr
