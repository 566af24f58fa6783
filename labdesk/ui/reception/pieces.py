"""The table of pieces: one row a tag, with what its newest scan said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from labdesk.domain.commission import LotOrder, SampleOrder
from labdesk.domain.reception import HARMLESS, Finding, ReceptionView, ScanVerdict
from labdesk.ui.reception.verdicts import number_of
from labdesk.ui.reception.words import short_word, spec_word, tag_word
from labdesk.ui.widgets.table import CellStyle, Chip, ChipState, Column, DataTable

translate = QCoreApplication.translate
_NUMBER, _TAG, _SPEC, _STATE = 44, 186, 140, 216


@dataclass(frozen=True)
class PieceRow:
    """A piece of the commission.

    Attributes:
        number: running, over all lots.
        finding: what its newest scan said, ``None`` while it waits.
        slip_no: under which it (or its lot) was refused.
        lot_refused: its lot was refused as a whole.
    """

    number: int
    lot: LotOrder
    sample: SampleOrder
    finding: Finding | None
    slip_no: str
    lot_refused: bool

    @property
    def place(self) -> tuple[int, int]:
        """Lot and sample index."""
        return self.lot.index, self.sample.index

    @property
    def waits(self) -> bool:
        """Whether it still has to be looked at and scanned."""
        return self.finding is None and not self.lot_refused

    @property
    def refusable(self) -> bool:
        """Whether its newest scan refuses it and no slip was written yet."""
        return self.finding is not None and self.finding.refuses() and not self.slip_no


def piece_rows(view: ReceptionView) -> list[PieceRow]:
    """All pieces, lot by lot."""
    newest = {scan.tag: scan.finding for scan in view.scans if scan.finding.verdict not in HARMLESS}
    slips = {item.tag: item.number for item in view.rejections if item.tag}
    of_lot = {item.lot_index: item.number for item in view.rejections if not item.tag}
    return [
        PieceRow(
            number_of(view, lot.index, sample),
            lot,
            sample,
            newest.get(sample.tag),
            slips.get(sample.tag) or of_lot.get(lot.index, ""),
            lot.index in of_lot,
        )
        for lot in view.commission.lots
        for sample in lot.samples
    ]


def next_waiting(rows: Sequence[PieceRow]) -> int | None:
    """Position of the first piece that waits."""
    return next((position for position, row in enumerate(rows) if row.waits), None)


class PieceTable(DataTable[PieceRow]):
    """The table; a wrong tag that is not of this commission shows on the row of the piece it was glued to."""

    def __init__(self) -> None:
        self.wrong: Finding | None = None
        super().__init__(
            (
                Column(lambda: translate("Reception", "#"), lambda row: str(row.number), width=_NUMBER),
                Column(lambda: translate("Reception", "Tag"), lambda row: tag_word(row.sample.tag), width=_TAG),
                Column(lambda: translate("Reception", "Grade and size"), lambda row: spec_word(row.lot), width=_SPEC),
                Column(lambda: translate("Reception", "Part of the structure"), _part, style=CellStyle.PLAIN),
                Column(lambda: translate("Reception", "Check"), lambda row: "", self._chip, width=_STATE),
            )
        )

    def show_pieces(self, rows: Sequence[PieceRow], wrong: Finding | None = None) -> None:
        """Shows other rows; ``wrong`` is said at the piece that is looked at now."""
        self.wrong = wrong
        self.show_rows(rows)

    def _chip(self, row: PieceRow) -> Chip | None:
        if self.wrong is not None and row == self.current_row() and row.waits:
            return Chip(ChipState.BAD, short_word(self.wrong))
        if row.slip_no:
            return Chip(ChipState.BAD, translate("Reception", "refused, {0}").format(row.slip_no))
        if row.finding is None:
            return Chip(ChipState.INFO, translate("Reception", "to scan"))
        if row.finding.verdict is ScanVerdict.MATCH:
            return Chip(ChipState.OK, short_word(row.finding))
        if row.finding.verdict is ScanVerdict.QUANTITY_SHORT:
            return Chip(ChipState.WARN, short_word(row.finding))
        return Chip(ChipState.BAD, short_word(row.finding))


def _part(row: PieceRow) -> str:
    return f"{row.lot.part} · {translate('Reception', 'spare')}" if row.sample.spare else row.lot.part
