"""Registering a machine, and entering its new certificate: typed once, refused in words, kept while it is mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from labdesk.domain.evaluation import TestKind
from labdesk.domain.machines import Machine
from labdesk.domain.sentences import Language
from labdesk.services.equipment import TypedCertificate, TypedMachine
from labdesk.ui.i18n import language
from labdesk.ui.icons import Icon, icon
from labdesk.ui.testing.words import kind_word
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, row
from labdesk.ui.widgets.sheets import FormSheet

translate = QCoreApplication.translate

_COLUMNS = 2
#: A driver's key, and its name in a language.
DriverName = tuple[str, Callable[[Language], str]]
CERTIFICATE = ("certificate", "accuracy_class", "valid_from", "valid_to")
MACHINE = ("number", "name", "driver_id", "port_url", "capacity_kn", "le_mm", *CERTIFICATE)


def caption(name: str) -> str:
    """What a field is called."""
    return {
        "number": translate("Equipment", "Equipment number"),
        "name": translate("Equipment", "Name"),
        "driver_id": translate("Equipment", "Driver"),
        "port_url": translate("Equipment", "Port (COM3, /dev/serial/by-id/…, socket://…)"),
        "capacity_kn": translate("Equipment", "Capacity, kN"),
        "le_mm": translate("Equipment", "Extensometer, mm (if any)"),
        "certificate": translate("Equipment", "Certificate number"),
        "accuracy_class": translate("Equipment", "Accuracy class"),
        "valid_from": translate("Equipment", "Valid from (2026-01-01)"),
        "valid_to": translate("Equipment", "Valid until (2026-12-31)"),
    }[name]


class EquipmentForm(FormSheet):
    """Fields in two columns; Enter goes on and at the end saves.

    Signals:
        given(): everything typed; the form stays until it is told to close.
    """

    given = Signal()

    def __init__(self, parent: QWidget, names: Sequence[str], drivers: Sequence[DriverName] = ()) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(Size.SHEET + Size.SIDE // 2)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._captions: dict[str, QWidget] = {}
        self._drivers = tuple(drivers)
        self.tests: dict[TestKind, QPushButton] = {}
        self._kinds_caption = label(role="label")
        self._save, self._cancel = button(kind="primary", pressed=self._give), button(pressed=self.cancel)
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self.body.addLayout(self._grid(names, drivers))
        if "driver_id" in names:
            self.body.addLayout(self._kinds())
        self.body.addWidget(self.refusal)
        self.body.addLayout(row(self._cancel, self._save))

    def _grid(self, names: Sequence[str], drivers: Sequence[DriverName]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        for index, name in enumerate(names):
            field: QLineEdit | QComboBox = QLineEdit()
            if name == "driver_id":
                field = QComboBox()
                for driver_id, _ in drivers:
                    field.addItem(driver_id, driver_id)
            field.installEventFilter(self)
            self.fields[name] = field
            self._captions[name] = label(role="label")
            line, column = divmod(index, _COLUMNS)
            grid.addWidget(self._captions[name], 2 * line, column)
            grid.addWidget(field, 2 * line + 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _kinds(self) -> QHBoxLayout:
        for kind in (TestKind.TENSION, TestKind.COMPRESSION, TestKind.FLEXURE):
            made = button()
            made.setCheckable(True)
            made.toggled.connect(partial(_show_checked, made))
            made.installEventFilter(self)
            self.tests[kind] = made
        return row(self._kinds_caption, *self.tests.values(), stretch=True)

    def ask(self, title: str, sentence: str, values: Mapping[str, str], tests: Sequence[str] = ()) -> None:
        """Opens with values to begin with."""
        for name, field in self.fields.items():
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(values.get(name))))
            else:
                field.setText(values.get(name, ""))
        for kind, made in self.tests.items():
            made.setChecked(kind.value in tests)
        self.refuse("")
        self.retranslate(title, sentence)
        self.open(next(iter(self.fields.values())))

    def retranslate(self, title: str, sentence: str) -> None:
        """All texts; what was typed stays."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        for name, made in self._captions.items():
            made.setText(caption(name))  # type: ignore[attr-defined]
            self.fields[name].setAccessibleName(caption(name))
        for index, (_, named) in enumerate(self._drivers):
            cast("QComboBox", self.fields["driver_id"]).setItemText(index, named(language()))
        for kind, made in self.tests.items():
            made.setText(kind_word(kind.value))
        self._kinds_caption.setText(translate("Equipment", "Tests it is registered for"))
        self._save.setText(translate("Equipment", "Save   Enter"))
        self._cancel.setText(translate("Equipment", "Cancel   Esc"))

    def certificate(self) -> TypedCertificate:
        """The certificate as typed."""
        return TypedCertificate(
            *(self._text(name) for name in ("certificate", "valid_from", "valid_to", "accuracy_class"))
        )

    def machine(self, settings: Mapping[str, str]) -> TypedMachine:
        """The machine as typed; ``settings`` are what its driver was told before."""
        return TypedMachine(
            number=self._text("number"),
            name=self._text("name"),
            driver_id=self._text("driver_id"),
            port_url=self._text("port_url"),
            capacity_kn=self._text("capacity_kn"),
            tests=tuple(kind.value for kind, made in self.tests.items() if made.isChecked()),
            certificate=self.certificate(),
            settings={**settings, "le_mm": self._text("le_mm")},
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field, from the last one it saves."""
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in enter:
            stops: list[QWidget] = [*self.fields.values(), *self.tests.values()]
            here = next((index for index, stop in enumerate(stops) if stop is watched), None)
            if here is not None:
                following = stops[here + 1 :]
                if following:
                    following[0].setFocus()
                else:
                    self._give()
                return True
        return super().eventFilter(watched, event)

    def _text(self, name: str) -> str:
        field = self.fields[name]
        return str(field.currentData()) if isinstance(field, QComboBox) else field.text()

    def _give(self) -> None:
        self.given.emit()


def _show_checked(made: QPushButton, checked: bool) -> None:
    made.setIcon(icon(Icon.OK, Size.ICON, colours().ok) if checked else QIcon())


def typed_values(machine: Machine) -> dict[str, str]:
    """A registered machine as it would be typed."""
    return {
        "number": machine.number,
        "name": machine.name,
        "driver_id": machine.driver_id,
        "port_url": machine.port_url,
        "capacity_kn": f"{machine.capacity_kn:f}",
        "le_mm": machine.settings.get("le_mm", ""),
        "certificate": machine.certificate_no,
        "accuracy_class": f"{machine.accuracy_class:f}",
        "valid_from": machine.certificate_valid_from.isoformat(),
        "valid_to": machine.certificate_valid_to.isoformat(),
    }
