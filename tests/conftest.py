"""What every test gets: a silent log, no network, no keyring, and databases of both kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Before anything imports Qt or keyring: no window of a test may depend on, or touch, the desktop of whoever runs it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

import pytest
from hypothesis import settings

from tests.helpers.logfail import watched_log
from tests.helpers.loopback import only_loopback
from tests.helpers.postgres import PostgresMissing, PostgresServer, running_server

pytest_plugins = ["pytester"]


# A property is about values: how long an example takes depends on what else the machine does.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "allow_log(*patterns): regular expressions of log lines '<logger>:<LEVEL>:<message>' this test provokes",
    )


@pytest.fixture(autouse=True)
def silent_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test when something logged WARNING or worse that ``@pytest.mark.allow_log`` did not name."""
    allowed = tuple(str(pattern) for mark in request.node.iter_markers("allow_log") for pattern in mark.args)
    with watched_log(allowed) as log:
        yield
    if log.lines:
        pytest.fail("unexpected log lines (allow_log names expected ones):\n" + "\n".join(log.lines), pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuses connections that leave this machine."""
    with only_loopback():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this test process (each xdist worker has its own); started by the first test that needs it."""
    try:
        with running_server() as server:
            yield server
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The server's own database: for tests that make their databases themselves."""
    return postgres_server.url()


@pytest.fixture
def postgres_database_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A new, empty PostgreSQL database for this test."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database for this test, once of each kind (SQLAlchemy's address)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'labdesk.db'}"
    return str(request.getfixturevalue("postgres_database_url"))
