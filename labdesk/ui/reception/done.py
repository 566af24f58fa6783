"""A finished reception: what was received under which number, and the papers to print."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from labdesk.domain.reception import ReceptionView
from labdesk.domain.specimens import Lot
from labdesk.services.receiving import Received
from labdesk.ui.icons import Icon
from labdesk.ui.reception.words import day_word, spec_word, verdict_word
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate
_LOT, _SPEC, _LABELS, _DUE = 170, 150, 230, 120


@dataclass(frozen=True)
class PaperRow:
    """A paper of the reception.

    Attributes:
        key: the letter that opens it, empty for slips.
        name: what it is.
        detail: number or reason.
        file_name: as the viewer shows it.
        sha256: of the PDF.
    """

    key: str
    name: str
    detail: str
    file_name: str
    sha256: str


def paper_rows(view: ReceptionView, received: Received) -> list[PaperRow]:
    """Receipt and labels first, then the slips."""
    rows = []
    if received.lots:
        number = received.receipt_no
        pieces = sum(len(lot.specimens) for lot in received.lots)
        rows = [
            PaperRow("R", translate("Reception", "Receipt"), number, f"{number}.pdf", received.receipt_sha256),
            PaperRow(
                "L",
                translate("Reception", "Labels"),
                translate("Reception", "{0} labels").format(pieces),
                f"{number}-labels.pdf",
                received.labels_sha256,
            ),
        ]
    slip = translate("Reception", "Rejection slip")
    return rows + [
        PaperRow("", slip, f"{item.number} · {verdict_word(item.finding)}", f"{item.number}.pdf", item.slip_sha256)
        for item in view.rejections
    ]


class DonePanel(QWidget):
    """Lots at the left, papers at the right.

    Signals:
        paper_opened(PaperRow): Enter or double click on a paper.
    """

    paper_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lots: DataTable[Lot] = DataTable(_lot_columns())
        self.papers: DataTable[PaperRow] = DataTable(
            (
                Column(lambda: translate("Reception", "Key"), lambda row: row.key, width=Size.RAIL - Size.CONTROL),
                Column(lambda: translate("Reception", "Paper"), lambda row: row.name, width=Size.RAIL + Space.XL),
                Column(lambda: "", lambda row: row.detail, style=CellStyle.QUIET),
            )
        )
        self.papers.opened.connect(self.paper_opened)
        self.nothing = EmptyState(Icon.INBOX)
        left, right = Card(), Card()
        left.flush()
        left.body.addWidget(self.lots)
        left.body.addWidget(self.nothing)
        right.flush()
        right.setFixedWidth(Size.SIDE)
        right.body.addWidget(self.papers)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.L)
        layout.addWidget(left, 1)
        layout.addWidget(right)

    def show_done(self, view: ReceptionView, received: Received) -> None:
        """Shows another finished reception."""
        self.lots.show_rows(received.lots)
        self.lots.setVisible(bool(received.lots))
        self.nothing.setVisible(not received.lots)
        self.nothing.say(
            translate("Reception", "Nothing was received"),
            translate("Reception", "Every lot was refused. Print the slips and hand the samples back; no number was used."),
        )
        self.papers.show_rows(paper_rows(view, received))
        self.papers.select(0)


def _lot_columns() -> tuple[Column[Lot], ...]:
    return (
        Column(lambda: translate("Reception", "Lot"), lambda lot: lot.number, style=CellStyle.STRONG, width=_LOT),
        Column(lambda: translate("Reception", "Grade and size"), spec_word, width=_SPEC),
        Column(lambda: translate("Reception", "Part of the structure"), lambda lot: lot.part),
        Column(lambda: translate("Reception", "Labels"), _labels, width=_LABELS),
        Column(
            lambda: translate("Reception", "Due"),
            lambda lot: day_word(lot.due_at) if lot.due_at else translate("Reception", "at once"),
            width=_DUE,
        ),
    )


def _labels(lot: Lot) -> str:
    """``G26-00417-1 … 6``: the first label and the last piece."""
    if not lot.specimens:
        return ""
    first, last = lot.specimens[0], lot.specimens[-1]
    return first.label if first is last else f"{first.label} … {last.piece}"
