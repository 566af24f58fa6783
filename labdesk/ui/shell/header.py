"""The line above a page: title, what it is about, and at the right what to do next."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from labdesk.ui.page import Header
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import label
from labdesk.ui.widgets.key_hints import KeyHints


class HeaderLine(QWidget):
    """Title, subtitle, hint or key hints."""

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="page")
        self.setFixedHeight(Size.HEADER)
        self.title = label(role="page")
        self.subtitle = label(role="quiet")
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._hint = label(role="label")
        self._keys = KeyHints(columns=0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.S, Space.XL, Space.NONE)
        layout.setSpacing(Space.M + Space.XXS)
        layout.addWidget(self.title)
        layout.addWidget(self.subtitle, 1)
        layout.addWidget(self._hint)
        layout.addWidget(self._keys)

    def show_header(self, title: str, header: Header) -> None:
        """Shows the line of a page."""
        self.title.setText(title)
        self.subtitle.setText(header.subtitle)
        self._hint.setText("" if header.keys else header.hint)
        self._keys.show_actions(header.keys)
        self._keys.setVisible(bool(header.keys))
