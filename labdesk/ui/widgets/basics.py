"""Card, labels, hairline, buttons: the smallest blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon, icon
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space


def label(text: str = "", role: str = "body", parent: QWidget | None = None) -> QLabel:
    """A plain-text label; ``role`` is a step of the type scale (see style_sheet). Data are never taken for markup."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    mark(made, role=role)
    return made


def wrapped(text: str = "", role: str = "body") -> QLabel:
    """A label that breaks into lines."""
    made = label(text, role)
    made.setWordWrap(True)
    return made


def rule() -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setFixedHeight(Size.HAIRLINE)
    mark(made, kind="rule")
    return made


def button(text: str = "", kind: str = "", pressed: Callable[[], object] | None = None) -> QPushButton:
    """A button: ``kind`` is empty, ``primary``, ``danger`` or ``quiet``."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    mark(made, kind=kind)
    if pressed is not None:
        made.clicked.connect(lambda: pressed())
    return made


def icon_button(name: Icon, tip: str, pressed: Callable[[], object]) -> QPushButton:
    """A quiet button with only an icon; ``tip`` is its name for tooltips and screen readers."""
    made = button(kind="quiet", pressed=pressed)
    made.setIcon(icon(name, Size.NOTICE_ICON, colours().ink_2))
    made.setIconSize(QSize(Size.NOTICE_ICON, Size.NOTICE_ICON))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made


def row(*widgets: QWidget, gap: Space = Space.S, stretch: bool = False) -> QHBoxLayout:
    """Widgets side by side without margins; ``stretch`` leaves the rest of the width free."""
    made = QHBoxLayout()
    _fill(made, widgets, gap)
    if stretch:
        made.addStretch(1)
    return made


def column(*widgets: QWidget, gap: Space = Space.S) -> QVBoxLayout:
    """Widgets below each other without margins."""
    made = QVBoxLayout()
    _fill(made, widgets, gap)
    return made


def beside(left: QWidget, right: QWidget, *, wide: QWidget) -> QWidget:
    """The two parts of a page side by side; ``wide`` is the one that takes the room that is left."""
    made = QWidget()
    parts = row(left, right, gap=Space.L)
    parts.setStretchFactor(wide, 1)
    made.setLayout(parts)
    return made


def _fill(layout: QBoxLayout, widgets: tuple[QWidget, ...], gap: Space) -> None:
    layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
    layout.setSpacing(gap)
    for widget in widgets:
        layout.addWidget(widget)


def page_margins(layout: QLayout) -> None:
    """The margins of a page's outer layout: below the header, above the status bar."""
    layout.setContentsMargins(Space.XL, Space.NONE, Space.XL, Space.L + Space.XS)
    layout.setSpacing(Space.L)


def empty_layout(layout: QLayout) -> None:
    """Removes everything from a layout, nested layouts too."""
    while layout.count():
        item = layout.takeAt(0)
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            empty_layout(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Card(QFrame):
    """A white sheet with a hairline and round corners; put things into ``body``. A ``title`` is a quiet line on top."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.L + Space.XXS, Space.M + Space.XXS, Space.L + Space.XXS, Space.M + Space.XXS)
        self.body.setSpacing(Space.S)
        self._title = label(title, "label")
        self._title.setVisible(bool(title))
        self.body.addWidget(self._title)

    def set_title(self, title: str) -> None:
        """Changes the quiet line on top; empty hides it."""
        self._title.setText(title)
        self._title.setVisible(bool(title))

    def flush(self) -> None:
        """Takes the margins away, for a table that reaches the edges."""
        self.body.setContentsMargins(Size.HAIRLINE, Size.HAIRLINE, Size.HAIRLINE, Size.HAIRLINE)
        self.body.setSpacing(Space.NONE)
