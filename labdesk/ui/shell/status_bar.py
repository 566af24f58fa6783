"""The bottom line: person, station, scanner, machines, platform. Every light has a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from labdesk.domain.clock import WALL
from labdesk.domain.outbox import SyncStatus
from labdesk.domain.people import Session
from labdesk.ui.people.role_names import role_name
from labdesk.ui.theme import colours, mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import label

translate = QCoreApplication.translate


class Light(StrEnum):
    """Colour of a dot: fine, look at it, broken, not there."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True)
class Machines:
    """Machines of this station: how many answer, of how many; and, while one captures, what it says (``98.7 Hz``)."""

    answering: int
    total: int
    capturing: str = ""


class _Dot(QWidget):
    """A small light."""

    def __init__(self) -> None:
        super().__init__()
        self.light = Light.OFF
        self.setFixedSize(Size.DOT, Size.DOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the light."""
        del event
        tokens = colours()
        fills = {Light.OK: tokens.ok, Light.WARN: tokens.warn, Light.BAD: tokens.bad, Light.OFF: tokens.ink_3}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fills[self.light]))
        painter.drawEllipse(QRectF(self.rect()))
        painter.end()


class _Lamp(QWidget):
    """A light with its word."""

    def __init__(self) -> None:
        super().__init__()
        self.dot, self.word = _Dot(), label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.S - Space.XXS)
        layout.addWidget(self.dot)
        layout.addWidget(self.word)
        self.hide()

    def say(self, light: Light, word: str) -> None:
        """Shows light and word."""
        self.dot.light = light
        self.dot.update()
        self.word.setText(word)
        self.setAccessibleName(word)
        self.show()


class StatusLine(QFrame):
    """The status bar. What was never told is not shown."""

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="status")
        self.setFixedHeight(Size.STATUS_BAR)
        self._session: Session | None = None
        self._scanner: tuple[Light, str] | None = None
        self._machines: Machines | None = None
        self._sync: SyncStatus | None = None
        self.person, self.station = label(), label()
        self.scanner, self.machines, self.platform = _Lamp(), _Lamp(), _Lamp()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.NONE, Space.L, Space.NONE)
        layout.setSpacing(Space.XL - Space.XXS)
        for widget in (self.person, self.station, self.scanner, self.machines):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.platform)

    def show_session(self, session: Session | None) -> None:
        """Who works here, and where."""
        self._session = session
        self._write()

    def show_scanner(self, light: Light, detail: str = "") -> None:
        """The handheld scanner's state; ``detail`` is the system's reason, shown as tooltip."""
        self._scanner = (light, detail)
        self._write()

    def show_machines(self, machines: Machines) -> None:
        """The machines of this station."""
        self._machines = machines
        self._write()

    def show_sync(self, status: SyncStatus) -> None:
        """What waits for the platform."""
        self._sync = status
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Words follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._write()
        super().changeEvent(event)

    def _write(self) -> None:
        if self._session is not None:
            person = self._session.person
            roles = " / ".join(role_name(role) for role in person.roles[:2])
            self.person.setText(f"{person.name} · {roles}" if roles else person.name)
            self.station.setText(self._session.station)
        if self._scanner is not None:
            self.scanner.say(self._scanner[0], _scanner_words(self._scanner[0]))
            self.scanner.setToolTip(self._scanner[1])
        if self._machines is not None:
            self.machines.say(_machines_light(self._machines), _machine_words(self._machines))
        if self._sync is not None:
            self.platform.say(_sync_light(self._sync), _sync_words(self._sync))


def _scanner_words(light: Light) -> str:
    return {
        Light.OK: translate("StatusLine", "Scanner connected"),
        Light.WARN: translate("StatusLine", "Scanner connecting"),
        Light.BAD: translate("StatusLine", "Scanner lost"),
        Light.OFF: translate("StatusLine", "Keyboard scanner"),
    }[light]


def _machines_light(machines: Machines) -> Light:
    if not machines.total:
        return Light.OFF
    return Light.OK if machines.answering == machines.total else Light.WARN


def _machine_words(machines: Machines) -> str:
    if machines.capturing:
        return machines.capturing
    return translate("StatusLine", "Machines {0} / {1}").format(machines.answering, machines.total)


def _sync_light(status: SyncStatus) -> Light:
    return Light.OK if status.online and not status.needs_person else Light.WARN


def _sync_words(status: SyncStatus) -> str:
    parts = [
        translate("StatusLine", "Platform online") if status.online else translate("StatusLine", "Platform offline"),
        translate("StatusLine", "{0} waiting").format(status.waiting),
    ]
    if status.needs_person:
        parts.append(translate("StatusLine", "{0} need a person").format(status.needs_person))
    if status.waiting and status.oldest is not None:
        parts.append(translate("StatusLine", "oldest {0}").format(_clock_time(status.oldest)))
    if status.online and status.last_contact is not None:
        parts.append(translate("StatusLine", "synced {0}").format(_clock_time(status.last_contact)))
    words = " · ".join(parts)
    return words if status.online else translate("StatusLine", "{0} (work goes on)").format(words)


def _clock_time(moment: datetime) -> str:
    """Local time of today as ``HH:MM``, of other days with the date."""
    local = moment.astimezone(WALL)
    today = datetime.now(local.tzinfo).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"
