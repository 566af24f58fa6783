"""What a verification found: the banner, and below it every reason in the order it was found."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from labdesk.domain.sentences import say_known
from labdesk.domain.verification import Severity, VerificationResult
from labdesk.ui.i18n import language
from labdesk.ui.reporting.words import SEVERITIES, verification_verdict
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.banner import VerdictBanner
from labdesk.ui.widgets.basics import Card, column, empty_layout, label, wrapped
from labdesk.ui.widgets.chips import Chip, StatusChip

translate = QCoreApplication.translate
_ORDER = (Severity.DISPROVES, Severity.LEAVES_OPEN, Severity.PROVES, Severity.NOTE)


class VerifyView(QWidget):
    """Banner and reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.banner = VerdictBanner()
        self._card = Card()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.S)
        inner = QWidget()
        inner.setLayout(self._lines)
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setWidget(inner)
        self._card.body.addWidget(scroller)
        layout = column(self.banner, self._card, gap=Space.L)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._result: VerificationResult | None = None

    def show_result(self, result: VerificationResult) -> None:
        """Shows a result; what decides stands first."""
        self._result = result
        ranked = sorted(result.findings, key=lambda finding: _ORDER.index(finding.severity))
        head = " · ".join(part for part in (result.report_no, result.code, result.project_code) if part)
        first = say_known(ranked[0].key, language(), ranked[0].params) if ranked else ""
        self.banner.show_verdict(verification_verdict(result, head or first))
        self._card.set_title(translate("Reports", "What was checked"))
        empty_layout(self._lines)
        for finding in ranked:
            self._add(
                StatusChip(Chip(SEVERITIES[finding.severity], "")), say_known(finding.key, language(), finding.params)
            )
        for value in result.values:
            name = f"{value.symbol} {value.subject}".strip()
            self._add(label("", "label"), f"{name} = {value.value} {value.unit}")
        self._lines.addStretch(1)

    def retranslate(self) -> None:
        """The same result in another language."""
        if self._result is not None:
            self.show_result(self._result)

    def _add(self, mark: QWidget, text: str) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(wrapped(text), 1)
        self._lines.addLayout(line)
