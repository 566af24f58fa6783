"""Connections are what an administrator wrote; whatever a driver raises becomes one fault that concludes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labdesk.app.watching import ConfiguredQueries
from labdesk.domain.errors import EnvironmentFault


def test_a_query_on_a_configured_connection(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "server.db")) as database, database:
        database.execute("CREATE TABLE T (Id INTEGER, Name TEXT)")
        database.execute("INSERT INTO T VALUES (1, '试样')")
    settings = tmp_path / "connections.toml"
    settings.write_text(
        f"[one]\nmodule = 'sqlite3'\nconnect = '{(tmp_path / 'server.db').as_posix()}'\n", encoding="utf-8"
    )
    queries = ConfiguredQueries(settings)
    assert queries.rows("one", "SELECT * FROM T") == [{"Id": 1, "Name": "试样"}]
    for connection, query in (("two", "SELECT 1"), ("one", "SELECT * FROM missing")):
        with pytest.raises(EnvironmentFault, match="unreadable"):
            queries.rows(connection, query)
    with pytest.raises(EnvironmentFault, match="unreadable"):
        ConfiguredQueries(tmp_path / "none.toml").rows("one", "SELECT 1")
