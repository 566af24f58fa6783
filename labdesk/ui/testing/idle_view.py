"""Between two runs: what is due, the machines of the room, the last result."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from labdesk.domain.capture import EndReason, LiveState, RunClass
from labdesk.domain.machines import Machine
from labdesk.services.bench import DueSpecimen, DueStanding
from labdesk.services.runs import RunDetails
from labdesk.ui.icons import Icon
from labdesk.ui.page import KeyAction
from labdesk.ui.testing.words import (
    channel_off,
    channel_word,
    class_word,
    end_word,
    kind_word,
    mark_word,
    mpa,
    peak_text,
    state_chip,
    trouble_told,
)
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, empty_layout, label, row, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.key_hints import KeyHints, key_text
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


class MachineRow(QFrame):
    """One machine: its key, name and line.

    Signals:
        picked(): it was clicked.
    """

    picked = Signal()

    def __init__(self, key: int, machine: Machine) -> None:
        super().__init__()
        self.machine = machine
        mark(self, kind="card")
        lines = QVBoxLayout(self)
        lines.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        lines.setSpacing(Space.XS)
        layout = row()
        lines.addLayout(layout)
        self.trouble = wrapped(role="label")
        lines.addWidget(self.trouble)
        self.trouble.hide()
        name = label(f"{machine.number} · {machine.name}", "strong")
        name.setToolTip(f"{machine.number} · {machine.name}")
        name.setMinimumWidth(Space.XXL)
        self.chip = StatusChip()
        layout.addWidget(label(key_text(str(key)), "key"))
        layout.addWidget(name, 1)
        layout.addWidget(self.chip)

    def show_state(self, state: LiveState | None) -> None:
        """The newest state; an unchanged chip costs nothing."""
        chip = state_chip(state)
        trouble = trouble_told(state.trouble) if state is not None and chip.state is ChipState.BAD else ""
        if chip == self.chip.chip and trouble == self.trouble.text():
            return
        self.chip.show_chip(chip)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))

    def choose(self, chosen: bool) -> None:
        """Whether it is this station's machine."""
        mark(self, selected="true" if chosen else "false")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks it."""
        del event
        self.picked.emit()


class IdleView(QWidget):
    """The list at the left, machines and the last result at the right.

    Signals:
        machine_picked(str): key of a machine that was clicked.
        lot_opened(str): number of the lot of a line that was opened.
    """

    machine_picked = Signal(str)
    lot_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[MachineRow] = []
        self._states: dict[str, LiveState] = {}
        self._chosen = ""
        self._result: RunDetails | None = None
        self.due = DataTable[DueSpecimen](_columns())
        self.due.opened.connect(lambda line: self.lot_opened.emit(line.lot_no))
        self.empty = EmptyState(Icon.TESTING)
        self.run_class = StatusChip()
        self.result = FactList()
        self.result_card, self._machines, self._class_card = Card(), Card(), Card()
        self._hints = KeyHints(2)
        self._list = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        table = Card()
        table.flush()
        table.body.addWidget(self.due)
        self._left = QStackedWidget()
        self._left.addWidget(table)
        self._left.addWidget(self.empty)
        side = QWidget()
        side.setFixedWidth(Size.SIDE)
        right = QVBoxLayout(side)
        right.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        right.setSpacing(Space.M)
        self._list.setSpacing(Space.S)
        self._machines.body.addLayout(self._list)
        self._class_card.body.addLayout(row(self.run_class, stretch=True))
        self._class_card.body.addWidget(self._hints)
        self.result_card.body.addWidget(self.result)
        for card in (self._machines, self._class_card, self.result_card):
            right.addWidget(card)
        right.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        outer.setSpacing(Space.L)
        outer.addWidget(self._left, 1)
        outer.addWidget(side)
        self.result_card.hide()

    def show_machines(self, machines: Sequence[Machine], chosen: str) -> None:
        """The machines of the laboratory; at most nine have a key."""
        empty_layout(self._list)
        self.rows = [MachineRow(index, each) for index, each in enumerate(machines[:9], start=1)]
        for each in self.rows:
            each.picked.connect(lambda key=each.machine.id: self.machine_picked.emit(key))
            each.show_state(self._states.get(each.machine.id))
            self._list.addWidget(each)
        self.mark_chosen(chosen)

    def mark_chosen(self, chosen: str) -> None:
        """This station's machine."""
        self._chosen = chosen
        for each in self.rows:
            each.choose(each.machine.id == chosen)
        self._say()

    def show_state(self, state: LiveState) -> None:
        """A machine's newest state."""
        self._states[state.machine_id] = state
        for each in self.rows:
            if each.machine.id == state.machine_id:
                each.show_state(state)

    def state_of(self, machine_id: str) -> LiveState | None:
        """A machine's newest state."""
        return self._states.get(machine_id)

    def show_due(self, lines: Sequence[DueSpecimen]) -> None:
        """What is to be tested, without a word of whose it is."""
        self.due.show_rows(lines)
        self._left.setCurrentIndex(0 if lines else 1)

    def show_result(self, result: RunDetails) -> None:
        """The run that came home last."""
        self._result = result
        self.result.show_facts(_result_facts(result))
        self.result_card.show()

    def show_keys(self, actions: Sequence[KeyAction]) -> None:
        """The keys of run classes."""
        self._hints.show_actions(actions)

    def retranslate(self) -> None:
        """Sets all texts."""
        self.empty.say(
            translate("Bench", "Nothing waits for a machine"),
            translate("Bench", "What reception takes in appears here. Scan a label at any time."),
        )
        self.run_class.show_chip(Chip(ChipState.INFO, class_word(RunClass.TEST)))
        self._class_card.set_title(translate("Bench", "Run class: declared by the scan of a label, or by key"))
        self.result_card.set_title(translate("Bench", "Last run"))
        for each in self.rows:
            each.show_state(self._states.get(each.machine.id))
        if self._result is not None:
            self.result.show_facts(_result_facts(self._result))
        self._say()

    def _say(self) -> None:
        chosen = translate("Bench", "Machines · the framed one is this station's")
        missing = translate("Bench", "Which machine stands here? Press its number")
        if not self.rows:
            missing = translate("Bench", "No machine is registered: the equipment page shows how")
        self._machines.set_title(chosen if self._chosen else missing)


def _columns() -> tuple[Column[DueSpecimen], ...]:
    return (
        Column(lambda: translate("Bench", "Specimen"), lambda line: line.label, style=CellStyle.STRONG, width=150),
        Column(lambda: translate("Bench", "Material"), lambda line: line.material),
        Column(lambda: translate("Bench", "Size, mm"), lambda line: line.size, style=CellStyle.NUMBER, width=90),
        Column(lambda: translate("Bench", "Test"), lambda line: kind_word(line.test.value), width=120),
        Column(lambda: translate("Bench", "Due"), lambda line: line.due or "–", style=CellStyle.QUIET, width=120),
        chip_column(lambda: translate("Bench", "State"), _loaded, width=110),
    )


def _loaded(line: DueSpecimen) -> Chip:
    return {
        DueStanding.OVERDUE: Chip(ChipState.WARN, translate("Bench", "overdue")),
        DueStanding.TODAY: Chip(ChipState.INFO, translate("Bench", "due today")),
        DueStanding.ANY_TIME: Chip(ChipState.QUIET, translate("Bench", "waiting")),
        DueStanding.LATER: Chip(ChipState.QUIET, translate("Bench", "later")),
        DueStanding.LOADED: Chip(ChipState.OK, translate("Bench", "loaded")),
    }[line.standing]


def _result_facts(result: RunDetails) -> list[Fact]:
    run = result.run
    broke = run.end_reason is EndReason.BREAK
    facts = [
        Fact(translate("Bench", "Run"), run.number, strong=True),
        Fact(translate("Bench", "Specimen"), run.specimen_label or class_word(run.run_class)),
        Fact(translate("Bench", "Peak"), peak_text(run.peak_kn), strong=True),
    ]
    if result.stress_mpa is not None:
        facts.append(Fact(translate("Bench", "Stress"), mpa(result.stress_mpa)))
    words = end_word(run.end_reason) + (f" · {result.end_detail}" if result.end_detail and not broke else "")
    facts.append(Fact(translate("Bench", "End"), words, state="ok" if broke else "warn"))
    facts += [Fact(channel_word(name), channel_off(force_kn)) for name, force_kn in result.switches]
    if result.loader_name:
        people = translate("Bench", "{0}, loaded by {1}").format(run.operator_name, result.loader_name)
        facts.append(Fact(translate("Bench", "Operator"), people))
    if result.marks:
        words = ", ".join(mark_word(item) for item in result.marks)
        facts.append(Fact(translate("Bench", "To look at"), words, state="warn"))
    return facts
