"""What a line says, seen three ways side by side: bytes, text, and values as the driver understands them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from labdesk.domain.capture import LinkTrouble
from labdesk.domain.finding import Listened, Shown
from labdesk.domain.taps import tap_sentence
from labdesk.ui.testing.words import trouble_told, trouble_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import label, wrapped

translate = QCoreApplication.translate

_BYTES, _PER_LINE = 40, 10


def hex_lines(tail: bytes) -> str:
    """The newest bytes as hexadecimal, ten a line."""
    shown = tail[-_BYTES:]
    return "\n".join(shown[at : at + _PER_LINE].hex(" ").upper() for at in range(0, len(shown), _PER_LINE))


def text_lines(tail: bytes) -> str:
    """The newest bytes as text; what cannot be printed is a middle dot."""
    shown = tail[-_BYTES:]
    signs = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in shown)
    return "\n".join(signs[at : at + _PER_LINE] for at in range(0, len(signs), _PER_LINE))


def value_text(shown: Shown) -> str:
    """``12.34 kN``."""
    return f"{shown.value.normalize():f} {shown.unit}" if shown.value else f"0 {shown.unit}"


class LineView(QWidget):
    """Three columns and a line of counters below; ``right`` takes what is to be compared with the values."""

    def __init__(self) -> None:
        super().__init__()
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self._captions = tuple(label(role="label") for _ in range(3))
        self.hex, self.text, self.values = label(), label(), label(role="page")
        self.values.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.right = QVBoxLayout()
        for column in (self.hex, self.text):
            column.setFont(fixed)
            column.setAlignment(Qt.AlignmentFlag.AlignTop)
            column.setMinimumHeight(self.fontMetrics().lineSpacing() * (_BYTES // _PER_LINE))
        self.counters = wrapped(role="quiet")
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        for caption, body in zip(self._captions, (self.hex, self.text, self.values), strict=True):
            titled = _titled(caption, body)
            columns.addLayout(titled, 1)
        titled.addLayout(self.right)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.addLayout(columns)
        outer.addWidget(self.counters)
        self.show_heard(Listened())

    def show_heard(self, heard: Listened) -> None:
        """The newest of the line."""
        self.hex.setText(hex_lines(heard.tail))
        self.text.setText(text_lines(heard.tail))
        self.values.setText("\n".join(value_text(each) for each in heard.values) or "—")
        mark(self.counters, state="bad" if heard.trouble else "")
        self.counters.setText(counters_text(heard))

    def retranslate(self) -> None:
        """Captions of the columns."""
        captions = (
            translate("Equipment", "Bytes"),
            translate("Equipment", "As text"),
            translate("Equipment", "As the driver understands it"),
        )
        for made, text in zip(self._captions, captions, strict=True):
            made.setText(text)


def counters_text(heard: Listened) -> str:
    """How well the driver understands the line, or why there is none."""
    if tap_sentence(heard.trouble):
        return trouble_told(LinkTrouble(heard.trouble))
    if heard.trouble:
        return translate("Equipment", "The port does not open: {0} ({1}).").format(
            trouble_word(LinkTrouble(heard.trouble)), heard.detail
        )
    if not heard.received:
        return translate("Equipment", "Nothing has arrived yet: is the machine switched on and its output enabled?")
    return translate("Equipment", "{0} bytes · {1} good frames · {2} bad · {3} bytes in no frame").format(
        heard.received, heard.good, heard.bad, heard.skipped
    )


def _titled(caption: QLabel, body: QLabel) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(Space.XS)
    made.addWidget(caption)
    made.addWidget(body, 1)
    return made
