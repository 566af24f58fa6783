"""Ports of paired computers, added to a list of ports as soon as those computers have told them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QWidget

from labdesk.domain.finding import FindsElsewhere, MachineFinder, PortsElsewhere
from labdesk.ui.ops import Query
from labdesk.ui.page import PageContext


class RemotePorts(QObject):
    """Asks off the screen's thread; a computer that does not answer is one sentence, and holds up nobody."""

    def __init__(
        self, context: PageContext, finder: MachineFinder, say: Callable[[str, str], None], parent: QWidget
    ) -> None:
        """``say``: shows a sentence with its state (``bad``)."""
        super().__init__(parent)
        self._context, self._finder, self._say = context, finder, say
        self._asked = 0

    def fill(self, box: QComboBox) -> None:
        """Adds what the paired computers tell to ``box``; what is chosen or typed there stays."""
        finder = self._finder
        if not isinstance(finder, FindsElsewhere):
            return
        self._asked += 1
        number = self._asked

        def told(found: tuple[PortsElsewhere, ...]) -> None:
            if number != self._asked:
                return
            typed = box.currentText()
            for each in found:
                for seen in each.ports:
                    box.addItem(" · ".join(part for part in (seen.url, seen.name, seen.identity) if part), seen.url)
            box.setEditText(typed or box.itemText(0))
            line = box.lineEdit()
            if line is not None:
                line.setCursorPosition(0)
            sentences = [self._context.errors.sentence(each.trouble) for each in found if each.trouble is not None]
            if sentences:
                self._say(" ".join(sentences), "bad")

        Query(self._context.ops, self, finder.elsewhere).then(told).start()
