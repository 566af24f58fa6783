"""The pieces of a commission, grouped by lot, each with a chip that says how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from labdesk.domain.commission import LotOrder, SampleOrder
from labdesk.domain.reception import HARMLESS, ReceptionView, Scanned
from labdesk.ui.reception.words import lot_chip, piece_chip, specification, tag_text
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.chips import Chip
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
_CHECK_COLUMN = 2 * Size.RAIL + Space.XL


@dataclass(frozen=True)
class PieceRow:
    """A row: a piece, or the head of a lot (``sample`` is None)."""

    lot: LotOrder
    sample: SampleOrder | None
    chip: Chip

    def number(self) -> str:
        """Its place in the lot."""
        return "" if self.sample is None else str(self.sample.index)

    def tag(self) -> str:
        """Its tag; the head names the lot."""
        if self.sample is not None:
            return tag_text(self.sample.tag)
        name = translate("Reception", "Lot {0}").format(self.lot.index)
        return f"{name} · {self.lot.material}"

    def part(self) -> str:
        """What it stands for; the head adds how much."""
        if self.sample is None:
            return f"{self.lot.part} · {self.lot.quantity}"
        words = self.sample.description or self.lot.part
        spare = translate("Reception", "spare")
        return f"{words} · {spare}" if self.sample.spare else words


def rows_of(view: ReceptionView) -> tuple[PieceRow, ...]:
    """All rows; a single lot that nothing is to be said of needs no head."""
    return tuple(_rows(view))


def _rows(view: ReceptionView) -> Iterator[PieceRow]:
    newest: dict[tuple[int, int], Scanned] = {
        (scan.lot_index, scan.sample_index): scan for scan in view.scans if scan.finding.verdict not in HARMLESS
    }
    slips = {slip.tag: slip for slip in view.rejections if slip.tag}
    of_lots = {slip.lot_index: slip for slip in view.rejections if not slip.tag}
    for count in view.counts:
        lot = count.lot
        finding, whole = view.lot_findings.get(lot.index), of_lots.get(lot.index)
        if len(view.counts) > 1 or finding is not None or whole is not None:
            yield PieceRow(lot, None, lot_chip(count, finding, whole))
        for sample in lot.samples:
            chip = piece_chip(count, newest.get((lot.index, sample.index)), slips.get(sample.tag))
            yield PieceRow(lot, sample, chip)


def _columns() -> tuple[Column[PieceRow], ...]:
    return (
        Column(lambda: "#", PieceRow.number, style=CellStyle.PLAIN, width=Size.ROW),
        Column(
            lambda: translate("Reception", "Tag"),
            PieceRow.tag,
            width=2 * Size.RAIL,
        ),
        Column(
            lambda: translate("Reception", "Specification"),
            lambda row: specification(row.lot),
            width=2 * Size.RAIL - Space.L,
        ),
        Column(lambda: translate("Reception", "Part"), PieceRow.part),
        chip_column(lambda: translate("Reception", "Check"), lambda row: row.chip, _CHECK_COLUMN),
    )


class PieceTable(DataTable[PieceRow]):
    """The table of pieces."""

    def __init__(self) -> None:
        super().__init__(_columns())

    def show_view(self, view: ReceptionView) -> None:
        """Shows how the pieces stand; selection and scroll stay."""
        self.show_rows(rows_of(view))

    def go_to(self, tag: str) -> None:
        """Selects the row of a tag, if it is one of these."""
        for at, row in enumerate(self.rows_model.rows):
            if row.sample is not None and row.sample.tag == tag:
                self.select(at)
                return
