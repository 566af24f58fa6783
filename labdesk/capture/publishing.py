"""The newest state of one machine for whoever looks: made from what the station has at this moment, only when something is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from labdesk.capture.assembly import SLOW_TOLERANCE
from labdesk.capture.gauges import Gauges, LineHealth
from labdesk.capture.live_curve import LiveCurve
from labdesk.capture.recorder import RunRecorder
from labdesk.devices.driver import Driver, FrameCounters
from labdesk.domain.capture import LinkTrouble, LivePoint, LiveState, RunPhase
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE

MS = 1_000_000
RATES_NS = 200 * MS


@dataclass(frozen=True)
class Published:
    """The newest state and the curve that belongs to it; ``points`` may grow later, ``count`` of them are meant."""

    state: LiveState
    generation: int
    points: list[LivePoint]
    count: int


class View(NamedTuple):
    """What a station has at this moment."""

    recorder: RunRecorder | None
    sealing: bool
    busy: bool
    sealed_run_id: str
    fault: str
    counters: FrameCounters
    health: LineHealth
    gauges: Gauges
    others: tuple[Gauges, ...]
    curve: LiveCurve

    def value(self, name: str) -> Decimal | None:
        """Newest value of a channel, of this device or else of a companion."""
        value = self.gauges.value(name)
        if value is not None or not self.others:
            return value
        return next((value for gauges in self.others if (value := gauges.value(name)) is not None), None)


class Rates(NamedTuple):
    """What was measured over the last samples when the newest was that of ``at_ns``."""

    at_ns: int | None
    rate_kn_s: Decimal | None
    achieved_hz: Decimal | None
    jitter_us: int


class Publisher:
    """Makes numbered states; counters go on over the decoders of several runs."""

    def __init__(self, machine_id: str, driver: Driver) -> None:
        self._machine_id = machine_id
        self._driver = driver
        self._counted = (0, 0, 0)
        self._totals = [0, 0, 0]
        self._seq = 0
        self._seen: tuple[object, ...] = (None,)
        self._rates = Rates(None, None, None, 0)

    def recount(self, counters: FrameCounters) -> None:
        """Another decoder took over; what it has seen before is not counted again."""
        self._counted = (counters.good, counters.bad, counters.skipped_bytes)

    def has_news(self, view: View) -> bool:
        """Whether a new state is worth telling."""
        return view.gauges.newest_ns != self._seen[0] or _gist(view) != self._seen

    def publish(self, view: View, now: datetime) -> Published:
        """The next state."""
        self._seen = _gist(view)
        self._seq += 1
        counted = (view.counters.good, view.counters.bad, view.counters.skipped_bytes)
        self._totals = [total + new - old for total, new, old in zip(self._totals, counted, self._counted, strict=True)]
        self._counted = counted
        gauges, rates = view.gauges, self._measured(view.gauges)
        state = LiveState(
            machine_id=self._machine_id,
            seq=self._seq,
            state=view.health.state(view.busy),
            trouble=LinkTrouble.DISK if view.fault else view.health.trouble,
            detail=view.fault or view.health.detail,
            force_kn=gauges.value(FORCE),
            extension_mm=view.value(EXTENSION),
            displacement_mm=view.value(DISPLACEMENT),
            rate_kn_s=rates.rate_kn_s,
            achieved_hz=rates.achieved_hz,
            jitter_us=rates.jitter_us,
            good_frames=self._totals[0],
            bad_frames=self._totals[1],
            skipped_bytes=self._totals[2],
            sealed_run_id=view.sealed_run_id,
            at=now,
            **({} if view.recorder is None else self._run_part(view, view.recorder, rates.achieved_hz)),
        )
        return Published(state, view.curve.generation, view.curve.points, len(view.curve.points))

    def _measured(self, gauges: Gauges) -> Rates:
        """Rates over half a second and more are measured five times a second; digits that change faster cannot be read."""
        newest_ns, known = gauges.newest_ns, self._rates
        if newest_ns is None or known.at_ns is None or not 0 <= newest_ns - known.at_ns < RATES_NS:
            self._rates = Rates(newest_ns, gauges.rate_kn_s(), gauges.achieved_hz(), gauges.jitter_us())
        return self._rates

    def _run_part(self, view: View, recorder: RunRecorder, achieved_hz: Decimal | None) -> dict[str, Any]:
        detector = recorder.detector
        start = detector.start_index
        last_ns = recorder.times_ns[-1] if recorder.times_ns else recorder.arming.monotonic_ns
        return {
            "phase": RunPhase.SEALING if view.sealing else recorder.phase,
            "run_id": recorder.request.run_id,
            "specimen_label": recorder.request.specimen_label,
            "peak_kn": None if start is None else detector.peak * self._driver.channels[0].quantum,
            "elapsed_ms": 0 if start is None else (last_ns - recorder.times_ns[start]) // MS,
            "largest_gap_ms": recorder.largest_gap_ns // MS,
            "interrupted": recorder.interrupted,
            "gap_seqs": view.curve.gap_seqs(),
            **_rates(achieved_hz, recorder),
        }


def _rates(achieved: Decimal | None, recorder: RunRecorder) -> dict[str, Any]:
    """Sampling rate and stress rate against what the run asks for."""
    least, watch = recorder.request.min_rate_hz, recorder.rate
    slow = least is not None and achieved is not None and achieved < least * SLOW_TOLERANCE
    if watch is None:
        return {"too_slow": slow}
    judged = watch.record()
    return {
        "too_slow": slow,
        "stress_rate_mpa_s": watch.rate_mpa_s,
        "rate_light": watch.light,
        "rate_out_percent": None if judged is None else judged.outside_percent,
    }


def _gist(view: View) -> tuple[object, ...]:
    """What makes a state differ from the one before."""
    recorder = view.recorder
    return (
        view.gauges.newest_ns,
        view.counters.bad,
        view.health.state(view.busy),
        view.health.trouble,
        view.health.open,
        view.sealed_run_id,
        None if recorder is None else (recorder.request.run_id, recorder.phase),
        view.sealing,
        view.fault,
    )
