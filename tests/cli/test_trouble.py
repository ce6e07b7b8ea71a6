"""What goes wrong on the other side is said in one sentence, without a trace of the program."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.local.checkout import Running, the_only_one

runner = CliRunner()


class Registry(BaseHTTPRequestHandler):
    """A registry that takes every file and tells of it what the test wants."""

    job: ClassVar[dict[str, object]] = {}

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(202)
        self.send_header("location", "/job")
        self.send_header("content-length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        if self.path != "/job":
            self.close_connection = True  # without an answer
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.job).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(home: Path, url: str) -> Iterator[None]:
    sources = {"postgresql": "given", "kafka": "given"}
    with the_only_one(home):
        Running(1, 1, "one", url, "", "127.0.0.1:1", {}, sources).write(home)
        yield


@pytest.fixture
def registry(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Registry]]:
    numbers = dict.fromkeys(("rows_done", "accepted", "known", "rejected"), 0)
    job = {"status": "done", "bytes_total": 1, "bytes_done": 1, **numbers}
    monkeypatch.setattr(Registry, "job", job)
    with HTTPServer(("127.0.0.1", 0), Registry) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with running(home, f"http://127.0.0.1:{server.server_port}"):
            yield Registry
        server.shutdown()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ours.csv"
    file.write_text("a")
    return file


@pytest.mark.usefixtures("registry")
def test_a_proxy_of_the_environment_is_not_asked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert runner.invoke(app, ["import", str(file)]).exit_code == 0


def test_an_import_that_failed_is_said_to_have_failed(registry: type[Registry], file: Path) -> None:
    registry.job["status"] = "failed"

    answer = runner.invoke(app, ["import", str(file)])

    assert answer.exit_code == 1
    assert "The import failed" in answer.stderr


def test_a_report_that_breaks_off_is_said_to_be_missing(
    registry: type[Registry], file: Path
) -> None:
    registry.job["rejected"] = 1

    answer = runner.invoke(app, ["import", str(file)])

    assert answer.exit_code == 1
    assert "import again" in answer.stderr


def test_events_of_a_kafka_that_does_not_answer_are_not_waited_for(home: Path) -> None:
    with running(home, ""):
        answer = runner.invoke(app, ["events", "tail", "registry.unit"])

    assert answer.exit_code == 1
    assert "Kafka does not answer" in answer.stderr
