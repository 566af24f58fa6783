"""The watcher of this laboratory, and the connections to database servers that an administrator configured."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from labdesk.app.foundation import Foundation
from labdesk.domain.errors import EnvironmentFault
from labdesk.services.runs import RunDeps
from labdesk.services.watched.readers import Reader
from labdesk.services.watching import Watcher


class ConfiguredQueries:
    """Fulfils ``QueryPort``: connections named in ``connections.toml`` of the data folder.

    Each is a table with ``module`` (a DB-API driver: ``pyodbc`` for SQL Server, ``sqlite3`` ...) and ``connect`` (its connection
    text), written by whoever administers the station. A connection is opened for one query and closed again; use an account
    that may only read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, connection: str, query: str) -> list[Mapping[str, object]]:
        """The rows of a query; raises EnvironmentFault ``watching.unreadable``."""
        try:
            settings = tomllib.loads(self._path.read_text(encoding="utf-8"))[connection]
            module: Any = importlib.import_module(settings["module"])
            with closing(module.connect(settings["connect"])) as opened, closing(opened.cursor()) as cursor:
                cursor.execute(query)
                names = [entry[0] for entry in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except Exception as error:  # every driver has its own errors
            reason = f"{type(error).__name__}: {error}"[:120]
            raise EnvironmentFault("watching.unreadable", source=connection, reason=reason) from error


def build_watcher(base: Foundation) -> Watcher:
    """The watcher on the opened laboratory."""
    deps = RunDeps(base.store, base.blobs, base.clock, base.ids, base.config.station)
    return Watcher(deps, Reader(ConfiguredQueries(base.home.folder / "connections.toml")))
