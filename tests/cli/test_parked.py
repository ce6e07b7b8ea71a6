"""An operator at the terminal finds what could not be taken, repairs it, or puts it aside."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.checkout import running

runner = CliRunner()
_DEAD = "0198c0de-0000-7000-8000-00000000dead"
_PARK = f"""
INSERT INTO parked_event (id, topic, partition, "offset", headers, data, state, error)
VALUES ('{_DEAD}', 'registry.unit.v1', 0, 7, '[]', '{{', 'dead', 'it is no event')
"""  # noqa: S608 (words of our own)


@pytest.fixture(autouse=True)
def dead(here: Path) -> Iterator[None]:
    """Something that mentoring could not take."""
    asyncio.run(_execute(here, _PARK))
    yield
    asyncio.run(_execute(here, "DELETE FROM parked_event"))


async def _execute(here: Path, statement: str) -> None:
    found = running(here)
    assert found is not None
    address = urlunsplit(urlsplit(found.postgres)._replace(path="/mentoring"))
    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


def parked(*words: str) -> str:
    """What the command says, which must succeed."""
    answer = runner.invoke(app, ["events", "parked", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_what_is_parked_is_listed_shown_and_exported() -> None:
    assert "it is no event" in parked("list")
    assert "partition 0, offset 7" in parked("show", "mentoring", "0198c0de")
    [line] = map(json.loads, parked("export", "--service", "mentoring").splitlines())
    assert (line["service"], line["data_base64"]) == ("mentoring", "ew==")
    assert "Nothing is parked." in parked("list", "--topic", "registry.enterprise.v1")


def test_a_browser_is_shown_what_is_parked_and_each_of_it(here: Path) -> None:
    found = running(here)
    assert found is not None
    address = f"{found.url}/operator/mentoring/parked-events"
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "id"}

    page = httpx.get(address, headers=browser, timeout=10)
    one = httpx.get(f"{address}/{_DEAD}", headers=browser, timeout=10)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "it is no event" in page.text
    assert f'href="parked-events/{_DEAD}"' in page.text
    assert one.json()["data_base64"] == "ew=="


def test_what_is_put_aside_says_why_and_is_brought_back_by_the_beginning_of_its_id() -> None:
    parked("skip", "mentoring", "0198c0de", "--reason", "INC-7")

    told = parked("list")
    assert "skipped" in told
    assert "INC-7" in told
    assert "mentoring: 1 will be taken up" in parked("retry", "--id", "0198c0de")


def test_what_is_retried_and_still_no_event_stays_dead(tmp_path: Path) -> None:
    assert "mentoring: 1 will be taken up" in parked("retry", "--service", "mentoring")

    repaired = tmp_path / "event.json"
    repaired.write_text("[]", encoding="utf-8")
    answer = runner.invoke(
        app, ["events", "parked", "edit", "mentoring", "0198c0de", str(repaired)]
    )
    assert answer.exit_code == 1
    assert "The event is no CloudEvent of version 1.0, in JSON." in answer.output


def test_the_doctor_tells_of_what_is_parked() -> None:
    told = json.loads(runner.invoke(app, ["doctor", "--json"]).stdout)

    assert told["services"]["mentoring"]["parked"]["dead"] == 1
    assert not any(told["services"]["registry"]["parked"].values())
    assert "1 dead" in runner.invoke(app, ["doctor"]).stdout


def test_what_is_wrong_with_a_word_is_said_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(b"\xff")

    by_id = runner.invoke(app, ["events", "parked", "retry", "--id", "0198c0df"])
    as_text = runner.invoke(app, ["events", "parked", "edit", "mentoring", _DEAD, str(file)])

    long_ago = runner.invoke(app, ["events", "parked", "retry", "--since", "0001-01-01"])

    assert (by_id.exit_code, as_text.exit_code, long_ago.exit_code) == (1, 1, 1)
    assert "0 parked events have an id that begins so" in by_id.output
    assert "No clock told of --since" in long_ago.output
    assert "is no text in UTF-8" in as_text.output
