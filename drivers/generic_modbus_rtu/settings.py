"""From the register map the site typed to what is read; a wrong entry is refused with one sentence before the port is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from labdesk.devices.manifest import FIRST_CHANNEL, UNITS, Kind
from labdesk.devices.quantities import units_of
from labdesk.devices.typed import refuse
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, Channel

from .protocol import MAX_REGISTERS, RegisterMap, Status, Value

_VALUE = re.compile(r"(?:([ui])(16|32)|(f)32)@([0-9]{1,3})")
_STATUS = re.compile(r"@([0-9]{1,3})&([0-9A-Fa-f]{4})=([0-9A-Fa-f]{4})")


def read_map(driver: str, kind: Kind, settings: Mapping[str, str]) -> RegisterMap:
    """The map that the settings describe; raises OperatorError ``drivers.setting`` naming the first that cannot be used."""
    registers = int(settings["registers"])
    if not 1 <= registers <= MAX_REGISTERS:
        refuse(driver, "registers", settings["registers"], "field")
    if not 1 <= int(settings["address"]) <= 247:
        refuse(driver, "address", settings["address"], "field")
    first = int(settings["first"], 0)
    if first + registers > 0x10000:
        refuse(driver, "first", settings["first"], "field")
    main = FIRST_CHANNEL[kind][0]
    if settings["unit"] not in units_of(main):
        refuse(driver, "unit", settings["unit"], "unit")
    values = [_value(driver, settings, "value", Channel(main, UNITS[main], units_of(main)[settings["unit"]]))]
    for name, channel in (("ext", EXTENSION), ("disp", DISPLACEMENT)):
        if settings[name]:
            if channel == main:
                refuse(driver, name, settings[name], "field")
            values.append(_value(driver, settings, name, Channel(channel, UNITS[channel], Decimal(1))))
    return RegisterMap(
        address=int(settings["address"]),
        function=int(settings["function"]),
        first=first,
        registers=registers,
        values=tuple(values),
        status=_status(driver, settings, registers),
    )


def _value(driver: str, settings: Mapping[str, str], name: str, unit: Channel) -> Value:
    """``unit``'s quantum is the value of the transmitter's unit in the channel's own."""
    found = _VALUE.fullmatch(settings[name])
    if found is None:
        refuse(driver, name, settings[name], "field")
    size = 2 if found[3] or found[2] == "32" else 1
    at = int(found[4])
    if at + size > int(settings["registers"]):
        refuse(driver, name, settings[name], "field")
    quantum = _quantum(driver, settings, f"{name}_quantum")
    channel = Channel(unit.name, unit.unit, quantum * unit.quantum)
    return Value(channel, quantum, found[1] or found[3], at, size, settings["word_order"] == "low_first")


def _quantum(driver: str, settings: Mapping[str, str], name: str) -> Decimal:
    try:
        quantum = Decimal(settings[name])
    except InvalidOperation:
        quantum = Decimal(0)
    if not Decimal("1E-12") <= quantum <= Decimal(1_000_000):
        refuse(driver, name, settings[name], "quantum")
    return quantum


def _status(driver: str, settings: Mapping[str, str], registers: int) -> Status | None:
    if not settings["status"]:
        return None
    found = _STATUS.fullmatch(settings["status"])
    if found is None or int(found[1]) >= registers or int(found[3], 16) & ~int(found[2], 16):
        refuse(driver, "status", settings["status"], "field")
    return Status(int(found[1]), int(found[2], 16), int(found[3], 16))
