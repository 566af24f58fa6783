"""The dark half of sign-in and first start: what this is, and the two switches that need no session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout

from labdesk.ui.icons import Icon, icon, pixmap
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import row

translate = QCoreApplication.translate
#: Share of the width, beside two empty stretches of 1.
POSTER_SHARE = 3


class Poster(QFrame):
    """The dark half.

    Signals:
        language_toggled(), scheme_toggled(): the switches at the foot.
    """

    language_toggled = Signal()
    scheme_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="rail")
        self._picture, self._wordmark, self._line = QLabel(), QLabel("LabDesk"), QLabel()
        self._line.setWordWrap(True)
        mark(self._wordmark, kind="posterName")
        mark(self._line, kind="posterLine")
        self._language = self._switch(Icon.LANGUAGE, self.language_toggled.emit)
        self._scheme = self._switch(Icon.DARK, self.scheme_toggled.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XXL * 2, Space.XXL, Space.XXL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addStretch(1)
        layout.addWidget(self._picture)
        layout.addSpacing(Space.M)
        layout.addWidget(self._wordmark)
        layout.addWidget(self._line)
        layout.addStretch(1)
        layout.addLayout(row(self._language, self._scheme, gap=Space.L, stretch=True))
        self.retranslate()
        self._tint()

    def retranslate(self) -> None:
        """Sets the texts."""
        self._line.setText(translate("Poster", "From the tag on the sample to a report that proves itself."))
        self._language.setText(translate("Poster", "Chinese / English   Ctrl+L"))
        self._scheme.setText(translate("Poster", "Light / dark   Ctrl+D"))

    def changeEvent(self, event: QEvent) -> None:
        """Texts follow the language, pictures the scheme."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _switch(self, name: Icon, toggle: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        mark(made, kind="railItem")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setIcon(icon(name, Size.ICON, colours().on_rail))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: toggle())
        return made

    def _tint(self) -> None:
        self._picture.setPixmap(pixmap(Icon.RECEPTION, Size.EMPTY_ICON + Space.XXL, colours().on_rail_active))
