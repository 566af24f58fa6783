"""A search field above a list: arrows typed into the field walk the list, so that the hands stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from labdesk.ui.widgets.table import DataTable

_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ListKeys(QObject):
    """Hands arrows, and Enter where somebody wants it, from a search field to its list; every other key stays in the field."""

    def __init__(self, field: QLineEdit, table: DataTable[Any], on_enter: Callable[[], object] | None = None) -> None:
        """``on_enter``: what Enter does; without it Enter is the field's own."""
        super().__init__(field)
        self._table, self._on_enter = table, on_enter
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the class."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _ARROWS:
                self._table.step(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() in _ENTER and self._on_enter is not None:
                self._on_enter()
                return True
        return super().eventFilter(watched, event)
