"""What a finished reception gave: lots with their numbers, and the papers to print."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from labdesk.domain.clock import WALL
from labdesk.domain.reception import ReceptionView
from labdesk.domain.specimens import Lot
from labdesk.services.receiving import Received
from labdesk.ui.reception.words import specification, tag_text, verdict_word
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, column
from labdesk.ui.widgets.table import CellStyle, Column, DataTable

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Document:
    """A paper to print: the digit that opens it, what it is, and its file."""

    key: str
    name: str
    number: str
    detail: str
    sha256: str


def documents_of(view: ReceptionView, received: Received) -> tuple[Document, ...]:
    """Receipt, labels and slips in the order they are printed."""
    found: list[tuple[str, str, str, str]] = []
    if received.receipt_sha256:
        pieces = sum(len(lot.specimens) for lot in received.lots)
        found.append((translate("Reception", "Receipt"), received.receipt_no, "", received.receipt_sha256))
        labels = translate("Reception", "{0} labels").format(pieces)
        found.append((translate("Reception", "Labels"), _range(received.lots), labels, received.labels_sha256))
    for slip in view.rejections:
        subject = tag_text(slip.tag) or translate("Reception", "lot {0}").format(slip.lot_index)
        reason = f"{verdict_word(slip.finding)} · {subject}"
        found.append((translate("Reception", "Rejection slip"), slip.number, reason, slip.slip_sha256))
    return tuple(Document(str(at) if at <= 9 else "", *each) for at, each in enumerate(found, start=1))


def _range(lots: tuple[Lot, ...]) -> str:
    """Blind numbers as short as they can be said: ``H26-00001-1 … 4``."""
    found = [(lot.specimens[0].label, len(lot.specimens)) for lot in lots]
    return "，".join(first if count == 1 else f"{first} … {count}" for first, count in found)


def _pieces(lot: Lot) -> str:
    spares = sum(piece.spare for piece in lot.specimens)
    tested = len(lot.specimens) - spares
    return translate("Reception", "{0} + {1} spare").format(tested, spares) if spares else str(tested)


def _due(lot: Lot) -> str:
    if lot.due_at is None:
        return translate("Reception", "as soon as possible")
    return lot.due_at.astimezone(WALL).strftime("%Y-%m-%d")


class DonePanel(QWidget):
    """Lots above, papers below.

    Signals:
        wanted(Document): a paper is to be opened.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lots: DataTable[Lot] = DataTable(_lot_columns())
        self.papers: DataTable[Document] = DataTable(_paper_columns())
        self.papers.opened.connect(self.wanted)
        self._lots, self._papers = Card(), Card()
        for card, table in ((self._lots, self.lots), (self._papers, self.papers)):
            card.flush()
            card.body.addWidget(table)
        self._lots.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = column(self._lots, self._papers, gap=Space.L)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_done(self, view: ReceptionView, received: Received) -> None:
        """Shows numbers and papers."""
        self.lots.show_rows(received.lots)
        shown = min(4, len(received.lots))
        self.lots.setFixedHeight(Size.TABLE_HEADER + shown * Size.ROW + Space.XS)
        self._lots.setVisible(bool(received.lots))
        self.papers.show_rows(documents_of(view, received))
        if self.papers.rows_model.rowCount():
            self.papers.select(0)

    def documents(self) -> tuple[Document, ...]:
        """The papers that are shown."""
        return tuple(self.papers.rows_model.rows)


def _lot_columns() -> tuple[Column[Lot], ...]:
    return (
        Column(
            lambda: translate("Reception", "Sample no."),
            lambda lot: lot.number,
            style=CellStyle.STRONG,
            width=2 * Size.RAIL,
        ),
        Column(lambda: translate("Reception", "Material"), lambda lot: f"{lot.material} {specification(lot)}"),
        Column(lambda: translate("Reception", "Part"), lambda lot: lot.part),
        Column(lambda: translate("Reception", "Pieces"), _pieces, width=Size.RAIL + Space.XL),
        Column(lambda: translate("Reception", "To test"), _due, width=Size.RAIL + Space.XXL),
    )


def _paper_columns() -> tuple[Column[Document], ...]:
    return (
        Column(lambda: translate("Reception", "Key"), lambda paper: paper.key, style=CellStyle.STRONG, width=Size.RAIL),
        Column(lambda: translate("Reception", "Paper"), lambda paper: paper.name, width=2 * Size.RAIL),
        Column(lambda: translate("Reception", "Number"), lambda paper: paper.number, width=2 * Size.RAIL + Space.XXL),
        Column(lambda: "", lambda paper: paper.detail, style=CellStyle.QUIET),
    )
