"""Connecting a machine: choose its port and driver or have them found, see what the line says, compare it with the display."""

from __future__ import annotations

import threading
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import OperatorError
from labdesk.domain.finding import (
    DisplayVerdict,
    Found,
    LineChoice,
    Listened,
    Listening,
    MachineFinder,
    Progress,
    Proposal,
    check_display,
)
from labdesk.domain.taps import tap_sentence
from labdesk.ui.equipment.driver_pick import DriverPick
from labdesk.ui.equipment.line_view import LineView, value_text
from labdesk.ui.equipment.tall_sheet import TallSheet
from labdesk.ui.equipment.tap_pick import TapPick
from labdesk.ui.ops import Query
from labdesk.ui.page import PageContext
from labdesk.ui.room.remote_ports import RemotePorts
from labdesk.ui.testing.words import trouble_told, trouble_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, row, wrapped

translate = QCoreApplication.translate

REFRESH_MS = 150


class ConnectSheet(TallSheet):
    """The sheet.

    Signals:
        connected(LineChoice): port, driver and settings to register; ``unit_checked`` among the settings says how the unit was checked.
    """

    connected = Signal(object)
    _progress = Signal(object)

    def __init__(self, parent: QWidget, context: PageContext, finder: MachineFinder) -> None:
        super().__init__(parent)
        self._context, self._finder = context, finder
        self._listening: Listening | None = None
        self._stop = threading.Event()
        self._searching = False
        self._line: dict[str, str] = {}
        self.heard = Listened()
        self._shape: tuple[str, int] = ("", 0)
        self.proposals: tuple[Proposal, ...] = ()
        self.card.setFixedWidth(Size.SHEET + Size.SIDE)
        self._title, self._hint, self.said = label(role="section"), wrapped(role="quiet"), wrapped()
        self.port, self.driver, self.display = QComboBox(), DriverPick(finder.drivers()), QLineEdit()
        self.tap = TapPick()
        self.port.setEditable(True)
        for box in (self.driver.box, self.tap.box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._captions = {name: wrapped(role="label") for name in ("port", "driver", "display")}
        self.view = LineView()
        self.find_button = button(pressed=self.search)
        self.listen_button = button(pressed=self.listen)
        self.use_button, self._cancel = button(kind="primary", pressed=self.use), button(pressed=self.cancel)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._hear)
        self._remote = RemotePorts(context, finder, self._say, self)
        self._build()
        self.driver.changed.connect(self._place)
        self.tap.changed.connect(self._change_tap)
        self.display.returnPressed.connect(self.use)
        self._progress.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        fields = (("port", self.port), ("driver", self.driver.box))
        for column, (name, field) in enumerate(fields):
            grid.addWidget(self._captions[name], 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        for part in (self._title, self._hint):
            self.body.addWidget(part)
        self.body.addLayout(grid)
        self.body.addWidget(self.driver)
        ways = row(self.find_button, self.listen_button)
        ways.addWidget(self.tap, 1)
        self.body.addLayout(ways)
        for widget in (self.view, self.driver.limits, self.said):
            self.body.addWidget(widget)
        self.view.right.addWidget(self._captions["display"])
        self.view.right.addWidget(self.display)
        self.body.addLayout(row(self._cancel, self.use_button))

    # ---- opening and closing --------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Opens with the ports of this computer."""
        self._stop.clear()
        self.port.clear()
        for seen in self._finder.ports():
            self.port.addItem(" · ".join(part for part in (seen.url, seen.name, seen.identity) if part), seen.url)
        typed = self.port.lineEdit()
        if typed is not None:
            typed.setCursorPosition(0)
        self._line, self.proposals, self.heard = {}, (), Listened()
        self.display.clear()
        self.tap.choose(None)
        self.retranslate()
        self._say("")
        self._hear()
        self.open(self.port)
        self._remote.fill(self.port)

    def close_sheet(self) -> None:
        """Lets go of the port and stops a search."""
        self._stop.set()
        self._hang_up()
        super().close_sheet()

    def retranslate(self) -> None:
        """All texts; choices stay."""
        self._title.setText(translate("Equipment", "Connect a machine"))
        self.tap.retranslate()
        self._hint.setText(self.tap.hint() or _talks())
        self._captions["port"].setText(
            translate("Equipment", "Port (COM3, /dev/serial/by-id/…, socket://…, press-pc@COM3)")
        )
        self._captions["driver"].setText(translate("Equipment", "Driver"))
        self._captions["display"].setText(translate("Equipment", "With a little load on: its own display, in kN"))
        self.listen_button.setText(translate("Equipment", "Listen   F7"))
        self.use_button.setText(translate("Equipment", "Go on   Enter"))
        self._cancel.setText(translate("Equipment", "Cancel   Esc"))
        self._say_find()
        self.view.retranslate()
        self.driver.retranslate(self._context.language())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 finds or stops, F7 listens, Esc leaves."""
        if event.key() == Qt.Key.Key_F5:
            self.search()
        elif event.key() == Qt.Key.Key_F7:
            self.listen()
        else:
            super().keyPressEvent(event)

    # ---- finding --------------------------------------------------------------------------------------------------------

    def url(self) -> str:
        """The port as chosen or typed, as a tap where another program talks on it."""
        typed = self.port.currentText().strip()
        at = self.port.findText(typed)
        return self.tap.url(str(self.port.itemData(at)) if at >= 0 and self.port.itemData(at) else typed)

    def _change_tap(self) -> None:
        """Another way to open the port: whatever was open or found the other way is over."""
        self._hang_up()
        self._stop.set()
        self._line, self.heard = {}, Listened()
        self._hint.setText(self.tap.hint() or _talks())
        if self.isVisible():
            self._hear()
            self._place()

    def search(self) -> None:
        """Tries every speed and driver on the port; again: stops."""
        if self._searching:
            self._stop.set()
            return
        url = self.url()
        if not url:
            self._say(translate("Equipment", "Choose or type the port first."), "bad")
            return
        self._hang_up()
        self._stop.clear()
        self._searching = True
        self._say_find()
        named = self.driver.chosen()
        Query(self._context.ops, self, lambda: self._finder.find(url, self._told, named)).then(self._found).otherwise(
            self._not_found
        ).start()

    def _told(self, progress: Progress) -> bool:
        """Called on the searching thread."""
        self._progress.emit(progress)
        return not self._stop.is_set()

    def _tell_progress(self, progress: Progress) -> None:
        if self._searching:
            trying = translate("Equipment", "Trying {0} of {1}: {2}")
            self._say(trying.format(progress.step + 1, progress.steps, progress.trying))

    def _found(self, found: Found) -> None:
        self._searching = False
        self._say_find()
        self.proposals = found.proposals
        if not self.isVisible():
            return
        if found.proposals:
            self._line = dict(found.proposals[0].settings)
            self.driver.choose(found.proposals[0].driver_id)
            others = ", ".join(self.driver.name_of(each.driver_id) for each in found.proposals[1:])
            told = translate("Equipment", "Found: {0}, {1} frames in a row.").format(
                self.driver.name_of(found.proposals[0].driver_id), found.proposals[0].in_a_row
            )
            also = translate("Equipment", "Also possible: {0}.").format(others) if others else ""
            self._say(f"{told} {also}".strip(), "ok")
            self.listen()
        elif found.cancelled:
            self._say(translate("Equipment", "Stopped."))
        else:
            self._say(_why_nothing(found, self.driver.chosen()), "bad")

    def _not_found(self, error: Exception) -> None:
        self._searching = False
        self._say_find()
        self._context.errors.report(error)

    # ---- listening ------------------------------------------------------------------------------------------------------

    def choice(self) -> LineChoice:
        """Port, driver and settings as they stand."""
        return LineChoice(self.url(), self.driver.chosen(), {**self.driver.given(), **self._line})

    def listen(self) -> None:
        """Opens the port and shows what it says."""
        self._hang_up()
        if not self.driver.chosen():
            self._say(translate("Equipment", "Choose the driver first, or have it found (F5)."), "bad")
            return
        if not self.url():
            self._say(translate("Equipment", "Choose or type the port first."), "bad")
            return
        try:
            self._listening = self._finder.listen(self.choice())
        except OperatorError as error:
            self._say(self._context.errors.sentence(error), "bad")
            return
        self._timer.start()
        self.display.setFocus()

    def _hear(self) -> None:
        """The newest of the line, if it is listened to, onto the screen."""
        if self._listening is not None:
            self.heard = self._listening.heard()
        self.view.show_heard(self.heard)
        self.driver.limits.setVisible(not self.heard.trouble)
        shape = (self.heard.trouble, len(self.heard.values))
        if shape != self._shape:
            self._shape = shape
            QTimer.singleShot(0, self, self._place)  # its parts know by then how high they are
        self.use_button.setEnabled(bool(self.heard.values))

    def _hang_up(self) -> None:
        self._timer.stop()
        listening, self._listening = self._listening, None
        if listening is not None:
            Query(self._context.ops, self, listening.close).start()

    # ---- the display ----------------------------------------------------------------------------------------------------

    def use(self) -> None:
        """Goes on to the machine's particulars when line and display agree; an empty field goes on unchecked, and says so."""
        if not self.heard.values:
            self._say(translate("Equipment", "Listen first: nothing was understood yet."), "bad")
            return
        typed, line = self.display.text().strip().replace(",", "."), self.heard.values[0]
        checked = "no"
        if typed:
            try:
                check = check_display(line.value, Decimal(typed))
            except InvalidOperation:
                self._say(translate("Equipment", "“{0}” is not a number.").format(typed[:20]), "bad")
                return
            if check.verdict is not DisplayVerdict.AGREES:
                self._say(_display_words(check.verdict, check.ratio_of, value_text(line), typed), "bad")
                return
            checked = f"line {check.line.normalize():f}, display {check.display.normalize():f}"
        choice = self.choice()
        self.close_sheet()
        self.connected.emit(LineChoice(choice.url, choice.driver_id, {**choice.settings, "unit_checked": checked}))

    # ---- words ----------------------------------------------------------------------------------------------------------

    def _say_find(self) -> None:
        find, stop = translate("Equipment", "Find it for me   F5"), translate("Equipment", "Stop searching   F5")
        self.find_button.setText(stop if self._searching else find)

    def _say(self, text: str, state: str = "") -> None:
        mark(self.said, state=state)
        self._tell(self.said, text)


def _talks() -> str:
    return translate(
        "Equipment", "Switch the machine on. LabDesk only listens and asks for values; it never moves a machine."
    )


def _why_nothing(found: Found, named: str) -> str:
    if tap_sentence(found.trouble):
        return trouble_told(LinkTrouble(found.trouble))
    if found.trouble:
        return translate("Equipment", "The port does not open: {0} ({1}).").format(
            trouble_word(LinkTrouble(found.trouble)), found.detail
        )
    if not found.received and not named:
        return translate(
            "Equipment",
            "The device sends nothing by itself. Choose it by its name and search again: only its own questions are asked then.",
        )
    if not found.received:
        return translate(
            "Equipment", "The line is silent at every speed: check cable, power, and that the output is switched on."
        )
    return translate(
        "Equipment",
        "{0} bytes arrived, but no driver understands them. Choose a driver by hand, or record raw bytes and send them in.",
    ).format(found.received)


def _display_words(verdict: DisplayVerdict, unit: str, line: str, display: str) -> str:
    if verdict is DisplayVerdict.ZERO:
        return translate(
            "Equipment", "At zero every unit looks alike: load the machine a little, then read the display again."
        )
    if verdict is DisplayVerdict.UNIT:
        told = translate(
            "Equipment",
            "The line says {0}, the display {1} kN: the line seems to be in {2}. Set the driver's unit to it.",
        )
        return told.format(line, display, unit)
    told = translate(
        "Equipment",
        "The line says {0}, the display {1} kN: they do not agree. Wrong driver, wrong unit, or peak hold left on?",
    )
    return told.format(line, display)
