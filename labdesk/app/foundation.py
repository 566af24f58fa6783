"""What every process with data stands on: folders, database, files, clock, keys; opened once, closed once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from sqlalchemy import Engine

from labdesk.app.config import StationConfig, read_config
from labdesk.app.paths import Home
from labdesk.app.system import SystemClock, Uuid7Ids
from labdesk.storage.blobs import BlobStore
from labdesk.storage.database import ensure_schema, open_engine, sqlite_url
from labdesk.storage.unit_of_work import SqlStore


@dataclass(frozen=True)
class Foundation:
    """The opened laboratory; ``ends`` gives back what was opened on top of it."""

    home: Home
    config: StationConfig
    engine: Engine
    store: SqlStore
    blobs: BlobStore
    clock: SystemClock
    ids: Uuid7Ids
    ends: ExitStack = field(default_factory=ExitStack)

    def close(self) -> None:
        """Let go of connections and database."""
        self.ends.close()
        self.engine.dispose()


def open_foundation(home: Home) -> Foundation:
    """Open (and where needed create or migrate) the laboratory in ``home``.

    Raises:
        OperatorError: ``app.bad_config``, ``storage.newer_schema``.
        EnvironmentFault: ``storage.unavailable``.
    """
    home.prepare()
    config = read_config(home.config)
    engine = open_engine(config.database_url or sqlite_url(home.database))
    ensure_schema(engine)
    clock = SystemClock()
    return Foundation(
        home=home,
        config=config,
        engine=engine,
        store=SqlStore(engine, clock),
        blobs=BlobStore(home.blobs),
        clock=clock,
        ids=Uuid7Ids(),
    )
