"""Curves after the test: found again, laid over each other, replayed, and exported byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout

from labdesk.domain.clock import WALL
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.scans import Scan
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.testing import Run
from labdesk.services.run_archive import AXES, DrawnRun, Exported, RunArchive
from labdesk.ui.errors import NoticeState
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.testing.replay import Replay
from labdesk.ui.testing.words import end_word, kn, mark_word, peak_text
from labdesk.ui.widgets.basics import Card, beside, label, page_margins
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.compare import MOST, CompareView, Legend, Series
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate

_TYPING_PAUSE_MS = 250
_TABLE_WIDTH = 500


@dataclass(frozen=True)
class CurvesDeps:
    """What the page works with: the archive, the folder exports go to, and what shows a folder to the person."""

    archive: RunArchive
    exports: Path
    show_folder: Callable[[Path], object]


class CurvesPage(Page):
    """The list of runs, and the curves laid over each other."""

    def __init__(self, context: PageContext, deps: CurvesDeps) -> None:
        super().__init__(context)
        self.deps = deps
        self.compared: dict[str, DrawnRun] = {}
        self.axis = AXES[0]
        self.search, self.table = QLineEdit(), DataTable[Run](self._columns())
        self.empty, self.plot = EmptyState(Icon.CURVES), CompareView()
        self.replay = Replay(self.plot, self)
        self.axes, self.legend = label(role="label"), Legend()
        self._stack = QStackedWidget()
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.load)
        self.search.textEdited.connect(lambda text: self._pause.start())
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(lambda run: self.toggle(run))
        self._build()
        self.retranslate()

    def _build(self) -> None:
        table, plot = Card(), Card()
        table.flush()
        table.setFixedWidth(_TABLE_WIDTH)
        table.body.addWidget(self.table)
        plot.body.addWidget(self.axes)
        plot.body.addWidget(self.plot, 1)
        plot.body.addWidget(self.legend)
        self._stack.addWidget(beside(table, plot, wide=plot))
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(self.search)
        layout.addWidget(self._stack, 1)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """Runs anew."""
        self.load()

    def on_left(self) -> None:
        """A replay does not go on unseen."""
        self.replay.stop()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A label of a piece finds its runs."""
        del scan
        if code.kind is not CodeKind.SPECIMEN:
            return False
        self.search.setText(code.body)
        self.load()
        return True

    def keys(self) -> tuple[KeyAction, ...]:
        """Compare, replay, axis, export."""

        def chosen() -> bool:
            return self.table.current_row() is not None

        def drawn() -> bool:
            return bool(self.compared)

        return (
            KeyAction("Space", lambda: translate("Curves", "compare"), lambda: self.toggle(None), chosen),
            KeyAction(
                "F5", lambda: translate("Curves", "replay {0}×").format(self.replay.speed), self.replay.toggle, drawn
            ),
            KeyAction("F6", lambda: translate("Curves", "speed"), self._faster, drawn),
            KeyAction("F7", lambda: translate("Curves", "axis"), self.next_axis, drawn),
            KeyAction("F9", lambda: translate("Curves", "export"), self.export, chosen),
            KeyAction("Ctrl+F", lambda: translate("Curves", "search"), self.search.setFocus),
        )

    def retranslate(self) -> None:
        """Sets all texts."""
        self.search.setPlaceholderText(
            translate("Curves", "Run, specimen, lot, machine or operator; several words narrow it down")
        )
        self.empty.say(
            translate("Curves", "No run is found"),
            translate("Curves", "Every loading at a machine appears here, whatever became of it."),
        )
        self._say()

    # ---- the list -------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Searches."""
        words = self.search.text()
        Query(self.context.ops, self, lambda: self.deps.archive.find(words)).then(self._show).start()

    def _show(self, runs: list[Run]) -> None:
        before = self.table.current_row()
        self.table.show_rows(runs)
        self._stack.setCurrentIndex(0 if runs else 1)
        ids = [run.id for run in runs]
        if runs:
            self.table.select(ids.index(before.id) if before is not None and before.id in ids else 0)
        if runs and not self.compared:
            self.toggle(None)
        self._say()

    def _columns(self) -> tuple[Column[Run], ...]:
        return (
            chip_column(lambda: "", self._place_chip, width=44),
            Column(lambda: translate("Curves", "Run"), lambda run: run.number, style=CellStyle.STRONG, width=130),
            Column(lambda: translate("Curves", "Specimen"), lambda run: run.specimen_label or "–", width=120),
            Column(
                lambda: translate("Curves", "Peak, kN"),
                lambda run: kn(run.peak_kn, run.peak_kn),
                style=CellStyle.NUMBER,
                width=80,
            ),
            Column(lambda: translate("Curves", "Day"), _day, style=CellStyle.QUIET),
        )

    def _place_chip(self, run: Run) -> Chip | None:
        ids = list(self.compared)
        return Chip(ChipState.INFO, str(ids.index(run.id) + 1)) if run.id in ids else None

    def _on_chosen(self, run: Run) -> None:
        del run
        self.keys_changed.emit()

    # ---- comparing ------------------------------------------------------------------------------------------------------

    def toggle(self, run: Run | None) -> None:
        """Lays a run's curve (the chosen one's) over the others, or takes it away."""
        chosen = run or self.table.current_row()
        if chosen is None:
            return
        if chosen.id in self.compared:
            del self.compared[chosen.id]
            self._redraw()
        elif len(self.compared) >= MOST:
            told = translate("Curves", "At most {0} curves at a time: take one away first (Space).")
            self.context.errors.tell(NoticeState.WARN, told.format(MOST))
        else:
            Query(self.context.ops, self, lambda: self.deps.archive.drawn(chosen)).then(self._add).start()

    def _add(self, drawn: DrawnRun) -> None:
        self.compared[drawn.run.id] = drawn
        self._redraw()

    def next_axis(self) -> None:
        """Time, extension, displacement: the next one that all curves have."""
        able = [name for name in AXES if all(name in drawn.axes for drawn in self.compared.values())]
        self.axis = able[(able.index(self.axis) + 1) % len(able)] if self.axis in able else able[0]
        self._redraw()

    def _redraw(self) -> None:
        self.replay.stop()
        drawn = list(self.compared.values())
        if any(self.axis not in each.axes for each in drawn):
            self.axis = AXES[0]
        self.plot.show_series(
            [Series(each.axes[self.axis], each.force_kn, each.axes["time"], each.breaks) for each in drawn]
        )
        self.table.viewport().update()
        self._say()

    def _faster(self) -> None:
        self.replay.faster()
        self._say()

    # ---- exporting ------------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Sealed run, curve file, results and raw bytes of the chosen run."""
        run = self.table.current_row()
        if run is None:
            return
        folder = self.deps.exports / run.number

        def done(exported: Exported) -> None:
            told = translate("Curves", "{0}: {1} files are in {2}.").format(run.number, len(exported.files), folder)
            if exported.without_journal:
                told += " " + translate("Curves", "Its raw bytes are not on this computer.")
            state = NoticeState.WARN if exported.without_journal else NoticeState.OK
            self.context.errors.tell(state, told)
            self.deps.show_folder(folder)

        Query(self.context.ops, self, lambda: self.deps.archive.export(run, folder)).then(done).start()

    # ---- words ----------------------------------------------------------------------------------------------------------

    def _say(self) -> None:
        captions = {
            "time": translate("Curves", "Time, s"),
            "extension": translate("Curves", "Extension, mm"),
            "displacement": translate("Curves", "Displacement, mm"),
        }
        self.axes.setText(translate("Curves", "Force, kN") + " / " + captions[self.axis])
        self.legend.show_texts([_legend(place, each) for place, each in enumerate(self.compared.values(), 1)])
        self.set_header(Header(keys=self.keys()))
        self.keys_changed.emit()


def _legend(place: int, drawn: DrawnRun) -> str:
    run = drawn.run
    parts = [f"{place}   {run.number}", run.specimen_label, peak_text(run.peak_kn), end_word(run.end_reason)]
    parts += [f"{drawn.hertz} Hz"] if drawn.hertz else []
    parts += [mark_word(RunMark(mark)) for mark in drawn.marks]
    return " · ".join(part for part in parts if part)


def _day(run: Run) -> str:
    return run.started_at.astimezone(WALL).strftime("%m-%d %H:%M")
