"""When lines are read: together where the device stamps its samples, else as bytes come."""

from __future__ import annotations

import pytest

from labdesk.devices import beat as module
from labdesk.devices.beat import BEAT_S, BUSY_BYTES, FULL_BYTES, MOST_PARTS, Beat, Gathering
from labdesk.devices.transport import PAUSE_S

MS = 1_000_000
SECOND = 1000 * MS


class Slept:
    """A clock that only sleeping moves."""

    def __init__(self, patch: pytest.MonkeyPatch, now_s: float = 1000.013) -> None:
        self.now_s, self.sleeps = now_s, 0
        patch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        self.sleeps += 1


@pytest.mark.parametrize(
    ("machines", "period_s"), [(0, 0.04), (1, 0.04), (4, 0.04), (5, 0.08), (8, 0.08), (9, 0.12), (100, 0.12)]
)
def test_more_machines_are_looked_at_less_often(machines: int, period_s: float) -> None:
    beat = Beat()
    beat.follow(machines)
    assert beat.period_s == pytest.approx(period_s)


def test_all_lines_wake_at_the_same_moments_and_who_looks_comes_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, beat = Slept(monkeypatch), Beat()
    assert clock.now_s + beat.until() == pytest.approx(1000.04)
    assert clock.now_s + beat.until(2) == pytest.approx(1000.02)
    assert clock.now_s + beat.until(lag_s=0.008) == pytest.approx(1000.048)
    clock.now_s = 1000.041
    assert clock.now_s + beat.until(lag_s=0.008) == pytest.approx(1000.048)


def gathering_after(chunks: list[int], step_ns: int, possible: bool = True) -> Gathering:
    made = Gathering(Beat(), possible)
    for number, received in enumerate(chunks):
        made.took(SECOND + number * step_ns, received)
    return made


def test_a_stream_of_stamped_samples_is_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Slept(monkeypatch)
    made = gathering_after([125], 5 * MS)
    made.wait()
    assert (clock.sleeps, made.pause_s) == (0, PAUSE_S), "one chunk tells no rate"
    made = gathering_after([125, 125], 5 * MS)
    made.wait()
    assert (clock.sleeps, made.pause_s) == (1, 0.0)
    assert clock.now_s == pytest.approx(1000.04)


def test_what_has_no_stamp_or_comes_seldom_is_read_at_once() -> None:
    assert gathering_after([500] * 3, 5 * MS, possible=False).pause_s == PAUSE_S
    assert gathering_after([125, 125, BUSY_BYTES - 1], 5 * MS).pause_s == PAUSE_S


def test_a_fast_stream_is_read_before_the_buffer_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    for bytes_per_s in (20_000, 50_000, 100_000, 400_000):
        clock = Slept(monkeypatch, 1000.0001)
        gathering_after([bytes_per_s // 200] * 2, 5 * MS).wait()
        gathered = bytes_per_s * (clock.now_s - 1000)
        assert gathered <= FULL_BYTES * 1.01
        assert gathered * 2 > FULL_BYTES or clock.now_s == pytest.approx(1000 + BEAT_S)


def test_bytes_that_piled_up_do_not_make_it_hurry_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Slept(monkeypatch, 1000.0001)
    made = gathering_after([60_000, 60_000], 1)
    made.wait()
    assert clock.now_s == pytest.approx(1000 + BEAT_S / MOST_PARTS)
    made.took(2 * SECOND, 500)
    clock.now_s = 1000.0001
    made.wait()
    assert clock.now_s == pytest.approx(1000 + BEAT_S)
