"""The file's columns beside what LabDesk needs: column, unit and examples of each; what was asked is framed red."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from labdesk.domain.imported import ImportedTest
from labdesk.services.imported_runs import NEEDED, FileLook, column_answers
from labdesk.ui.importing.words import quantity_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, label, wrapped

translate = QCoreApplication.translate

#: Answers that are typed, each shown only where it is asked for.
_TYPED = {"import.ask_time": ("sampling_hz",), "import.ask_gain": ("curve_a", "curve_b", "force_unit")}
_USED = {"time_s": "time", "force_kn": "force", "extension_mm": "extension", "displacement_mm": "displacement"}


class ColumnsCard(Card):
    """Quantities with their columns and units.

    Signals:
        changed(): something was answered.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SHEET)
        self._look: FileLook | None = None
        self.title, self.sentence = label(role="section"), wrapped()
        self.columns: dict[str, QComboBox] = {}
        self.units: dict[str, QComboBox] = {}
        self.decimal = QComboBox()
        self.typed = {name: QLineEdit() for name in ("sampling_hz", "curve_a", "curve_b")}
        self._captions: dict[str, QLabel] = {}
        self._examples: dict[str, QLabel] = {}
        self.body.addWidget(self.title)
        self.body.addWidget(self.sentence)
        self.body.addLayout(self._grid())
        self.body.addStretch(1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for line, (name, units) in enumerate(NEEDED.items()):
            self._captions[name], self._examples[name] = label(role="label"), label(role="quiet")
            box, unit = QComboBox(), QComboBox()
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            unit.addItems(["", *units])
            self.columns[name], self.units[name] = box, unit
            for chosen in (box, unit):
                chosen.activated.connect(lambda _: self.changed.emit())
            for at, widget in enumerate((self._captions[name], box, unit)):
                grid.addWidget(widget, 2 * line, at)
            grid.addWidget(self._examples[name], 2 * line + 1, 1, 1, 2)
        line = 2 * len(NEEDED)
        rows: dict[str, QWidget] = {"decimal": self.decimal, **self.typed}
        for at, (name, asked) in enumerate(rows.items(), start=line):
            self._captions[name] = label(role="label")
            grid.addWidget(self._captions[name], at, 0)
            grid.addWidget(asked, at, 1, 1, 2)
        self.decimal.activated.connect(lambda _: self.changed.emit())
        for field in self.typed.values():
            field.editingFinished.connect(self.changed.emit)
        grid.setColumnStretch(1, 1)
        return grid

    def show_look(self, look: FileLook | None, test: ImportedTest | None, sentence: str) -> None:
        """Another file, or the same one under other answers; what was chosen by hand stays chosen."""
        self._look = look
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        mark(self.sentence, state="bad" if look is not None and look.question is not None else "")
        used = (
            {_USED[channel.used_as]: channel for channel in test.channels if channel.used_as in _USED} if test else {}
        )
        for name, box in self.columns.items():
            chosen = look.answers.get(name, "") if look is not None else ""
            self._fill(box, look, chosen or (used[name].title if name in used else _by_kind(look, name)))
            unit = self.units[name]
            said = look.answers.get(f"{name}_unit", "") if look is not None else ""
            self._choose_unit(unit, said or (used[name].unit if name in used else ""))
            mark(unit, state="bad" if look is not None and name in look.asked_units() and not said else "")
        self._show_questions(look)
        self._show_examples()

    def answers(self) -> dict[str, str]:
        """Everything that was answered on this card."""
        look = self._look
        if look is None:
            return {}
        places = {name: int(box.currentData() or 0) for name, box in self.columns.items()}
        units = {name: box.currentText() for name, box in self.units.items()}
        said = {"decimal": str(self.decimal.currentData() or "")}
        said |= {name: field.text().strip() for name, field in self.typed.items()}
        if look.columns:
            found = {name: place for name, place in places.items() if place or look.found is not None}
            return said | column_answers(look, found, units)
        unit = {"force_unit": units["force"]} if units["force"] else {}
        return said | unit | ({"time_unit": units["time"]} if units["time"] else {})

    def retranslate(self) -> None:
        """All texts."""
        self.title.setText(translate("Importing", "Columns of the file · units are never guessed"))
        for name in NEEDED:
            self._captions[name].setText(quantity_word(name))
            self.columns[name].setAccessibleName(quantity_word(name))
            self.units[name].setAccessibleName(translate("Importing", "Unit of {0}").format(quantity_word(name)))
        words = {
            "decimal": translate("Importing", "Decimal mark"),
            "sampling_hz": translate("Importing", "Samples a second"),
            "curve_a": translate("Importing", "Factor A"),
            "curve_b": translate("Importing", "Factor B"),
        }
        for name, word in words.items():
            self._captions[name].setText(word)
        chosen = self.decimal.currentData()
        self.decimal.clear()
        for caption, value in (
            (translate("Importing", "as recognised"), ""),
            (translate("Importing", "point"), "point"),
            (translate("Importing", "comma"), "comma"),
        ):
            self.decimal.addItem(caption, value)
        self.decimal.setCurrentIndex(max(0, self.decimal.findData(chosen)))

    @staticmethod
    def _fill(box: QComboBox, look: FileLook | None, chosen: str) -> None:
        box.clear()
        box.addItem("–", 0)
        for column in look.columns if look is not None else ():
            text = column.title or translate("Importing", "column {0}").format(column.place)
            box.addItem(f"{text} [{column.unit}]" if column.unit else text, column.place)
            if chosen and chosen in (column.title, str(column.place)):
                box.setCurrentIndex(box.count() - 1)
        named = look.answers.get("columns", "").split(",") if look is not None else []
        if chosen and chosen in named:
            box.setCurrentIndex(max(0, box.findData(named.index(chosen) + 1)))

    @staticmethod
    def _choose_unit(box: QComboBox, unit: str) -> None:
        if unit and box.findText(unit) < 0:
            box.addItem(unit)
        box.setCurrentIndex(max(0, box.findText(unit)))

    def _show_questions(self, look: FileLook | None) -> None:
        key = look.question.key if look is not None and look.question is not None else ""
        asked = {*_TYPED.get(key, ()), *(name for name, field in self.typed.items() if field.text())}
        shown = {name: name in asked for name in self.typed}
        shown["decimal"] = key == "import.ask_decimal" or bool(look is not None and look.answers.get("decimal"))
        for name, visible in shown.items():
            self._captions[name].setVisible(visible)
            (self.decimal if name == "decimal" else self.typed[name]).setVisible(visible)
        mark(self.decimal, state="bad" if key == "import.ask_decimal" else "")
        if "force_unit" in asked and not self.units["force"].currentText():
            mark(self.units["force"], state="bad")

    def _show_examples(self) -> None:
        columns: Mapping[int, tuple[str, ...]] = (
            {column.place: column.examples for column in self._look.columns} if self._look is not None else {}
        )
        for name, box in self.columns.items():
            shown = " | ".join(columns.get(int(box.currentData() or 0), ()))
            self._examples[name].setText(shown)
            self._examples[name].setVisible(bool(shown))


def _by_kind(look: FileLook | None, name: str) -> str:
    """The first column whose title says that it is this quantity, while the file is not read yet."""
    if look is None or look.found is not None:
        return ""
    return next((column.title for column in look.columns if column.kind == name), "")
