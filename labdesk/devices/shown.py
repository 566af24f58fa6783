"""Numbers and force units as displays show them, turned into exact counts.

A display shows digits, a decimal point that may move, and a unit that somebody may change with a key. A channel has one quantum for
a whole run. So the site states the unit it uses (asked once, checked against the display); units of the same family – newtons,
kilograms, pounds – are converted exactly, a unit of another family gives no value: it is never guessed and never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from labdesk.devices.driver import Driver
from labdesk.devices.manifest import Manifest
from labdesk.domain.sealed_run import Channel

STANDARD_GRAVITY = Decimal("9.80665")
"""m/s²: how an indicator that shows kilograms is read as force; declared in every driver that does so."""

_KG = STANDARD_GRAVITY / 1000
_LBF = Decimal("0.0044482216152605")

_FAMILIES: tuple[tuple[Decimal, dict[str, Decimal]], ...] = (
    (Decimal("1E-7"), {"N": Decimal("0.001"), "kN": Decimal(1), "mN": Decimal("0.000001")}),
    (_KG.scaleb(-7), {"kg": _KG, "g": _KG / 1000, "t": _KG * 1000}),
    (_LBF.scaleb(-6), {"lbf": _LBF, "ozf": _LBF / 16, "klbf": _LBF * 1000}),
)
"""Value of one count (0.1 mN, 0.1 mg, a millionth of a pound: finer than these displays show), then kN of one unit, exactly."""

KN_PER_UNIT: Mapping[str, Decimal] = MappingProxyType(
    {unit: kn for _, units in _FAMILIES for unit, kn in units.items()}
)
"""Kilonewtons of one shown unit."""

_SPELLINGS: Mapping[bytes, str] = MappingProxyType(
    {
        **dict.fromkeys((b"N",), "N"),
        **dict.fromkeys((b"kN", b"KN"), "kN"),
        **dict.fromkeys((b"mN",), "mN"),
        **dict.fromkeys((b"kg", b"Kg", b"KG", b"kgf", b"kgF", b"KGF"), "kg"),
        **dict.fromkeys((b"g", b"gf", b"gF", b"G", b"GF"), "g"),
        **dict.fromkeys((b"t", b"tf", b"tF", b"T", b"TF"), "t"),
        **dict.fromkeys((b"lb", b"lbf", b"lbF", b"LB", b"LBF"), "lbf"),
        **dict.fromkeys((b"oz", b"ozf", b"ozF", b"OZ", b"OZF"), "ozf"),
        **dict.fromkeys((b"klb", b"klbf", b"klbF", b"KLBF"), "klbf"),
    }
)
_NUMBER = re.compile(rb" *([+-]?) *(?=\.?[0-9])([0-9]{0,12})(?:\.([0-9]{0,9}))? *")
_WITH_UNIT = re.compile(rb"([+-]?[0-9.]+)(?: ?([A-Za-z]{1,4}))?")
_LARGEST = 1 << 62


class Shown(NamedTuple):
    """A shown number: ``digits`` x 10^-``decimals``."""

    digits: int
    decimals: int


def read_number(text: bytes) -> Shown | None:
    """The number in ``text``: spaces, a sign, spaces, digits with at most one point; ``None`` for anything else."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, whole, part = found.groups()
    digits = int(whole + (part or b""))
    return Shown(-digits if sign == b"-" else digits, len(part or b""))


def written(number: Shown) -> str:
    """The number as a display writes it, with a leading minus and no padding."""
    digits = str(abs(number.digits)).zfill(number.decimals + 1)
    text = f"{digits[: -number.decimals]}.{digits[-number.decimals :]}" if number.decimals else digits
    return f"-{text}" if number.digits < 0 else text


def read_unit(text: bytes) -> str | None:
    """The force unit meant by ``text``; ``None`` if it is none. ``MN`` is none: some gauges write it for millinewtons."""
    return _SPELLINGS.get(text.strip())


def read_with_unit(text: bytes) -> tuple[Shown, str | None] | None:
    """A number and, behind at most one space, a force unit or none; ``None`` for anything else, also for an unknown unit."""
    found = _WITH_UNIT.fullmatch(text)
    number = read_number(found[1]) if found is not None else None
    if found is None or number is None:
        return None
    unit = read_unit(found[2]) if found[2] else None
    return None if found[2] and unit is None else (number, unit)


class ForceScale:
    """Counts of one machine, whose site states the ``unit`` on its display (a key of :data:`KN_PER_UNIT`)."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.quantum, units = next(family for family in _FAMILIES if unit in family[1])
        self._counts = {name: int(kn / self.quantum) for name, kn in units.items()}

    def count(self, number: Shown, unit: str | None = None) -> int | None:
        """The exact count of ``number``, in the stated unit or in the one the frame names.

        ``None`` when the unit is of another family, or when the number has more decimals than a count can hold.
        """
        per_unit = self._counts.get(unit or self.unit)
        if per_unit is None:
            return None
        count, rest = divmod(number.digits * per_unit, 10**number.decimals)
        return None if rest or abs(count) > _LARGEST else count

    def shows(self, force_kn: float, decimals: int) -> Shown:
        """What a simulated display in the stated unit shows."""
        return Shown(round(force_kn / float(KN_PER_UNIT[self.unit]) * 10**decimals), decimals)

    def fits(self, force_kn: float, characters: int, most_decimals: int) -> Shown:
        """What a simulated display of so many characters (point included, sign not) shows with as many decimals as fit."""
        for decimals in range(most_decimals, 0, -1):
            number = self.shows(force_kn, decimals)
            if len(written(number).lstrip("-")) <= characters:
                return number
        return self.shows(force_kn, 0)


class ShownForceDriver(Driver):
    """Base of drivers whose first channel is a displayed force with a stated unit (setting ``unit``)."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        super().__init__(manifest, settings)
        self.scale = ForceScale(self.settings["unit"])

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Force in kN with the quantum of the stated unit's family; further channels as in the manifest."""
        force, *others = self.manifest.channels
        return (replace(force, quantum=self.scale.quantum), *others)
