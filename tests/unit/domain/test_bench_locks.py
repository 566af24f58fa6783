"""When a lock's station is silent, and when a run is gone: judged from moments, never from one look."""

from __future__ import annotations

from datetime import timedelta

from labdesk.domain.bench_locks import GONE_AFTER, SILENT_AFTER, BenchLock, Missing
from tests.helpers.benchworld import NOW

LOCK = BenchLock("r-1", "G26-00417-1", "力学室 1", "JC-07", "张建国", NOW, NOW)
SECOND = timedelta(seconds=1)


def test_a_station_is_silent_only_after_its_time() -> None:
    assert not LOCK.silent(NOW + SILENT_AFTER)
    assert LOCK.silent(NOW + SILENT_AFTER + SECOND)
    assert not LOCK.silent(NOW - timedelta(hours=1))


def test_a_run_is_gone_when_it_stays_unknown() -> None:
    missing = Missing()
    assert missing.gone([LOCK], frozenset(), NOW) == []
    assert missing.gone([LOCK], frozenset(), NOW + GONE_AFTER - SECOND) == []
    assert missing.gone([LOCK], frozenset(), NOW + GONE_AFTER) == [LOCK]


def test_a_run_that_is_found_again_begins_anew() -> None:
    missing = Missing()
    assert missing.gone([LOCK], frozenset(), NOW) == []
    assert missing.gone([LOCK], frozenset({"r-1"}), NOW + GONE_AFTER) == []
    assert missing.gone([LOCK], frozenset(), NOW + 2 * GONE_AFTER) == []
