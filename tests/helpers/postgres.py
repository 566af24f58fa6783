"""A throw-away PostgreSQL server for one test process: private socket folder, nothing on the network, nothing flushed to disk."""

from __future__ import annotations

import ctypes
import glob
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
_SMALL = ("shared_buffers=32MB", "max_connections=60", "autovacuum=off", "logging_collector=off")
_START_TRIES = 400
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class PostgresMissing(Exception):
    """PostgreSQL's programs are not on this machine; the text says how to get them."""


def find_binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``, the newest version first.

    Raises:
        PostgresMissing: there is none.
    """
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[-2]), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*versions, *([str(Path(on_path).resolve().parent)] if on_path else [])]:
        if (Path(folder) / "initdb").exists() and (Path(folder) / "postgres").exists():
            return Path(folder)
    raise PostgresMissing(
        "These tests need PostgreSQL's server programs and found none under /usr/lib/postgresql or on PATH: "
        "call `make test`, which installs them, or install the package postgresql."
    )


class PostgresServer:
    """One running server. Addresses are SQLAlchemy's: ``postgresql+psycopg://postgres@/<database>?host=<folder>``."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self._process = process
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    def url(self, database: str = "postgres") -> str:
        """The address of ``database``."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def execute(self, statement: str) -> None:
        """Runs one statement outside a transaction, as the server's owner."""
        with psycopg.connect(f"host={self._folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def template(self, name: str, build: Callable[[str], object]) -> str:
        """A database that ``build(url)`` fills once; later calls with this name reuse it. It must leave no connection open."""
        if name not in self._templates:
            database = f"template_{len(self._templates) + 1}"
            self.execute(f"CREATE DATABASE {database}")
            build(self.url(database))
            self._templates[name] = database
        return self._templates[name]

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a new database, copied from ``template`` and dropped afterwards, open connections or not."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def is_ready(self) -> bool:
        """Whether the server answers."""
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A new server on a new data folder; both are gone afterwards. When this process is killed, the server stops, its folder stays."""
    binaries = find_binaries()
    # Socket paths are limited to about 100 bytes, and the server's user must be able to enter every parent: hence /tmp.
    folder = Path(tempfile.mkdtemp(prefix="labdesk-pg-", dir="/tmp" if os.path.isdir("/tmp") else None))
    try:
        owner = _give_to_server_user(folder)
        _make_cluster(binaries, folder, owner)
        process = _start(binaries, folder, owner)
        try:
            server = PostgresServer(folder, process)
            _wait(server, process, folder)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_to_server_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then the user ``postgres`` owns the folder. Returns Popen's arguments for it."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _make_cluster(binaries: Path, folder: Path, owner: dict[str, Any]) -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    done = subprocess.run(
        [*command, "--locale=C", "--no-sync"], cwd=folder, env=_environment(), capture_output=True, text=True, **owner
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def _start(binaries: Path, folder: Path, owner: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = [
        *_SPEED,
        *_SMALL,
        "listen_addresses=",
        f"unix_socket_directories={folder}",
        "unix_socket_permissions=0700",
    ]
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    for setting in settings:
        command += ["-c", setting]
    with open(folder / "server.log", "wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            **owner,
        )


def _environment() -> dict[str, str]:
    """The server is not told about this machine's language or other PostgreSQL settings."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGQUIT)


def _wait(server: PostgresServer, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(_START_TRIES):
        if server.is_ready():
            return
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'server.log').read_text(errors='replace')}")
