"""Live curves: gaps stay gaps, peaks stay peaks, and five hundred frames lose no reference to None (PySide6 traps)."""

from __future__ import annotations

import gc
import math
import sys

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labdesk.ui import theme
from labdesk.ui.tokens import Scheme
from labdesk.ui.widgets.decimate import MAX_BUCKETS
from labdesk.ui.widgets.plot import CurveView, Level, LivePlot, Marker, MarkerKind, nice_end

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def plot(qtbot: QtBot) -> LivePlot:
    made = LivePlot()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_five_hundred_frames_with_moving_axes_keep_none_alive(plot: LivePlot) -> None:
    """PySide6 6.10 and later lose references to None in each frame until the process aborts; axes must be redrawn to see it."""

    def frames(count: int, start: int) -> None:
        for frame in range(start, start + count):
            xs = np.arange(frame * 20, frame * 20 + 20) * 0.01
            plot.append(xs, xs * (1 + frame / 50))
            plot.draw_frame()
            plot.grab()

    plot.resize(300, 220)
    frames(150, 0)  # caches of ticks and pens fill once
    gc.collect()
    before, ends = sys.getrefcount(None), plot._ends
    frames(500, 150)
    gc.collect()
    assert plot._ends != ends, "the axes never moved"
    # Python 3.12 made None immortal: the count is then a constant and the test proves the drawing only.
    assert abs(sys.getrefcount(None) - before) < 100


def test_frames_are_cheap_at_a_hundred_thousand_samples(plot: LivePlot) -> None:
    xs = np.linspace(0, 100, 100_000)
    plot.append(xs, np.sin(xs) + 2)
    plot.draw_frame()
    assert plot.drawn_points <= 2 * MAX_BUCKETS


def test_an_interruption_is_drawn_as_one(plot: LivePlot) -> None:
    plot.append(np.arange(0.0, 50.0), np.full(50, 10.0))
    plot.interrupt()
    plot.append(np.arange(60.0, 100.0), np.full(40, 10.0))
    plot.draw_frame()
    _, shown = plot._curve.getData()
    assert np.isnan(shown).sum() == 1


def test_the_clock_stops_when_nothing_comes(plot: LivePlot) -> None:
    plot.append([0.0, 1.0], [0.0, 1.0])
    assert plot._timer.isActive()
    plot.draw_frame()
    plot.draw_frame()
    assert not plot._timer.isActive()


def test_the_next_specimen_begins_empty(plot: LivePlot) -> None:
    plot.append(np.arange(5000.0), np.arange(5000.0))
    plot.set_markers((Marker("ReH", 1.0, 1.0),))
    plot.draw_frame()
    plot.restart()
    assert plot.drawn_points == 0
    plot.append([0.0], [3.0])
    plot.draw_frame()
    assert plot.drawn_points == 1


def test_a_curve_view_with_markers_in_both_dresses(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    view = CurveView()
    qtbot.addWidget(view)
    view.set_labels("mm", "kN")
    view.set_curve([0.0, 1.0, 2.0], [0.0, 200.0, 180.0])
    view.set_markers(
        (Marker("Rm 586", 1.0, 200.0, MarkerKind.MAXIMUM),), (Level("ReL", 150.0), Level("ReH", 0.9, True))
    )
    assert len(view._notes) == 6
    theme.apply(app, Scheme.DARK)
    assert len(view._notes) == 6
    assert not view.grab().isNull()
    theme.apply(app, Scheme.LIGHT)


@pytest.mark.parametrize("largest", [0.003, 0.7, 1.0, 12.4, 292.0, 300.0, 599.9, 2.4e6])
def test_axes_end_at_whole_steps_just_above_the_data(largest: float) -> None:
    end, step = nice_end(largest)
    assert end >= largest * (1 - 1e-9)
    assert end - largest < step * 1.000001
    assert math.isclose(end / step, round(end / step))
    assert 2 <= round(end / step) <= 6


@pytest.mark.parametrize("nothing", [0.0, -3.0, math.nan, math.inf])
def test_axes_of_nothing(nothing: float) -> None:
    assert nice_end(nothing) == (1.0, 0.2)
