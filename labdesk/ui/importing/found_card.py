"""The chosen test of a file: its curve, what the file states beside what we compute, and what a person should know."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea

from labdesk.domain.imported import Comparison, ImportedTest
from labdesk.domain.sentences import say_known
from labdesk.services.importing import Imported, all_remarks
from labdesk.ui.i18n import language
from labdesk.ui.importing.words import agrees_chip, dimension_word, state_chip
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, label, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.plot import CurveView
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


class FoundCard(Card):
    """One test."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Imported, int] | None = None
        self.title, self.facts = label(role="section"), wrapped(role="quiet")
        self.state, self.curve = StatusChip(Chip(ChipState.QUIET, "")), CurveView()
        self.results, self.remarks = DataTable[Comparison](_columns()), wrapped()
        mark(self.remarks, state="warn")
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        self.curve.setMinimumHeight(2 * Size.PHOTO)
        self.results.setMaximumHeight(2 * Size.PHOTO + Space.L)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setMaximumHeight(Size.PHOTO + Space.L)
        scroll.setWidget(self.remarks)
        self._scroll = scroll
        self.body.addLayout(head)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.curve, 1)
        self.body.addWidget(self.results)
        self.body.addWidget(scroll)
        self.show_test(None, 0)

    def show_test(self, found: Imported | None, place: int) -> None:
        """The ``place``-th test of what was read; nothing while something is asked."""
        self._shown = (found, place) if found is not None and place < len(found.file.tests) else None
        self.retranslate()

    def retranslate(self) -> None:
        """Everything anew, in the current language."""
        shown = self._shown
        for widget in (self.facts, self.state, self.curve, self.results, self._scroll):
            widget.setVisible(shown is not None)
        if shown is None:
            self.title.setText(translate("Importing", "Nothing is read yet"))
            return
        found, place = shown
        test = found.file.tests[place]
        self.title.setText(test.specimen or translate("Importing", "Test {0}").format(place + 1))
        self.state.show_chip(state_chip(test.state))
        self.facts.setText(_facts(test))
        self._draw(test)
        self.results.show_rows(found.comparisons[place])
        self.results.setVisible(bool(found.comparisons[place]))
        told = [say_known(item.key, language(), item.params) for item in all_remarks(test, found.remembered)]
        self.remarks.setText("\n".join(told))
        self._scroll.setVisible(bool(told))

    def _draw(self, test: ImportedTest) -> None:
        curve = test.curve
        self.curve.setVisible(curve is not None)
        if curve is None:
            return
        along = curve.displacement_mm or curve.extension_mm or curve.time_s
        caption = translate("Importing", "Time, s")
        if curve.displacement_mm is not None:
            caption = translate("Importing", "Crosshead, mm")
        elif curve.extension_mm is not None:
            caption = translate("Importing", "Extension, mm")
        self.curve.set_labels(caption, translate("Importing", "Force, kN"))
        self.curve.set_curve(along.view - along.view[0], curve.force_kn.view)


def _facts(test: ImportedTest) -> str:
    samples = translate("Importing", "{0} samples").format(len(test.curve)) if test.curve is not None else ""
    dimensions = [f"{dimension_word(name)} {text}" for name, text in test.geometry.items()]
    notes = [test.notes[name] for name in ("date", "operator", "machine", "standard") if test.notes.get(name)]
    return " · ".join(part for part in (samples, *dimensions, *notes) if part)


def _number(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.5g}"


def _columns() -> tuple[Column[Comparison], ...]:
    return (
        Column(
            lambda: translate("Importing", "Result"),
            lambda item: item.stated.name or item.stated.symbol,
            style=CellStyle.STRONG,
        ),
        Column(
            lambda: translate("Importing", "File says"),
            lambda item: f"{item.stated.text} {item.stated.unit}".strip(),
            style=CellStyle.NUMBER,
            width=120,
        ),
        Column(
            lambda: translate("Importing", "Ours"), lambda item: _number(item.ours), style=CellStyle.NUMBER, width=90
        ),
        Column(lambda: translate("Importing", "Within"), lambda item: item.tolerance, style=CellStyle.QUIET, width=80),
        chip_column(lambda: "", agrees_chip, width=130),
    )
