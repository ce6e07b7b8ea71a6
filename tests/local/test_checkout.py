"""One checkout runs one ecosystem, and everybody is told where it is."""

import fcntl
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from deploy.local.checkout import Running, held, holder, running, the_only_one, wished_port
from deploy.local.refusals import AlreadyRunning, CannotStart

HERE = Running(
    pid=1,
    port=8080,
    mode="one",
    url="http://127.0.0.1:8080",
    postgres="postgresql://postgres:secret@127.0.0.1:5432/postgres",
    kafka="127.0.0.1:9092",
    databases={"registry": "postgresql://registry:secret@127.0.0.1:5432/registry"},
    sources={"postgresql": "our own", "kafka": "our own"},
)


def test_a_second_start_says_in_one_sentence_that_it_runs(tmp_path: Path) -> None:
    with the_only_one(tmp_path):
        HERE.write(tmp_path)

        with pytest.raises(AlreadyRunning) as refusal, the_only_one(tmp_path):
            pass

    assert str(refusal.value) == (
        "Sinergi already runs in this folder at http://127.0.0.1:8080; `sinergi down` stops it."
    )


def test_what_runs_is_known_while_it_runs_and_not_after(tmp_path: Path) -> None:
    assert (running(tmp_path), held(tmp_path)) == (None, False)

    with the_only_one(tmp_path):
        HERE.write(tmp_path)
        holding = holder(tmp_path)
        assert (running(tmp_path), held(tmp_path)) == (HERE, True)

    assert holding is not None
    assert holding.pid == os.getpid()
    assert (running(tmp_path), held(tmp_path)) == (None, False)


@pytest.mark.parametrize(
    "text", ["", "0", "{}", "null", json.dumps({"pid": 0, "command": []}),
             json.dumps({"pid": os.getpid(), "command": ["postgres"]})],
    ids=["nothing", "a number", "no names", "null", "no process", "another command"],
)  # fmt: skip
def test_who_has_not_said_who_it_is_is_never_taken_for_another(tmp_path: Path, text: str) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(text)
        lock.flush()

        assert held(tmp_path)
        assert holder(tmp_path) is None


def test_who_only_looks_does_not_keep_anybody_from_starting(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.2, fcntl.flock, (looking, fcntl.LOCK_UN)).start()

        with the_only_one(tmp_path):
            assert held(tmp_path)


def test_what_a_killed_one_told_is_forgotten_by_the_next(tmp_path: Path) -> None:
    HERE.write(tmp_path)

    with the_only_one(tmp_path):
        assert running(tmp_path) is None


def test_only_its_owner_can_read_the_addresses(tmp_path: Path) -> None:
    HERE.write(tmp_path)

    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8080.5"])
def test_a_port_that_is_none_gives_one_plain_sentence(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("SINERGI_PORT", text)

    with pytest.raises(CannotStart, match="is not a port number"):
        wished_port()
