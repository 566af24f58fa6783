"""One message in the side column: what it tells, how often it was tried, its receipt, or why it is stuck."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout

from labdesk.services.sync_desk import SyncRow
from labdesk.ui.sync.words import kind_word, moment, sentence, state_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, button, empty_layout, wrapped
from labdesk.ui.widgets.facts import Fact, FactList

translate = QCoreApplication.translate
_AT_MOST = 5


class MessageCard(Card):
    """Facts of the selected message, and what a person may do with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SIDE)
        self.facts = FactList()
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(Space.XS)
        self.again, self.close_it = button(kind="primary"), button()
        self.body.addWidget(self.facts)
        self.body.addLayout(self._reasons)
        self.body.addStretch(1)
        self.body.addWidget(self.again)
        self.body.addWidget(self.close_it)

    def show_row(self, row: SyncRow, now: datetime) -> None:
        """Shows another message."""
        message, receipt = row.message, row.receipt
        self.set_title(kind_word(row.kind))
        received = receipt.received_at if receipt is not None else None
        facts = [
            Fact(translate("Sync", "About"), row.about, strong=True),
            Fact(translate("Sync", "Commission"), row.commission_no),
            Fact(translate("Sync", "State"), "", state_chip(row)),
            Fact(translate("Sync", "Made"), moment(message.created_at, now)),
            Fact(translate("Sync", "Files"), str(len(message.attachments))),
            Fact(translate("Sync", "Fingerprint"), message.sha256[:16]),
        ]
        if message.attempts:
            facts.append(Fact(translate("Sync", "Failed tries"), str(message.attempts)))
        if receipt is not None:
            facts.append(Fact(translate("Sync", "Received"), moment(received, now) if received is not None else "—"))
            facts.append(Fact(translate("Sync", "Receipt by"), receipt.key_id))
        self.facts.show_facts(facts)
        self._show_reasons(row)
        self.again.setText(translate("Sync", "Send again   F5"))
        self.close_it.setText(translate("Sync", "Close with a reason   F8"))
        self.again.setVisible(row.stuck)
        self.close_it.setVisible(row.stuck)

    def _show_reasons(self, row: SyncRow) -> None:
        empty_layout(self._reasons)
        if row.reason is not None:
            self._say(sentence(row.reason), "bad" if row.stuck else "warn")
        for piece in row.missing[:_AT_MOST]:
            self._say(f"· {sentence(piece)}")
        if len(row.missing) > _AT_MOST:
            self._say(translate("Sync", "and {0} more").format(len(row.missing) - _AT_MOST))
        if row.closure is not None:
            self._say(translate("Sync", "Closed by {0}: {1}").format(row.closure.person_name, row.closure.reason))

    def _say(self, text: str, state: str = "") -> None:
        line = wrapped(text)
        mark(line, state=state)
        self._reasons.addWidget(line)
