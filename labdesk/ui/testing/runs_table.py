"""Loadings of a lot, and declaring one invalid: which spare takes its place, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.testing import Run
from labdesk.services.lot_desk import RunLine, RunStanding
from labdesk.ui.testing.words import end_word, kn
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.sheets import Placement, ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


def runs_table() -> DataTable[RunLine]:
    """The table of loadings."""
    return DataTable[RunLine](
        (
            Column(
                lambda: translate("Measure", "Specimen"),
                lambda line: line.run.specimen_label,
                style=CellStyle.STRONG,
                width=140,
            ),
            Column(lambda: translate("Measure", "Run"), lambda line: line.run.number, width=140),
            Column(lambda: translate("Measure", "Machine"), lambda line: line.run.machine_number, width=100),
            Column(
                lambda: translate("Measure", "Peak, kN"),
                lambda line: kn(line.run.peak_kn if line.reading_kn is None else line.reading_kn),
                style=CellStyle.NUMBER,
                width=90,
            ),
            Column(lambda: translate("Measure", "End"), lambda line: end_word(line.run.end_reason), width=180),
            chip_column(lambda: translate("Measure", "State"), _standing, width=170),
            Column(lambda: translate("Measure", "Reason"), _reason, style=CellStyle.QUIET),
        )
    )


def _standing(line: RunLine) -> Chip:
    words = {
        RunStanding.COUNTS: Chip(ChipState.OK, translate("Measure", "counts")),
        RunStanding.INVALID: Chip(ChipState.BAD, translate("Measure", "invalid")),
        RunStanding.NOT_LOADED: Chip(ChipState.QUIET, translate("Measure", "not loaded")),
        RunStanding.GAP: Chip(ChipState.BAD, translate("Measure", "gap, not counted")),
        RunStanding.OPEN: Chip(ChipState.BAD, translate("Measure", "what was found?")),
        RunStanding.UNBROKEN: Chip(ChipState.INFO, translate("Measure", "was unbroken")),
        RunStanding.READING: Chip(ChipState.WARN, translate("Measure", "reading, no curve")),
        RunStanding.LOST: Chip(ChipState.BAD, translate("Measure", "lost")),
    }
    return words[line.standing]


def _reason(line: RunLine) -> str:
    if line.replacement:
        return translate("Measure", "{0} · replaced by {1}").format(line.reason, line.replacement)
    return line.reason


@dataclass(frozen=True)
class Invalid:
    """A run to be declared invalid."""

    run: Run
    spare: str
    reason: str


class InvalidateFlow(QObject):
    """Two questions in the corner: which spare, and why.

    Signals:
        given(Invalid): both were answered.
    """

    given = Signal(object)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.spare, self.reason = ReasonSheet(page, Placement.CENTRE), ReasonSheet(page, Placement.CENTRE)
        self.spare.given.connect(self._on_spare)
        self.reason.given.connect(self._on_reason)
        self._run: Run | None = None
        self._chosen = ""
        self._spares: tuple[str, ...] = ()

    def ask(self, run: Run, spares: Sequence[str]) -> None:
        """Begins with the spare; without spares at once with the reason."""
        self._run, self._chosen, self._spares = run, "", tuple(spares)
        if not spares:
            self._ask_reason()
            return
        self.spare.ask(
            translate("Measure", "{0}: which spare takes its place?").format(run.specimen_label),
            translate("Measure", "Press its digit, then Enter. The run is kept and marked invalid."),
            (*spares, translate("Measure", "None")),
        )

    def _on_spare(self, chosen: str) -> None:
        self._chosen = chosen if chosen in self._spares else ""
        self._ask_reason()

    def _ask_reason(self) -> None:
        if self._run is None:
            return
        title = translate("Measure", "{0}: why is the run invalid?").format(self._run.specimen_label)
        sentence = translate("Measure", "Replaced by {0}.").format(self._chosen) if self._chosen else ""
        self.reason.ask(
            title,
            sentence or translate("Measure", "Nothing takes its place: the lot stays incomplete."),
            (
                translate("Measure", "Broke at the grip"),
                translate("Measure", "Fault of the machine"),
                translate("Measure", "Piece was placed wrongly"),
            ),
        )

    def _on_reason(self, reason: str) -> None:
        if self._run is not None:
            self.given.emit(Invalid(self._run, self._chosen, reason))
