"""Sleep and clock changes are told from everything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from labdesk.capture import moments
from labdesk.capture.assembly import Arming
from labdesk.capture.gauges import LineHealth
from labdesk.capture.moments import SleepWatch, SystemWall, boot_id, boot_ns
from labdesk.capture.sealing import wall_drift_ns
from labdesk.devices.session import LineEvent
from labdesk.domain.capture import LinkTrouble, MachineState

SECOND = 1_000_000_000
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_the_boot_clock_ran_on_while_the_other_stood() -> None:
    watch = SleepWatch()
    assert watch.look(0, 0) == 0
    assert watch.look(SECOND // 25, SECOND // 25) == 0
    assert watch.look(2 * SECOND // 25, 300 * SECOND) == 300 * SECOND - 2 * SECOND // 25
    assert watch.look(3 * SECOND // 25, 300 * SECOND + SECOND // 25) == 0


def test_where_both_clocks_run_through_a_sleep_a_long_pause_is_one() -> None:
    watch = SleepWatch()
    watch.look(0, 0)
    assert watch.look(5 * SECOND, 5 * SECOND) == 0
    assert watch.look(65 * SECOND, 65 * SECOND) == 60 * SECOND


def test_the_system_names_its_start_or_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert boot_id() == boot_id()
    assert boot_ns() > 0
    monkeypatch.setattr(moments, "BOOT_ID", tmp_path / "none")
    assert boot_id() == ""
    assert SystemWall().now().tzinfo is UTC


def test_drift_of_the_wall_clock() -> None:
    arming = Arming(NOON, 100 * SECOND)
    assert wall_drift_ns(arming, 160 * SECOND, NOON + timedelta(seconds=60)) == 0
    assert wall_drift_ns(arming, 160 * SECOND, NOON - timedelta(minutes=59)) == -3600 * SECOND


def test_a_line_after_sleep_is_lost_until_it_speaks_again() -> None:
    health = LineHealth(1000, 0)
    health.change(LineEvent(0, opened=True))
    health.heard(SECOND, True)
    assert health.state(False) is MachineState.READY
    health.change(LineEvent(2 * SECOND, slept_ns=60 * SECOND, detail="60.0 s"))
    assert (health.state(False), health.trouble, health.deaf) == (MachineState.LOST, LinkTrouble.ASLEEP, True)
    health.change(LineEvent(3 * SECOND, opened=True))
    health.heard(4 * SECOND, True)
    assert health.state(False) is MachineState.READY


def test_a_process_that_stood_still_itself_does_not_blame_the_line() -> None:
    health = LineHealth(1000, 0)
    health.change(LineEvent(0, opened=True))
    health.heard(SECOND, True)
    health.excuse(5 * SECOND)
    assert not health.watch(5 * SECOND + SECOND // 2)
    assert health.trouble is LinkTrouble.NONE
    health.watch(7 * SECOND)
    assert health.trouble is LinkTrouble.SILENT
