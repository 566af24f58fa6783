"""Rounds behind the pages: records come in while a broken source beside them is only told of."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from labdesk.app.desktop.watching import WatchRounds
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.watching import SourceKind
from labdesk.ui.ops import Ops
from tests.helpers.stores import opened_engine
from tests.helpers.watchworld import SETTLE_S, TABLES, WatchWorld, maker_database, maker_writes


def test_rounds_import_and_a_broken_source_disturbs_nobody(qtbot: QtBot, tmp_path: Path) -> None:
    maker = tmp_path / "maker.db"
    maker_database(maker)
    maker_writes(maker, 17, "G26-00417-1")
    ops = Ops()
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        world = WatchWorld(engine)
        world.watch(SourceKind.SQLITE, maker, TABLES)
        world.watch(SourceKind.FOLDER, tmp_path / "missing", {"pattern": "*.csv"})
        rounds = WatchRounds(ops, world.watcher)
        troubles: list[Exception] = []
        rounds.trouble.connect(troubles.append)
        rounds.start()
        qtbot.waitUntil(lambda: ops.idle, timeout=30_000)
        world.bench.clock.forward(seconds=SETTLE_S)
        with qtbot.waitSignal(rounds.imported, timeout=30_000) as stored:
            rounds.round()
        rounds.stop()
        assert [record.specimen_label for record in stored.args[0]] == ["G26-00417-1"]
        assert troubles
        assert all(isinstance(error, EnvironmentFault) for error in troubles)
        ops.close()
