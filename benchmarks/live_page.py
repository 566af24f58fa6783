"""The live page under load: a growing curve up to 100 000 points, measured in painted frames a second.

``python -m benchmarks.live_page [--points 100000] [--frames 200]`` prints one JSON object. Two loads: the *page* as it runs, fed
with states of capture (whose curve is thinned to a few thousand points), and the *plot* alone with every point. A frame is: take
the state over, write the figures, draw the curve, paint what changed; paint events are counted, so that no frame is skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from labdesk.domain.bench import LoadingPlan
from labdesk.domain.capture import LivePoint, LiveState, MachineState, RunPhase
from labdesk.domain.evaluation import TestKind
from labdesk.ui import theme
from labdesk.ui.testing.live_view import LiveView
from labdesk.ui.tokens import Scheme, Size
from labdesk.ui.widgets.plot import LivePlot

PLAN = LoadingPlan(Decimal("314.2"), Decimal(190), Decimal(6), Decimal(60), None)
THINNED = 4000


def forces(count: int) -> np.ndarray:
    """A believable curve in kN."""
    share = np.linspace(0, 1, count)
    return 190 * (1 - (1 - share) ** 2.2) + np.random.default_rng(1).normal(0, 0.05, count)


def states(frames: int) -> list[LiveState]:
    """What capture would send: each complete, thinned, one run."""
    force = forces(THINNED)
    points = tuple(
        LivePoint(i, i * 15, Decimal(f"{force[i]:.2f}"), Decimal(f"{i * 0.004:.4f}"), Decimal(f"{i * 0.01:.3f}"))
        for i in range(THINNED)
    )
    made = []
    for frame in range(frames):
        until = max(2, (frame + 1) * THINNED // frames)
        newest = points[until - 1]
        made.append(
            LiveState(
                "m-1", frame, MachineState.CAPTURING, phase=RunPhase.LOADING, run_id="run-1", specimen_label="G26-00417-1",
                force_kn=newest.force_kn, extension_mm=newest.extension_mm, rate_kn_s=Decimal("6.2"),
                peak_kn=newest.force_kn, elapsed_ms=newest.elapsed_ms, achieved_hz=Decimal("98.7"),
                largest_gap_ms=12, points=points[:until],
            )
        )  # fmt: skip
    return made


class Painted(QObject):
    """Counts how often a plot is really painted."""

    def __init__(self, plot: LivePlot) -> None:
        super().__init__(plot)
        self.count = 0
        plot.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees every paint event of the plot."""
        del watched
        self.count += event.type() == QEvent.Type.Paint
        return False


def timed(frame: Callable[[int], object], frames: int) -> dict[str, float]:
    """Milliseconds a frame, and frames a second."""
    took = []
    for index in range(frames):
        began = time.perf_counter()
        frame(index)
        QApplication.processEvents()
        took.append((time.perf_counter() - began) * 1000)
    ordered = sorted(took)
    return {
        "frames_per_second": round(1000 / statistics.mean(took), 1),
        "ms_p50": round(statistics.median(took), 2),
        "ms_p99": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], 2),
    }


def page_load(frames: int) -> dict[str, float]:
    """The live page as it runs."""
    view = LiveView()
    view.begin(PLAN, TestKind.TENSION)
    view.resize(Size.WINDOW_WIDTH - Size.RAIL, Size.WINDOW_HEIGHT - Size.HEADER)
    view.show()
    made = states(frames)

    def frame(index: int) -> None:
        view.show_state(made[index])
        view.plot.draw_frame()

    painted = Painted(view.plot)
    result = timed(frame, frames) | {"painted": painted.count}
    view.close()
    return result


def plot_load(frames: int, points: int) -> dict[str, float]:
    """The plot alone, unthinned, growing to ``points``."""
    plot = LivePlot()
    plot.resize(Size.WINDOW_WIDTH - Size.RAIL - Size.SIDE, Size.WINDOW_HEIGHT - Size.HEADER)
    plot.show()
    x, y = np.arange(points) / 1000, forces(points)
    # Nine tenths are there from the start: what is measured is the price of many points, not of few.
    start = points * 9 // 10
    plot.append(x[:start], y[:start])
    step = max(1, (points - start) // frames)

    def frame(index: int) -> None:
        at = start + index * step
        plot.append(x[at : at + step], y[at : at + step])
        plot.draw_frame()

    painted = Painted(plot)
    result = timed(frame, frames) | {"painted": painted.count}
    plot.close()
    return result


def main() -> int:
    """Prints the result; 1 when the page is slower than its twenty-five states a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, Scheme.DARK)
    page, plot = page_load(options.frames), plot_load(options.frames, options.points)
    result = {
        "points": options.points,
        "frames": options.frames,
        "page": page,
        "page_curve_points": THINNED,
        "plot": plot,
        "goal_frames_per_second": 25,
        "cores": os.cpu_count(),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if min(page["frames_per_second"], plot["frames_per_second"]) >= 25 else 1


if __name__ == "__main__":
    sys.exit(main())
