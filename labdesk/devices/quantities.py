"""Shown numbers of every channel as exact counts: force (``shown.py``), length and mass.

A channel has one quantum for a whole run. Units of one family are converted exactly, a unit of another gives no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from labdesk.devices.manifest import UNITS
from labdesk.devices.shown import KN_PER_UNIT, ForceScale, Shown
from labdesk.domain.sealed_run import FORCE, MASS, Channel

LARGEST = 1 << 62
"""Counts beyond this do not fit a sealed run's columns."""

MM_PER_UNIT: Mapping[str, Decimal] = {
    "mm": Decimal(1),
    "um": Decimal("0.001"),
    "cm": Decimal(10),
    "m": Decimal(1000),
    "in": Decimal("25.4"),
}
G_PER_UNIT: Mapping[str, Decimal] = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "mg": Decimal("0.001"),
    "t": Decimal(1_000_000),
}
G_PER_POUND_UNIT: Mapping[str, Decimal] = {"lb": Decimal("453.59237"), "oz": Decimal("453.59237") / 16}


class Scale(Protocol):
    """Turns shown numbers into counts of one channel."""

    quantum: Decimal

    def count(self, number: Shown, unit: str | None = None) -> int | None:
        """The exact count; ``None`` for a unit of another family or more decimals than a count holds."""
        ...


class DecimalScale:
    """Counts of a length or a mass in one family of units; ``quantum`` in the channel's unit."""

    def __init__(self, quantum: Decimal, units: Mapping[str, Decimal], unit: str) -> None:
        self.quantum = quantum
        self._unit = unit
        self._counts = {name: int(value / quantum) for name, value in units.items()}

    def count(self, number: Shown, unit: str | None = None) -> int | None:
        """See :class:`Scale`."""
        per_unit = self._counts.get(unit or self._unit)
        if per_unit is None:
            return None
        count, rest = divmod(number.digits * per_unit, 10**number.decimals)
        return None if rest or abs(count) > LARGEST else count


def units_of(channel: str) -> Mapping[str, Decimal]:
    """Units a display may show for a channel, with their value in the channel's own unit (kN, mm, g)."""
    if channel == FORCE:
        return KN_PER_UNIT
    return {**G_PER_UNIT, **G_PER_POUND_UNIT} if channel == MASS else MM_PER_UNIT


def scale_for(channel: str, unit: str) -> Scale:
    """The scale of a channel whose display shows ``unit`` (one of :func:`units_of`)."""
    if channel == FORCE:
        return ForceScale(unit)
    if channel != MASS:
        return DecimalScale(Decimal("1E-7"), MM_PER_UNIT, unit)
    if unit in G_PER_POUND_UNIT:
        return DecimalScale(Decimal("453.59237").scaleb(-4) / 16, G_PER_POUND_UNIT, unit)
    return DecimalScale(Decimal("1E-6"), G_PER_UNIT, unit)


def channel_of(name: str, quantum: Decimal) -> Channel:
    """The channel of a quantity, in its own unit."""
    return Channel(name, UNITS[name], quantum)
