"""The middle of the review: the curve of one specimen with its points, and values, runs or entries below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QWidget

from labdesk.domain.evaluation import SpecimenInput, Value
from labdesk.domain.reporting import CurveDrawing
from labdesk.domain.testing import Entry
from labdesk.services.lot_forms import choice_words
from labdesk.services.method_info import LotForm
from labdesk.services.review_desk import ReviewDetails, RunLine
from labdesk.ui.i18n import language
from labdesk.ui.icons import Icon
from labdesk.ui.review.words import clause, clock_time, entry_word, limit, number, rounded, symbol_word, verdict_chip
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, label
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.plot import CurveView, Level, Marker, MarkerKind
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
_CURVE_HEIGHT = 3 * Size.PHOTO + Space.XL
#: Drawn as a level: on a plateau its point would lie under that of ReH.
_LEVEL = "ReL"
_FIGURE, _NARROW, _WIDE = Size.PHOTO + Space.L, Size.BANNER - Space.L, Size.BANNER + Space.XL


class Tab(IntEnum):
    """What stands below the curve."""

    VALUES = 0
    RUNS = 1
    ENTRIES = 2


@dataclass(frozen=True)
class EntryRow:
    """One entry of a chain; ``current`` is the one that counts."""

    entry: Entry
    current: bool


def _values_table(form: Callable[[], LotForm | None]) -> DataTable[Value]:
    return DataTable(
        (
            Column(
                lambda: translate("Review", "Parameter"),
                lambda value: symbol_word(value.symbol, form()),
                style=CellStyle.STRONG,
                width=_NARROW,
            ),
            Column(
                lambda: translate("Review", "Raw"),
                lambda value: number(value.raw),
                style=CellStyle.QUIET,
                width=_FIGURE,
            ),
            Column(lambda: translate("Review", "Rounded"), rounded, style=CellStyle.STRONG, width=_NARROW - Space.S),
            Column(lambda: translate("Review", "Limit"), limit, width=_FIGURE),
            chip_column(
                lambda: translate("Review", "Verdict"), lambda value: verdict_chip(value.verdict), width=_FIGURE
            ),
            Column(lambda: translate("Review", "Clause"), clause, style=CellStyle.QUIET),
        )
    )


def _run_chip(line: RunLine) -> Chip:
    words = {
        "used": (ChipState.OK, translate("Review", "used")),
        "invalid": (ChipState.WARN, translate("Review", "invalid")),
        "lost": (ChipState.WARN, translate("Review", "line lost")),
        "not-used": (ChipState.QUIET, translate("Review", "not used")),
    }
    state, word = words[line.state]
    return Chip(state, word)


def _runs_table() -> DataTable[RunLine]:
    return DataTable(
        (
            Column(
                lambda: translate("Review", "Run"), lambda line: line.run.number, style=CellStyle.STRONG, width=_WIDE
            ),
            Column(lambda: translate("Review", "Specimen"), lambda line: line.run.specimen_label, width=_NARROW),
            Column(
                lambda: translate("Review", "Time"),
                lambda line: clock_time(line.run.started_at, line.run.started_at),
                style=CellStyle.QUIET,
                width=Size.PHOTO,
            ),
            Column(
                lambda: translate("Review", "Machine · tester"),
                lambda line: f"{line.run.machine_number} · {line.run.operator_name}",
            ),
            chip_column(lambda: translate("Review", "State"), _run_chip, width=_NARROW),
            Column(lambda: translate("Review", "Reason"), lambda line: line.reason, style=CellStyle.QUIET),
        )
    )


def _entries_table(form: Callable[[], LotForm | None]) -> DataTable[EntryRow]:
    return DataTable(
        (
            Column(
                lambda: translate("Review", "Entry"),
                lambda row: entry_word(row.entry.name, form()),
                style=CellStyle.STRONG,
            ),
            Column(
                lambda: translate("Review", "Specimen"),
                lambda row: row.entry.specimen_label or translate("Review", "whole lot"),
                width=_NARROW,
            ),
            Column(
                lambda: translate("Review", "As typed"),
                lambda row: choice_words(row.entry.text, language()),
                width=_NARROW,
            ),
            chip_column(
                lambda: translate("Review", "State"),
                lambda row: (
                    Chip(ChipState.OK, translate("Review", "counts"))
                    if row.current
                    else Chip(ChipState.WARN, translate("Review", "corrected"))
                ),
                width=_NARROW,
            ),
            Column(
                lambda: translate("Review", "Time"),
                lambda row: clock_time(row.entry.at, row.entry.at),
                style=CellStyle.QUIET,
                width=Size.PHOTO,
            ),
            Column(lambda: translate("Review", "Reason"), lambda row: row.entry.reason, style=CellStyle.QUIET),
        )
    )


class SpecimenCard(Card):
    """Curve and tables of one subject, specimen by specimen."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.title = label(role="section")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.verdict = StatusChip()
        self.count = label(role="quiet")
        self.curve = CurveView()
        self.no_curve = EmptyState(Icon.TESTING)
        self.stack = QStackedWidget()
        self.stack.setFixedHeight(_CURVE_HEIGHT)
        self.stack.addWidget(self.curve)
        self.stack.addWidget(self.no_curve)
        self._details: ReviewDetails | None = None
        self.tabs = QTabBar()
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setDrawBase(False)
        self.values, self.runs, self.entries = _values_table(self._form), _runs_table(), _entries_table(self._form)
        self.tables = QStackedWidget()
        tables: tuple[QWidget, ...] = (self.values, self.runs, self.entries)
        for tab, table in zip(Tab, tables, strict=True):
            self.tabs.insertTab(tab, "")
            table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.tables.addWidget(table)
        self.tabs.currentChanged.connect(self.tables.setCurrentIndex)
        self._build()
        self._position = 0

    def _form(self) -> LotForm | None:
        """The entry sheet of the subject in front, if its method has one."""
        return self._details.form if self._details is not None else None

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        for widget, stretch in ((self.title, 1), (self.verdict, 0), (self.count, 0)):
            head.addWidget(widget, stretch)
        self.body.addLayout(head)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.tables, 1)

    @property
    def label_shown(self) -> str:
        """The specimen in front; empty without one."""
        details = self._details
        return details.specimens[self._position].label if details is not None and details.specimens else ""

    def show_details(self, details: ReviewDetails, title: str) -> None:
        """Shows another subject from its first specimen with a curve."""
        self._details = details
        with_curve = [index for index, piece in enumerate(details.specimens) if piece.run_hash]
        self._position = with_curve[0] if with_curve else 0
        self.title.setText(title)
        self.title.setToolTip(title)
        self.verdict.show_chip(verdict_chip(details.facts.stored.evaluation.verdict))
        self.runs.show_rows(details.runs)
        self.entries.show_rows([EntryRow(entry, entry is chain[-1]) for chain in details.entries for entry in chain])
        self._show_specimen()

    def step(self, by: int) -> str:
        """Goes to another specimen; returns its label, empty if there is none."""
        details = self._details
        if details is None or not details.specimens:
            return ""
        self._position = (self._position + by) % len(details.specimens)
        self._show_specimen()
        return self.label_shown

    def show_curve(self, drawing: CurveDrawing | None) -> None:
        """The curve of the specimen in front, or why there is none."""
        if drawing is None:
            self.stack.setCurrentWidget(self.no_curve)
            return
        self.curve.set_labels(drawing.x_caption, drawing.y_caption)
        self.curve.set_curve(drawing.x, drawing.y, [after for _, after in drawing.gaps])
        levels = [Level(mark.symbol, mark.y) for mark in drawing.marks if mark.symbol.startswith(_LEVEL)]
        points = [mark for mark in drawing.marks if not mark.symbol.startswith(_LEVEL)]
        self.curve.set_markers([Marker(mark.symbol, mark.x, mark.y, _kind(mark.symbol)) for mark in points], levels)
        self.stack.setCurrentWidget(self.curve)

    def retranslate(self) -> None:
        """Captions anew."""
        captions = (
            translate("Review", "Values"),
            translate("Review", "Runs"),
            translate("Review", "Entries"),
        )
        for tab, caption in zip(Tab, captions, strict=True):
            self.tabs.setTabText(tab, f"{tab + 1}  {caption}")
        if self._details is not None:
            self._show_specimen()

    def _show_specimen(self) -> None:
        details = self._details
        if details is None or not details.specimens:
            self.values.show_rows(details.lot_values if details is not None else ())
            self.count.setText("")
            return
        piece = details.specimens[self._position]
        self.values.show_rows((*details.values_of(piece.label), *details.lot_values))
        self.count.setText(
            translate("Review", "Specimen {0} / {1}").format(self._position + 1, len(details.specimens))
            + f"  {piece.label}"
        )
        self.no_curve.say(*self._why_no_curve(piece))

    def _why_no_curve(self, piece: SpecimenInput) -> tuple[str, str]:
        if self._form() is not None:
            return (
                translate("Review", "Measured by hand"),
                translate("Review", "This method has no curve; what was typed is below (3)."),
            )
        if piece.manual_peak_kn is not None:
            return (
                translate("Review", "No curve"),
                translate("Review", "Two people read the peak from the display; the photo is at the right (P)."),
            )
        return (
            translate("Review", "No curve for this specimen"),
            translate("Review", "It was weighed or bent; its values are below."),
        )


def _kind(symbol: str) -> MarkerKind:
    return MarkerKind.MAXIMUM if symbol.split()[0] in ("Rm", "Fm") else MarkerKind.YIELD
