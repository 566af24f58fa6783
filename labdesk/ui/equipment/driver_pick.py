"""Choosing a driver by its name, and telling it what the wire does not say."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from labdesk.domain.finding import DriverChoice
from labdesk.domain.sentences import Language
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import wrapped

translate = QCoreApplication.translate


class DriverPick(QWidget):
    """The settings of the chosen driver, side by side; ``box`` chooses it and ``limits`` says what it cannot do.

    Signals:
        changed(): another driver with other settings.
    """

    changed = Signal()

    def __init__(self, drivers: Sequence[DriverChoice]) -> None:
        super().__init__()
        self._drivers = {each.id: each for each in drivers}
        self._language = Language.ZH
        self.box, self.limits = QComboBox(), wrapped(role="quiet")
        self.settings: dict[str, QComboBox | QLineEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.M)
        self.box.currentIndexChanged.connect(self._show_chosen)

    def chosen(self) -> str:
        """Key of the driver; empty while it is not known."""
        return str(self.box.currentData() or "")

    def choose(self, driver_id: str) -> None:
        """Another driver."""
        self.box.setCurrentIndex(self.box.findData(driver_id))

    def given(self) -> dict[str, str]:
        """What the driver is told, by name."""
        return {
            name: field.currentText() if isinstance(field, QComboBox) else field.text().strip()
            for name, field in self.settings.items()
        }

    def name_of(self, driver_id: str) -> str:
        """A driver's name in the language on screen."""
        return driver_text(self._drivers[driver_id], self._language)

    def retranslate(self, language: Language) -> None:
        """Names and questions; what was chosen and told stays."""
        self._language = language
        chosen, given = self.box.currentData(), self.given()
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem(translate("Equipment", "not known yet"), "")
        for each in self._drivers.values():
            self.box.addItem(driver_text(each, language), each.id)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen)))
        self.box.blockSignals(False)
        self._show_chosen()
        for name, text in given.items():
            _put(self.settings[name], text)

    def _show_chosen(self) -> None:
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.settings = {}
        chosen = self._drivers.get(self.chosen())
        if chosen is None:
            self.limits.setText("")
            self.changed.emit()
            return
        for column, setting in enumerate(chosen.settings[:4]):
            caption = wrapped(setting.zh if self._language is Language.ZH else setting.en, "label")
            field: QComboBox | QLineEdit = QComboBox() if setting.allowed else QLineEdit()
            if isinstance(field, QComboBox):
                field.addItems(list(setting.allowed))
            _put(field, setting.default)
            self.settings[setting.name] = field
            self._grid.addWidget(caption, 0, column, Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(field, 1, column)
        self.limits.setText(chosen.limits.get(self._language.value, ""))
        self.changed.emit()


def driver_text(driver: DriverChoice, language: Language) -> str:
    """A driver's name, and how far it was proven."""
    proven = {
        "documented": translate("Equipment", "from documents"),
        "recorded": translate("Equipment", "on recordings"),
        "verified": translate("Equipment", "on the machine"),
    }[driver.maturity]
    name = driver.zh if language is Language.ZH else driver.en
    beta = translate("Equipment", "beta, ") if driver.beta else ""
    return f"{name} · {beta}{proven}"


def _put(field: QComboBox | QLineEdit, text: str) -> None:
    if isinstance(field, QComboBox):
        field.setCurrentText(text)
    else:
        field.setText(text)
