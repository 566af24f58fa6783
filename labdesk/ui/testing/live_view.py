"""The live run: the curve, and figures that are read from two metres."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from labdesk.domain.bench import LoadingPlan, RateUnit, rate_is_judged
from labdesk.domain.capture import LivePoint, LiveState, RateLight, RunPhase
from labdesk.domain.evaluation import TestKind
from labdesk.ui.testing.words import clock_text, kn, phase_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space, TypeSize
from labdesk.ui.widgets.basics import Card, empty_layout, label, row, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.figures import Band, BigFigure, RateBar
from labdesk.ui.widgets.key_hints import KeyHint
from labdesk.ui.widgets.plot import LivePlot

translate = QCoreApplication.translate
_LIGHTS = {RateLight.GREEN: "ok", RateLight.AMBER: "warn", RateLight.RED: "bad"}

_PILLS = {
    RunPhase.IDLE: ChipState.QUIET,
    RunPhase.ARMED: ChipState.OK,
    RunPhase.LOADING: ChipState.OK,
    RunPhase.TAIL: ChipState.INFO,
    RunPhase.SEALING: ChipState.INFO,
}


class Readings(QWidget):
    """Captions and values in two columns whose texts change without anything being built anew."""

    def __init__(self, count: int) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setVerticalSpacing(Space.S)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for index in range(count):
            caption, value = label(role="label"), label(role="strong")
            grid.addWidget(caption, index, 0)
            grid.addWidget(value, index, 1, Qt.AlignmentFlag.AlignRight)
            self._rows.append((caption, value))

    def name(self, captions: Sequence[str]) -> None:
        """The captions."""
        for (caption, _), text in zip(self._rows, captions, strict=True):
            caption.setText(text)

    def show_values(self, values: Sequence[str]) -> None:
        """The values; equal ones cost nothing."""
        for (_, value), text in zip(self._rows, values, strict=True):
            if value.text() != text:
                value.setText(text)

    def values(self) -> list[str]:
        """What is shown."""
        return [value.text() for _, value in self._rows]


class LiveView(QWidget):
    """Curve at the left, figures at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.plot = LivePlot()
        self.pill, self.quality, self.axes = StatusChip(), label(role="label"), label(role="label")
        self.force, self.rate, self.bar = BigFigure(), BigFigure(TypeSize.VERDICT), RateBar()
        self.readings = Readings(4)
        self._note, self._keys = wrapped(role="quiet"), QVBoxLayout()
        self._plan: LoadingPlan | None = None
        self._test: TestKind | None = None
        self._state: LiveState | None = None
        self._axis = ""
        self._shown: tuple[str, int] = ("", -1)
        self._build()

    def _build(self) -> None:
        curve = Card()
        top = row(self.pill, self.quality, gap=Space.M)
        top.addStretch(1)
        top.addWidget(self.axes)
        curve.body.addLayout(top)
        curve.body.addWidget(self.plot, 1)
        side = QWidget()
        side.setFixedWidth(Size.SIDE - Space.XXL)
        figures = QVBoxLayout(side)
        figures.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        figures.setSpacing(Space.M)
        for parts in ((self.force,), (self.rate, self.bar), (self.readings,)):
            card = Card()
            for part in parts:
                card.body.addWidget(part)
            figures.addWidget(card)
        hints = Card()
        hints.body.addWidget(self._note)
        hints.body.addLayout(self._keys)
        figures.addWidget(hints)
        figures.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.setSpacing(Space.L)
        outer.addWidget(curve, 1)
        outer.addWidget(side)

    def begin(self, plan: LoadingPlan | None, test: TestKind | None) -> None:
        """What the next states are measured against; ``None`` for a run without a specimen."""
        self._plan, self._test = plan, test
        self.retranslate()

    def show_state(self, state: LiveState) -> None:
        """Draws a state."""
        over = self._state is None or (self._state.phase is RunPhase.IDLE) != (state.phase is RunPhase.IDLE)
        self._state = state
        if over:
            self._say_keys()
        self._show_curve(state)
        self.force.show_figure(kn(state.force_kn, self._scale()))
        self._show_rate(state)
        self._show_text(state)

    def retranslate(self) -> None:
        """Sets all texts."""
        self.force.set_caption(translate("Bench", "Force"), "kN")
        caption = translate("Bench", "Stress rate")
        unit = RateUnit.FORCE if self._plan is None else self._plan.unit
        if unit is RateUnit.FORCE:
            caption = translate("Bench", "Force rate")
        if self._plan is not None:
            caption += f" · {band_text(self._plan)}"
        self.rate.set_caption(caption, unit.value)
        names = (translate("Bench", "Elapsed"), translate("Bench", "Peak"), translate("Bench", "Stress"))
        self.readings.name((*names, translate("Bench", "Specimen")))
        self._say_keys()
        self._say_axes()
        if self._state is not None:
            self.show_state(self._state)

    def _say_keys(self) -> None:
        """What to press now: hardly anything."""
        over = self._state is not None and self._state.phase is RunPhase.IDLE
        if over:
            self._note.setText(translate("Bench", "The next scan continues."))
        else:
            self._note.setText(translate("Bench", "The break is recognised by itself. Nothing to press."))
        empty_layout(self._keys)
        caption = translate("Bench", "Back to the list") if over else translate("Bench", "End the run (with a reason)")
        self._keys.addWidget(KeyHint("Esc", caption))

    def _show_curve(self, state: LiveState) -> None:
        newest = state.points[-1].seq if state.points else -1
        if (state.run_id, newest) == self._shown or (not state.points and not state.run_id):
            return  # after the end the curve stays until the next run begins
        self._shown = (state.run_id, newest)
        axis, x = _abscissa(state.points, self._test)
        if axis != self._axis:
            self._axis = axis
            self._say_axes()
        self.plot.replace(x, [float(point.force_kn) for point in state.points])
        for seq in state.gap_seqs:
            self.plot.interrupt(seq)

    def _say_axes(self) -> None:
        """What is drawn over what; nothing before the first curve."""
        caption = {
            "": "",
            "extension": translate("Bench", "Extension, mm"),
            "displacement": translate("Bench", "Displacement, mm"),
            "time": translate("Bench", "Time, s"),
        }[self._axis]
        force = translate("Bench", "Force, kN")
        self.axes.setText(f"{force} / {caption}" if caption else "")

    def _show_rate(self, state: LiveState) -> None:
        if state.rate_kn_s is None or state.phase is not RunPhase.LOADING:
            self.rate.show_figure("–")
            self.bar.set_band(None)
            return
        plan = self._plan
        if plan is None:
            self.rate.show_figure(f"{state.rate_kn_s:.2f}")
            return
        rate = float(plan.in_unit(state.rate_kn_s * 1000 / plan.area_mm2))
        low, high = (float(plan.in_unit(edge)) for edge in (plan.rate_low_mpa_s, plan.rate_high_mpa_s))
        judged = self._test is not None and rate_is_judged(
            self._test, plan, state.force_kn or Decimal(0), state.peak_kn or Decimal(0)
        )
        band = Band(high * 1.35, low, high, (high - low) * 0.1) if judged else None
        self.bar.set_band(band)
        self.bar.show_rate(rate)
        # Capture judges by the samples' own times; where it does not (an older process), the page does.
        light = _LIGHTS.get(state.rate_light) or (band.state(rate) if band else "")
        self.rate.show_figure(f"{rate:.{_rate_digits(high)}f}", light)

    def _scale(self) -> Decimal | None:
        return None if self._plan is None else self._plan.expected_kn

    def _show_text(self, state: LiveState) -> None:
        self.pill.show_chip(Chip(_PILLS[state.phase], phase_word(state.phase)))
        hertz = "–" if state.achieved_hz is None else f"{state.achieved_hz:.1f}"
        text = translate("Bench", "{0} Hz · largest gap {1} ms · bad frames {2}")
        text = text.format(hertz, state.largest_gap_ms, state.bad_frames)
        if state.jitter_us:
            text += " · " + translate("Bench", "jitter {0} ms").format(f"{state.jitter_us / 1000:.1f}")
        if state.too_slow:
            text += " · " + translate("Bench", "too few samples a second for this test")
        if state.rate_out_percent is not None:
            text += " · " + translate("Bench", "rate out of band {0} %").format(state.rate_out_percent)
        if state.interrupted:
            text += " · " + translate("Bench", "interrupted: a person will look at it")
        self.quality.setText(text)
        worry = "warn" if state.interrupted or state.bad_frames or state.too_slow else ""
        if self.quality.property("state") != worry:
            mark(self.quality, state=worry)
        stress = "–"
        if self._plan is not None and state.force_kn is not None:
            digits = 0 if self._plan.expected_kn * 1000 / self._plan.area_mm2 >= 20 else 2
            stress = f"{state.force_kn * 1000 / self._plan.area_mm2:z.{digits}f} MPa"
        elapsed = clock_text(state.elapsed_ms)
        peak = f"{kn(state.peak_kn, self._scale())} kN"
        self.readings.show_values((elapsed, peak, stress, state.specimen_label or "–"))


def band_text(plan: LoadingPlan) -> str:
    """The band as the standard gives it: ``0.05–0.08 MPa/s``, ``2.2–2.6 kN/s``."""
    low, high = (float(plan.in_unit(edge)) for edge in (plan.rate_low_mpa_s, plan.rate_high_mpa_s))
    return f"{low:.3g}–{high:.3g} {plan.unit.value}"


def _rate_digits(high: float) -> int:
    """Decimals of a rate that tell it from its band's edge."""
    return 3 if high < 0.2 else 2 if high < 5 else 1


def _abscissa(points: Sequence[LivePoint], test: TestKind | None) -> tuple[str, list[float]]:
    """The axis that tells most: extension while the extensometer is on, else the crosshead; time for cubes."""
    if test is TestKind.TENSION and points:
        if points[-1].extension_mm is not None and points[0].extension_mm is not None:
            return "extension", [float(point.extension_mm or 0) for point in points]
        if points[-1].displacement_mm is not None:
            return "displacement", [float(point.displacement_mm or 0) for point in points]
    return "time", [point.elapsed_ms / 1000 for point in points]
