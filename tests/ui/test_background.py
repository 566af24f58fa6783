"""What runs behind every page says of the pieces that stand here that they still do; a failure there stops nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from labdesk.app.desktop.background import Background
from labdesk.domain.bench_locks import BenchLock
from labdesk.domain.errors import EnvironmentFault
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from tests.helpers.benchworld import STATION, session
from tests.ui.bench_stage import Stage, new_stage

ONE = "G26-00417-1"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


def behind(stage: Stage) -> Background:
    """The background of a desktop whose rooms are a test's."""
    rooms = SimpleNamespace(
        bench=SimpleNamespace(bench=stage.world.bench),
        base=SimpleNamespace(config=SimpleNamespace(station=STATION)),
        line=SimpleNamespace(control=SimpleNamespace(status=lambda: None)),
    )
    made = Background(SimpleNamespace(built=rooms), stage.ops)  # type: ignore[arg-type]
    made._status = SimpleNamespace(show_sync=lambda status: None)  # type: ignore[assignment]
    return made


def lock(stage: Stage) -> BenchLock:
    with stage.world.store.read() as uow:
        found = uow.equipment.locks.in_force(ONE)
    assert found is not None
    return found


def test_the_pieces_that_stand_here_are_kept_locked(stage: Stage) -> None:
    world = stage.world
    world.bench.arm(world.case(ONE), session())
    before = lock(stage).seen_at
    world.clock.forward(minutes=1)
    behind(stage).refresh()
    stage.settle()
    assert lock(stage).seen_at == world.clock.now() > before


@pytest.mark.allow_log("labdesk.app.desktop.background:WARNING:locks of pieces not renewed.*")
def test_a_database_that_is_away_is_written_down_and_disturbs_nobody(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    def away(station: str) -> None:
        raise EnvironmentFault("capture.unreachable", detail=station)

    stage.world.bench.beat = away  # type: ignore[method-assign]
    with caplog.at_level(logging.WARNING):
        behind(stage).refresh()
        stage.settle()
    assert "locks of pieces not renewed" in caplog.text
    assert stage.notices == []
