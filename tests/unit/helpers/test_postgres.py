"""The throw-away server: separate databases, templates, nothing on the network, a clear word when it is missing."""

from __future__ import annotations

import psycopg
import pytest

from tests.helpers import postgres
from tests.helpers.postgres import PostgresServer


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))


def test_each_test_has_a_database_of_its_own(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        with _connect(one) as connection:
            connection.execute("CREATE TABLE marks (name text)")
        with _connect(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM marks")


def test_a_template_is_built_once_and_copied(postgres_server: PostgresServer) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        with _connect(url) as connection:
            connection.execute("CREATE TABLE marks AS SELECT 'copied' AS name")

    for _ in range(2):
        with postgres_server.database(postgres_server.template("marks", build)) as url, _connect(url) as connection:
            assert connection.execute("SELECT name FROM marks").fetchall() == [("copied",)]
    assert len(built) == 1


def test_a_database_goes_even_with_a_connection_open(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        connection = _connect(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_the_server_listens_on_no_network_port(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url, _connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.glob, "glob", lambda pattern: [])
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    with pytest.raises(postgres.PostgresMissing, match="make test"):
        postgres.find_binaries()
