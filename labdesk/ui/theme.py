"""Turns tokens into Qt's palette and style sheet, and switches light and dark while the program runs.

Widgets say what they *are* through dynamic properties (``mark(label, role="label")``); what that looks like is said here alone.
Widgets that paint themselves ask :func:`colours` in ``paintEvent``: a switch repaints everything.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from labdesk.ui.fonts import font, load_fonts
from labdesk.ui.style_sheet import style_sheet
from labdesk.ui.tokens import PALETTES, Palette, Scheme, TypeSize

_PROPERTY = "labdesk_scheme"


def apply(app: QApplication, scheme: Scheme) -> None:
    """Dresses the whole application in ``scheme``; call it again to switch."""
    load_fonts()
    if (
        app.property(_PROPERTY) is None
    ):  # asking app.style() once a style sheet is set returns a wrapper that may be dead
        app.setStyle("fusion")
    app.setProperty(_PROPERTY, scheme.value)
    tokens = PALETTES[scheme]
    app.setFont(font(TypeSize.BODY))
    app.setPalette(_qt_palette(tokens))
    app.setStyleSheet(style_sheet(tokens))
    for window in app.topLevelWidgets():
        for widget in (window, *window.findChildren(QWidget)):
            QWidget.update(widget)  # item views hide it behind update(index)


def scheme() -> Scheme:
    """The scheme in force; light before :func:`apply`."""
    app = QCoreApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    return Scheme(found) if found else Scheme.LIGHT


def colours() -> Palette:
    """The tokens in force, for widgets that paint themselves."""
    return PALETTES[scheme()]


def mark(widget: QWidget, **properties: str) -> None:
    """Sets what a widget is (``kind``, ``role``, ``state`` ...) and restyles it."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QWidget.update(widget)


def _qt_palette(tokens: Palette) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: tokens.background,
        QPalette.ColorRole.WindowText: tokens.ink,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.background,
        QPalette.ColorRole.Text: tokens.ink,
        QPalette.ColorRole.PlaceholderText: tokens.ink_3,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.ink,
        QPalette.ColorRole.ToolTipBase: tokens.surface,
        QPalette.ColorRole.ToolTipText: tokens.ink,
        QPalette.ColorRole.Highlight: tokens.brand,
        QPalette.ColorRole.HighlightedText: tokens.on_brand,
        QPalette.ColorRole.Link: tokens.brand,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.ink_3))
    return made
