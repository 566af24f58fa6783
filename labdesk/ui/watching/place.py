"""Where the maker's program writes, and of which machine and method: the first half of a new source."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit

from labdesk.domain.machines import Machine
from labdesk.domain.watching import SourceKind
from labdesk.services.watched.proposing import SHOWN_KINDS
from labdesk.ui.tokens import Size, Space
from labdesk.ui.watching.words import kind_name
from labdesk.ui.widgets.basics import Card, button, label

translate = QCoreApplication.translate

_KINDS = (*SHOWN_KINDS, SourceKind.FOLDER)


class PlaceCard(Card):
    """Kind, place, name, machine, method.

    Signals:
        changed(): the kind is another.
        read_pressed(): the person wants to see what is there.
    """

    changed = Signal()
    read_pressed = Signal()

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__()
        self.kind, self.machine, self.method = QComboBox(), QComboBox(), QComboBox()
        self.name, self.location, self.pattern = QLineEdit(), QLineEdit(), QLineEdit("*.csv")
        self._captions = {
            name: label(role="label") for name in ("kind", "location", "pattern", "name", "machine", "method")
        }
        self._browse = button(pressed=self._choose)
        self._read = button(kind="primary", pressed=self.read_pressed.emit)
        for kind in _KINDS:
            self.kind.addItem("", kind)
        self.method.addItems(methods)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.setMinimumWidth(Size.SIDE)
        self.setMaximumWidth(Size.SHEET)
        self.body.addLayout(self._grid())
        self._on_kind()

    @property
    def source_kind(self) -> SourceKind:
        """The kind that is chosen."""
        return SourceKind(self.kind.currentData())

    def is_said(self) -> bool:
        """Whether place and machine are given."""
        return bool(self.location.text().strip() and self.machine.currentData())

    def show_machines(self, machines: list[Machine]) -> None:
        """The machines to choose from; the chosen one stays."""
        chosen = self.machine.currentData()
        self.machine.clear()
        for each in machines:
            self.machine.addItem(f"{each.number} · {each.name}", each.id)
        self.machine.setCurrentIndex(max(0, self.machine.findData(chosen)))

    def retranslate(self) -> None:
        """All texts."""
        words = {
            "kind": translate("Watching", "Kind"),
            "location": translate("Watching", "Where it is"),
            "pattern": translate("Watching", "Which files"),
            "name": translate("Watching", "Name"),
            "machine": translate("Watching", "Machine"),
            "method": translate("Watching", "Method"),
        }
        for name, caption in self._captions.items():
            caption.setText(words[name])
        for at, kind in enumerate(_KINDS):
            self.kind.setItemText(at, kind_name(kind))
        self._browse.setText(translate("Watching", "Browse …"))
        self._read.setText(translate("Watching", "Read   F5"))

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        fields = (self.kind, self.location, self.pattern, self.name, self.machine, self.method)
        for line, (caption, field) in enumerate(zip(self._captions.values(), fields, strict=True)):
            grid.addWidget(caption, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(self._browse, 1, 2)
        grid.addWidget(self._read, 2, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _choose(self) -> None:
        if self.source_kind is SourceKind.FOLDER:
            chosen = QFileDialog.getExistingDirectory(self)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self)
        if chosen:
            self.location.setText(chosen)
            self.name.setText(self.name.text() or Path(chosen).stem)

    def _on_kind(self) -> None:
        self.pattern.setEnabled(self.source_kind is SourceKind.FOLDER)
        self.changed.emit()
