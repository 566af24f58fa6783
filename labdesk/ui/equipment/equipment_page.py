"""The machines of the laboratory: how they are, until when they are calibrated, what they may load."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from labdesk.domain.capture import CapturePort, LiveState
from labdesk.domain.clock import WALL, Clock
from labdesk.domain.finding import CaptureRoom, MachineFinder
from labdesk.domain.machines import Machine
from labdesk.services.bench import Bench
from labdesk.services.equipment import EquipmentDesk
from labdesk.ui.equipment.registering import Registering
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.room.room_sheet import RoomSheet
from labdesk.ui.testing.live_feed import LiveFeed
from labdesk.ui.testing.words import kind_word, state_chip, trouble_told
from labdesk.ui.tokens import Size
from labdesk.ui.widgets.basics import Card, beside, label, page_margins, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate

_SOON_DAYS = 30


@dataclass(frozen=True)
class EquipmentDeps:
    """What the page works with.

    Attributes:
        bench, capture, clock: machines from the bench's service, states from capture, the day from the clock.
        desk: registers machines and certificates; finder: knows drivers and ports.
        room: other computers that capture; ``None`` where none can be paired.
    """

    bench: Bench
    capture: CapturePort
    clock: Clock
    desk: EquipmentDesk
    finder: MachineFinder
    room: CaptureRoom | None = None


class EquipmentPage(Page):
    """All machines, and one of them."""

    def __init__(self, context: PageContext, deps: EquipmentDeps) -> None:
        super().__init__(context)
        self._deps = deps
        self._states: dict[str, LiveState] = {}
        self._name, self._trouble, self.facts = label(role="section"), wrapped(role="quiet"), FactList()
        self.table = DataTable[Machine](self._columns())
        self.empty, self._stack = EmptyState(Icon.EQUIPMENT), QStackedWidget()
        self._build()
        self.table.chosen.connect(self._show_machine)
        self._feed = LiveFeed(deps.capture, self)
        self._feed.changed.connect(self._on_state)
        self.registering = Registering(context, deps.desk, self, deps.finder)
        self.registering.stored.connect(self._on_stored)
        self.room = RoomSheet(self, context, deps.room) if deps.room is not None else None
        if self.room is not None:
            self.room.changed.connect(lambda: Query(context.ops, self, deps.bench.connect).start())
        self.retranslate()

    def _build(self) -> None:
        table = Card()
        table.flush()
        table.body.addWidget(self.table)
        side = Card()
        side.setFixedWidth(Size.SIDE)
        for widget in (self._name, self._trouble, self.facts):
            side.body.addWidget(widget)
        side.body.addStretch(1)
        self._stack.addWidget(beside(table, side, wide=table))
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(self._stack)

    def keys(self) -> tuple[KeyAction, ...]:
        """Register, change, new certificate; for those who may."""
        keys, room = self.registering.keys(self.table.current_row), self.room
        if room is None:
            return keys
        computers = KeyAction(
            "F6",
            lambda: translate("Equipment", "Computers"),
            room.ask,
            lambda: self.registering.may() and room.isHidden(),
        )
        return (*keys, computers)

    def on_shown(self) -> None:
        """Machines anew."""
        self._feed.start()
        self._load()

    def _on_stored(self, machine: Machine) -> None:
        """Capture opens its port anew; without capture the page still shows what is stored."""
        del machine
        self._load()
        Query(self.context.ops, self, self._deps.bench.connect).start()

    def _load(self) -> None:
        Query(self.context.ops, self, self._deps.bench.machines).then(self._show_machines).start()

    def retranslate(self) -> None:
        """Sets all texts."""
        self.empty.say(
            translate("Equipment", "No machine is registered"),
            translate("Equipment", "The quality manager or an administrator registers machines here (F8)."),
        )
        self.registering.retranslate()
        if self.room is not None:
            self.room.retranslate()
        self._say_header()
        machine = self.table.current_row()
        if machine is not None:
            self._show_machine(machine)

    def _columns(self) -> tuple[Column[Machine], ...]:
        return (
            Column(lambda: translate("Equipment", "No."), lambda each: each.number, style=CellStyle.STRONG, width=110),
            Column(lambda: translate("Equipment", "Name"), lambda each: each.name),
            Column(
                lambda: translate("Equipment", "Capacity, kN"),
                lambda each: f"{each.capacity_kn:f}",
                style=CellStyle.NUMBER,
                width=120,
            ),
            Column(lambda: translate("Equipment", "Range, kN"), range_text, style=CellStyle.NUMBER, width=120),
            chip_column(lambda: translate("Equipment", "Calibration"), self.calibration_chip, width=180),
            chip_column(lambda: translate("Equipment", "Line"), self._state_chip, width=190),
        )

    def calibration_chip(self, machine: Machine) -> Chip:
        """Whether the certificate holds today; amber a month before its end."""
        today = self._deps.clock.now().astimezone(WALL).date()
        if machine.certificate_valid_from > today:
            word = translate("Equipment", "only from {0}").format(machine.certificate_valid_from)
            return Chip(ChipState.BAD, word)
        if not machine.calibration().holds_on(today):
            word = translate("Equipment", "not valid: {0}").format(machine.certificate_valid_to)
            return Chip(ChipState.BAD, word)
        soon = (machine.certificate_valid_to - today).days <= _SOON_DAYS
        word = translate("Equipment", "until {0}").format(machine.certificate_valid_to)
        return Chip(ChipState.WARN if soon else ChipState.OK, word)

    def _state_chip(self, machine: Machine) -> Chip:
        return state_chip(self._states.get(machine.id))

    def _show_machines(self, machines: list[Machine]) -> None:
        before = self.table.current_row()
        self.table.show_rows(machines)
        self._stack.setCurrentIndex(0 if machines else 1)
        if machines:
            known = [each.id for each in machines]
            self.table.select(known.index(before.id) if before is not None and before.id in known else 0)
            self._show_machine(machines[self.table.currentIndex().row()])
        self._say_header()

    def _on_state(self, state: LiveState) -> None:
        before = self._states.get(state.machine_id)
        self._states[state.machine_id] = state
        if before is None or (before.state, before.trouble) != (state.state, state.trouble):
            self.table.viewport().update()
            machine = self.table.current_row()
            if machine is not None and machine.id == state.machine_id:
                self._show_machine(machine)

    def _show_machine(self, machine: Machine) -> None:
        self._name.setText(f"{machine.number} · {machine.name}")
        state = self._states.get(machine.id)
        trouble = trouble_told(state.trouble) if state is not None else ""
        self._trouble.setText(" · ".join(part for part in (trouble, state.detail if state is not None else "") if part))
        self._trouble.setVisible(bool(self._trouble.text()))
        tests = ", ".join(kind_word(kind) for kind in machine.tests) or translate("Equipment", "all")
        self.facts.show_facts(
            (
                Fact(translate("Equipment", "Line"), "", self._state_chip(machine)),
                Fact(translate("Equipment", "Calibration"), "", self.calibration_chip(machine)),
                Fact(translate("Equipment", "Certificate"), machine.certificate_no),
                Fact(translate("Equipment", "Valid from"), machine.certificate_valid_from.isoformat()),
                Fact(translate("Equipment", "Class"), f"{machine.accuracy_class:f}"),
                Fact(translate("Equipment", "Capacity"), f"{machine.capacity_kn:f} kN", strong=True),
                Fact(translate("Equipment", "Range"), f"{range_text(machine)} kN", strong=True),
                Fact(translate("Equipment", "Tests"), tests),
                Fact(translate("Equipment", "Driver"), machine.driver_id),
                Fact(translate("Equipment", "Port"), machine.port_url),
            )
        )

    def _say_header(self) -> None:
        count = self.table.rows_model.rowCount()
        subtitle = translate("Equipment", "{0} machines").format(count) if count else ""
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()


def range_text(machine: Machine) -> str:
    """The loads it is meant for, in kN."""
    low = machine.capacity_kn * machine.range_low_percent / 100
    high = machine.capacity_kn * machine.range_high_percent / 100
    return f"{low.normalize():f}–{high.normalize():f}"
