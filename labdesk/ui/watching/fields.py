"""The maker's columns beside what LabDesk needs: one line per field, the proposal chosen, its score and examples visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from labdesk.services.watched.proposing import SAMPLE_FIELDS, TEST_FIELDS, Proposal
from labdesk.services.watched.tables import TableShape
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.watching.words import field_name
from labdesk.ui.widgets.basics import Card, label, wrapped

translate = QCoreApplication.translate

FIELDS = (*TEST_FIELDS, *SAMPLE_FIELDS)
#: Units are never proposed; the person at the machine knows them.
UNITS: Mapping[str, tuple[str, ...]] = {
    "curve.time": ("s", "ms", "min"),
    "curve.force": ("kN", "N", "kgf", "tf"),
    "curve.extension": ("mm", "µm"),
    "curve.displacement": ("mm", "µm", "cm"),
}
_EXAMPLES, _LONGEST = 2, 12


class FieldsCard(Card):
    """Fields with their columns and units.

    Signals:
        changed(): something else was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shapes: tuple[TableShape, ...] = ()
        self._scores: dict[tuple[str, str], int] = {}
        self._title, self._hint = label(role="section"), wrapped(role="quiet")
        self.columns: dict[str, QComboBox] = {}
        self.units: dict[str, QComboBox] = {}
        self._captions: dict[str, QLabel] = {}
        self._examples: dict[str, QLabel] = {}
        self.body.addWidget(self._title)
        self.body.addWidget(self._hint)
        inside = QWidget()
        inside.setLayout(self._grid())
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidget(inside)
        mark(inside, kind="plain")
        self.body.addWidget(scroller, 1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for line, name in enumerate(FIELDS):
            self._captions[name], self._examples[name] = label(role="label"), label(role="quiet")
            box = self.columns[name] = QComboBox()
            box.setMinimumWidth(Size.SIDE // 2)
            box.currentIndexChanged.connect(self._on_changed)
            grid.addWidget(self._captions[name], line, 0)
            grid.addWidget(box, line, 1)
            if name in UNITS:
                unit = self.units[name] = QComboBox()
                unit.addItems(["", *UNITS[name]])
                unit.currentIndexChanged.connect(self._on_changed)
                grid.addWidget(unit, line, 2)
            grid.addWidget(self._examples[name], line, 3)
        grid.setColumnStretch(1, 1)
        return grid

    def show_proposal(self, proposal: Proposal, shapes: Sequence[TableShape]) -> None:
        """All columns of the database, the proposed ones chosen."""
        self._shapes = tuple(shapes)
        self._scores = {(item.field, f"{item.table}\t{item.column}"): item.score for item in proposal.candidates}
        for name, box in self.columns.items():
            table = proposal.mapping.get("table" if name in TEST_FIELDS else "curve_table", "")
            wanted = f"{table}\t{proposal.mapping.get(name, '')}"
            box.blockSignals(True)
            box.clear()
            box.addItem("", "")
            for shape in self._shapes:
                for column in shape.columns:
                    box.addItem(f"{column} · {shape.name}", f"{shape.name}\t{column}")
            box.setCurrentIndex(max(0, box.findData(wanted)))
            box.blockSignals(False)
        self._on_changed()

    def mapping(self) -> dict[str, str]:
        """The mapping as it is chosen now; units under ``set.``."""
        chosen: dict[str, str] = {}
        for name, box in self.columns.items():
            table, _, column = str(box.currentData() or "").partition("\t")
            if column:
                chosen.setdefault("table" if name in TEST_FIELDS else "curve_table", table)
                chosen[name] = column
        for name, unit in self.units.items():
            if name in chosen and unit.currentText():
                chosen[f"set.{name.removeprefix('curve.')}_unit"] = unit.currentText()
        return chosen

    def missing_units(self) -> tuple[str, ...]:
        """Fields with a column and no unit."""
        return tuple(
            name for name, unit in self.units.items() if self.columns[name].currentData() and not unit.currentText()
        )

    def retranslate(self) -> None:
        """All texts."""
        self._title.setText(translate("Watching", "What LabDesk needs"))
        self._hint.setText(
            translate("Watching", "Check every line, and say the units: nobody can read them from the numbers.")
        )
        for name, caption in self._captions.items():
            caption.setText(field_name(name))
            self.columns[name].setAccessibleName(field_name(name))
            if name in self.units:
                self.units[name].setAccessibleName(translate("Watching", "Unit of {0}").format(field_name(name)))

    def _on_changed(self) -> None:
        for name, box in self.columns.items():
            place = str(box.currentData() or "")
            score = self._scores.get((name, place))
            shown = " | ".join(self._values(place))
            self._examples[name].setText(f"{score} %   {shown}" if score is not None and place else shown)
        for name, unit in self.units.items():
            mark(unit, state="bad" if name in self.missing_units() else "")
        self.changed.emit()

    def _values(self, place: str) -> list[str]:
        table, _, column = place.partition("\t")
        shape = next((each for each in self._shapes if each.name == table), None)
        return [] if shape is None else [row.get(column, "")[:_LONGEST] for row in shape.sample[:_EXAMPLES]]
