"""Rows of label and value, with chips; at the left as on a form, or aligned right as on an instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import empty_layout, label, wrapped
from labdesk.ui.widgets.chips import Chip, StatusChip


@dataclass(frozen=True)
class Fact:
    """One row.

    Attributes:
        label: quiet, at the left.
        value: the value as text.
        chip: said about the value, or ``None``.
        strong: bold value.
        state: colour of the value: empty, ``ok``, ``warn``, ``bad``.
    """

    label: str
    value: str
    chip: Chip | None = None
    strong: bool = False
    state: str = ""


class FactList(QWidget):
    """A list of facts.

    Args:
        align_right: values at the right edge, for numbers that line up.
    """

    def __init__(self, *, align_right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._align_right = align_right
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        self._grid.setHorizontalSpacing(Space.NONE)
        self._grid.setVerticalSpacing(Space.S - Space.XXS)
        self._grid.setColumnMinimumWidth(0, Size.LABEL_COLUMN)
        self._grid.setColumnStretch(1, 1)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Shows other facts; equal ones are left alone, so that nothing flickers."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        empty_layout(self._grid)
        for index, fact in enumerate(self._facts):
            caption = label(fact.label, "label")
            caption.setContentsMargins(Space.NONE, Space.XXS, Space.M, Space.NONE)
            self._grid.addWidget(caption, index, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addLayout(self._value(fact), index, 1)

    def _value(self, fact: Fact) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        role = "strong" if fact.strong or self._align_right else "body"
        long = fact.chip is None and not self._align_right
        value = wrapped(fact.value, role) if long else label(fact.value, role)
        mark(value, state=fact.state)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if self._align_right:
            line.addStretch(1)
        if fact.value or fact.chip is None:
            line.addWidget(value, 1 if long else 0)
        if fact.chip is not None:
            line.addWidget(StatusChip(fact.chip))
        if not self._align_right and not long:
            line.addStretch(1)
        return line
