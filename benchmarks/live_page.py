"""Frames a second of the live page while a machine loads, after 100 000 samples. Run: ``python -m benchmarks.live_page``.

Three ways to draw the same run, every frame really painted:

* ``page``: the whole live view (curve, figures, rate, readings) from the states that capture sends, thinned there;
* ``plot``: LabDesk's plot alone with all 100 000 samples, twenty new ones a frame;
* ``bare``: a plain pyqtgraph curve with its own grid and the same samples, as the comparison.

Goal: ``page`` and ``plot`` at 30 frames a second or more (states come 25 times a second), and ``page`` no slower after 100 000
samples than after 5 000 by more than a third.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.capture.live_curve import LiveCurve
from labdesk.capture.recorder import Sample
from labdesk.devices.specimens import make_specimen
from labdesk.domain.bench import LoadingPlan
from labdesk.domain.capture import LivePoint, LiveState, MachineState, RunPhase
from labdesk.domain.evaluation import TestKind
from labdesk.domain.sealed_run import Channel
from labdesk.ui import theme
from labdesk.ui.testing.live_view import LiveView
from labdesk.ui.tokens import Scheme, Size
from labdesk.ui.widgets.plot import LivePlot

HZ = 1000
PLAN = LoadingPlan(Decimal("314.2"), Decimal(190), Decimal(6), Decimal(60), None)
CHANNELS = (
    Channel("force", "kN", Decimal("0.01")),
    Channel("extension", "mm", Decimal("0.001")),
    Channel("displacement", "mm", Decimal("0.001")),
)


class PaintCounter(QObject):
    """Counts how often a widget is really painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Counts, changes nothing."""
        del watched
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


def samples_of(count: int) -> list[Sample]:
    """A bar pulled until it breaks, stretched to ``count`` samples at 1 kHz."""
    piece = make_specimen("rebar", {"grade": "HRB400E"}, random.Random(1))
    scale = piece.duration_s / (count / HZ)
    readings = (piece.at(index / HZ * scale) for index in range(count))
    return [
        Sample(
            index * 10**9 // HZ,
            (
                round(reading.force_kn * 100),
                None if reading.extension_mm is None else round(reading.extension_mm * 1000),
                round(reading.displacement_mm * 1000),
            ),
            index,
        )
        for index, reading in enumerate(readings)
    ]


def states_of(samples: Sequence[Sample], frames: int) -> list[LiveState]:
    """The last ``frames`` states in which capture has a new point to draw: the dear ones."""
    curve, found, newest = LiveCurve(CHANNELS), deque[LiveState](maxlen=frames), -1
    for index, sample in enumerate(samples):
        curve.add(sample.time_ns // 10**6, sample)
        elapsed = curve.points[-1].elapsed_ms if curve.points else -1
        if elapsed != newest:
            newest = elapsed
            if index > len(samples) // 2:
                found.append(_state(index, sample, tuple(curve.points)))
    return list(found)


def _state(index: int, sample: Sample, points: tuple[LivePoint, ...]) -> LiveState:
    force = (sample.counts[0] or 0) * Decimal("0.01")
    return LiveState(
        "m-1", index, MachineState.CAPTURING, phase=RunPhase.LOADING, run_id="run-1", specimen_label="G26-00417-1",
        force_kn=force, rate_kn_s=Decimal("7.5") + Decimal(index % 7) / 10, peak_kn=max(p.force_kn for p in points),
        elapsed_ms=sample.time_ns // 10**6, achieved_hz=Decimal(998) + index % 3, largest_gap_ms=3, good_frames=index,
        points=points,
    )  # fmt: skip


def measure(app: QApplication, watched: QWidget, frames: Sequence[Callable[[], None]]) -> dict[str, float]:
    """Frames a second by the processor's time (others may be using this computer too), and the slowest of a hundred.

    A frame that was not painted is waited for: what is not seen is not counted.
    """
    painted, taken = PaintCounter(watched), []
    for frame in frames:
        begin, before = time.process_time(), painted.count
        frame()
        while painted.count == before:
            app.processEvents()
        taken.append(time.process_time() - begin)
    taken.sort()
    return {
        "frames": len(taken),
        "frames_per_s": round(1 / statistics.median(taken), 1),
        "p99_ms": round(taken[min(len(taken) - 1, len(taken) * 99 // 100)] * 1000, 1),
    }


def page(app: QApplication, samples: Sequence[Sample], frames: int) -> dict[str, float]:
    """The whole live view."""
    view = LiveView()
    view.resize(Size.WINDOW_WIDTH - Size.RAIL, Size.WINDOW_HEIGHT - Size.HEADER - Size.STATUS_BAR)
    view.show()
    view.begin(PLAN, TestKind.TENSION)
    states = states_of(samples, frames)

    def draw(state: LiveState) -> None:
        view.show_state(state)
        view.plot.draw_frame()

    try:
        return measure(app, view.plot.viewport(), [lambda state=state: draw(state) for state in states])
    finally:
        view.close()


def plot(app: QApplication, samples: Sequence[Sample], frames: int) -> dict[str, float]:
    """LabDesk's plot with every sample."""
    made = LivePlot()
    made.resize(900, 600)
    made.show()
    x = np.array([(sample.counts[2] or 0) / 1000 for sample in samples])
    y = np.array([(sample.counts[0] or 0) / 100 for sample in samples])
    start = len(x) - 20 * frames
    made.append(x[:start], y[:start])

    def draw(at: int) -> None:
        made.append(x[at : at + 20], y[at : at + 20])
        made.draw_frame()

    try:
        return measure(app, made.viewport(), [lambda at=at: draw(at) for at in range(start, len(x), 20)])
    finally:
        made.close()


def bare(app: QApplication, samples: Sequence[Sample], frames: int) -> dict[str, float]:
    """pyqtgraph as it comes, with its grid and an antialiased pen."""
    made = pg.PlotWidget()
    made.resize(900, 600)
    made.showGrid(x=True, y=True)
    curve = made.plot([], [], pen=pg.mkPen("#1a52ba", width=2), antialias=True)
    made.show()
    x = np.array([(sample.counts[2] or 0) / 1000 for sample in samples])
    y = np.array([(sample.counts[0] or 0) / 100 for sample in samples])
    ends = range(len(x) - 20 * frames, len(x), 20)
    try:
        return measure(app, made.viewport(), [lambda at=at: curve.setData(x[:at], y[:at]) for at in ends])
    finally:
        QWidget.close(made)


def main(arguments: Sequence[str]) -> int:
    """Prints one line per way and size; exit 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=100)
    options = parser.parse_args(arguments)
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([])
    theme.apply(app, Scheme.LIGHT)
    rates: dict[tuple[str, int], float] = {}
    for count in (5_000, 100_000):
        samples = samples_of(count)
        ways = {"page": (page, options.frames), "plot": (plot, options.frames), "bare": (bare, 10)}
        for name, (draw, frames) in ways.items():
            result = draw(app, samples, frames)
            rates[name, count] = result["frames_per_s"]
            print(json.dumps({"way": name, "samples": count, **result}), flush=True)
    fast = all(rates[name, 100_000] >= 30 for name in ("page", "plot"))
    flat = rates["page", 100_000] >= rates["page", 5_000] * 2 / 3
    return 0 if fast and flat else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
