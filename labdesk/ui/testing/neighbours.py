"""The machines of this station that are not in front: what they are doing, and what they have just done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, RunClass, RunPhase
from labdesk.domain.machines import Machine
from labdesk.services.runs import RunDetails
from labdesk.ui.testing.words import class_word, end_word, kn, peak_text, phase_word, trouble_word
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Space
from labdesk.ui.widgets.basics import empty_layout, label
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.key_hints import key_text

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Neighbour:
    """A machine beside the one in front.

    Attributes:
        key: its number on the keyboard.
        state: newest state; ``None`` before the first.
        result: the run it made last while it was not in front, until somebody looks.
    """

    key: str
    machine: Machine
    state: LiveState | None = None
    result: RunDetails | None = None

    @property
    def running(self) -> bool:
        """Whether it is armed or loads."""
        return self.state is not None and self.state.phase is not RunPhase.IDLE

    @property
    def troubled(self) -> bool:
        """Whether its line is not well while a run goes on."""
        return self.running and self.state is not None and self.state.trouble is not LinkTrouble.NONE


class _Card(QFrame):
    """One neighbour in one line.

    Signals:
        picked(): it was clicked.
    """

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, kind="card")
        self.cap, self.chip = label(role="key"), StatusChip()
        self.name, self.text = label(role="strong"), label(role="body")
        lines = QHBoxLayout(self)
        lines.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        lines.setSpacing(Space.S)
        for part in (self.cap, self.name, self.chip, self.text):
            lines.addWidget(part)
        for part in (self.name, self.text):
            part.setMinimumWidth(Space.XXL)  # many neighbours: cut short rather than wider than the window

    def show_neighbour(self, item: Neighbour) -> None:
        """Its texts; equal ones cost nothing."""
        chip, text = _chip(item), _words(item)
        self.cap.setText(key_text(item.key))
        self.name.setText(f"{item.machine.number} · {item.machine.name}")
        if chip != self.chip.chip:
            self.chip.show_chip(chip)
        if text != self.text.text():
            self.text.setText(text)
            self.setToolTip(f"{self.name.text()} · {text}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click brings it to the front."""
        del event
        self.picked.emit()


class Neighbours(QWidget):
    """A line of cards, hidden while there is nothing to tell.

    Signals:
        picked(str): key of the machine to bring to the front.
        troubled(Machine): the line of a running neighbour is not well any more.
    """

    picked = Signal(str)
    troubled = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, Neighbour] = {}
        self._front = ""
        self._cards: dict[str, _Card] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._row.setSpacing(Space.S)
        self.hide()

    def show_machines(self, machines: Sequence[Machine], front: str) -> None:
        """The machines with their keys; the one in front is not told about."""
        old = self._items
        made = (Neighbour(str(number), each) for number, each in enumerate(machines[:9], start=1))
        self._items = {
            item.machine.id: replace(known, key=item.key, machine=item.machine)
            if (known := old.get(item.machine.id))
            else item
            for item in made
        }
        self.turn_to(front)

    def turn_to(self, front: str) -> None:
        """Another machine came to the front: its result is seen."""
        self._front = front
        if front in self._items:
            self._items[front] = replace(self._items[front], result=None)
        self._show()

    def show_state(self, state: LiveState) -> None:
        """A machine's newest state; a new run makes the last result old."""
        before = self._items.get(state.machine_id)
        if before is None:
            return
        after = replace(before, state=state)
        if after.running and not before.running:
            after = replace(after, result=None)
        self._items[state.machine_id] = after
        self._show()
        if after.troubled and not before.troubled and state.machine_id != self._front:
            self.troubled.emit(after.machine)

    def show_result(self, result: RunDetails) -> None:
        """A machine that is not in front has made a run."""
        item = self._items.get(result.run.machine_id)
        if item is not None and result.run.machine_id != self._front:
            self._items[result.run.machine_id] = replace(item, result=result)
            self._show()

    def retranslate(self) -> None:
        """Sets all texts."""
        self._show()

    def told(self) -> list[str]:
        """What stands on the cards, for reading aloud."""
        return [f"{card.name.text()} {card.chip.chip.word} {card.text.text()}" for card in self._cards.values()]

    def _show(self) -> None:
        told = [item for key, item in self._items.items() if key != self._front and (item.running or item.result)]
        if [item.machine.id for item in told] != list(self._cards):
            self._build(told)
        for item in told:
            self._cards[item.machine.id].show_neighbour(item)
        self.setVisible(bool(told))

    def _build(self, told: Sequence[Neighbour]) -> None:
        empty_layout(self._row)
        self._cards = {}
        for item in told:
            card = _Card()
            card.picked.connect(lambda key=item.machine.id: self.picked.emit(key))
            self._cards[item.machine.id] = card
            self._row.addWidget(card)
        self._row.addStretch(1)


def clean(result: RunDetails) -> bool:
    """Whether nobody has to look at a run: it broke as it should, or was no test."""
    run = result.run
    return run.run_class is not RunClass.TEST or (run.end_reason is EndReason.BREAK and not result.marks)


def _chip(item: Neighbour) -> Chip:
    if item.result is not None and not item.running:
        return Chip(ChipState.OK if clean(item.result) else ChipState.WARN, translate("Bench", "stored"))
    if item.state is None:
        return Chip(ChipState.QUIET, "")
    if item.troubled:
        return Chip(ChipState.BAD, trouble_word(item.state.trouble))
    return Chip(ChipState.INFO, phase_word(item.state.phase))


def _words(item: Neighbour) -> str:
    if item.result is not None and not item.running:
        run = item.result.run
        what = run.specimen_label or class_word(run.run_class)
        return f"{run.number} · {what} · {peak_text(run.peak_kn)} · {end_word(run.end_reason)}"
    if item.state is None:
        return ""
    return f"{item.state.specimen_label or '–'} · {kn(item.state.force_kn)} kN"
