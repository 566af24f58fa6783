"""One report in the side column: what it is, where it stands, what the platform misses, its copies."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labdesk.domain.clock import WALL
from labdesk.domain.evaluation import Remark
from labdesk.domain.sentences import say, say_known
from labdesk.services.report_desk import ReportRow
from labdesk.ui.i18n import language
from labdesk.ui.reporting.words import request_text, state_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, empty_layout, wrapped
from labdesk.ui.widgets.facts import Fact, FactList

translate = QCoreApplication.translate


class ReportCard(Card):
    """Facts of the selected report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFixedWidth(Size.SIDE)
        self.facts = FactList()
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(Space.XS)
        self.body.addWidget(self.facts)
        self.body.addLayout(self._reasons)
        self.body.addStretch(1)

    def show_row(self, row: ReportRow) -> None:
        """Shows another report."""
        self.set_title(row.report_no)
        issued = f"{row.issued_at.astimezone(WALL):%Y-%m-%d %H:%M}" if row.issued_at is not None else "—"
        self.facts.show_facts(
            (
                Fact(translate("Reports", "State"), "", state_chip(row)),
                Fact(translate("Reports", "Report code"), row.code or "—", strong=True),
                Fact(translate("Reports", "Issued"), issued),
                Fact(translate("Reports", "Issue · round"), f"{row.issue_no} · {row.round}"),
                Fact(translate("Reports", "Lot"), row.lot_no),
                Fact(translate("Reports", "Project"), f"{row.project} {row.unit}".strip() or "—"),
                Fact(translate("Reports", "Part"), row.part or "—"),
                Fact(translate("Reports", "Verdict"), say(f"print.verdict.{row.verdict.value}", language())),
                Fact(translate("Reports", "Copies"), self._copies(row)),
            )
        )
        empty_layout(self._reasons)
        self._say(request_text(row), "bad" if row.refusal is not None else "")
        for remark in (*((row.refusal,) if row.refusal is not None else ()), *row.missing):
            self._say_remark(remark)
        if row.returned_reason:
            self._say(translate("Reports", "Returned: {0}").format(row.returned_reason), "warn")

    @staticmethod
    def _copies(row: ReportRow) -> str:
        exported = sum(item.count for item in row.copies if item.kind == "export")
        drafts = sum(item.count for item in row.copies if not item.coded and item.kind == "print")
        return translate("Reports", "{0} printed · {1} exported · {2} drafts").format(row.printed, exported, drafts)

    def _say_remark(self, remark: Remark) -> None:
        self._say(f"· {say_known(remark.key, language(), remark.params)}", "")

    def _say(self, text: str, state: str) -> None:
        if text:
            line = wrapped(text)
            mark(line, state=state)
            self._reasons.addWidget(line)
