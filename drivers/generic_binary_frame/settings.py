"""From what the site typed to a rule for frames; a wrong setting is refused with one sentence before the port is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from labdesk.devices.binary import CHECKS
from labdesk.devices.manifest import FIRST_CHANNEL, UNITS, Check, Kind
from labdesk.devices.quantities import units_of
from labdesk.devices.typed import hex_bytes, refuse
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, Channel

from .protocol import MAX_DECIMALS, Field, Flag, FrameRule

CHECK_KINDS = {
    "none": Check.NONE,
    "sum8": Check.SUM,
    "xor": Check.XOR,
    "xor_ascii": Check.XOR,
    "twos_complement7": Check.TWOS_COMPLEMENT,
    "crc16_modbus": Check.CRC16,
}
_FIELD = re.compile(r"(?:([ui])(8)|([uif])(16|24|32)(be|le)|(bcd)(be|le)|(ascii))@([0-9]{1,3})(?:\+([0-9]{1,2}))?")
_FLAG = re.compile(r"@([0-9]{1,3})([=&])([0-9A-Fa-f]{2})")
_DECIMALS = re.compile(r"@([0-9]{1,3})-([0-9A-Fa-f]{2})")
_LENGTH = re.compile(r"u8@([0-9]{1,2})\+([0-9]{1,2})|([0-9]{1,3})")


class FrameSettings:
    """Reads one machine's settings; every method raises OperatorError ``drivers.setting`` for what cannot be used."""

    def __init__(self, driver: str, kind: Kind, settings: Mapping[str, str]) -> None:
        self._driver = driver
        self._settings = settings
        self._main = FIRST_CHANNEL[kind][0]

    def bytes_of(self, name: str) -> bytes:
        """Bytes typed as hexadecimal digits."""
        found = hex_bytes(self._settings[name])
        if found is None:
            refuse(self._driver, name, self._settings[name], "hex")
        return found

    def quantum_of(self, name: str) -> Decimal:
        """Value of one count in the unit on the wire."""
        try:
            quantum = Decimal(self._settings[name])
        except InvalidOperation:
            quantum = Decimal(0)
        if not (quantum.is_finite() and Decimal("1E-12") <= quantum <= Decimal(1_000_000)):
            refuse(self._driver, name, self._settings[name], "quantum")
        return quantum

    def rule(self) -> FrameRule:
        """The rule, every part of which lies inside the shortest frame."""
        length = _LENGTH.fullmatch(self._settings["length"])
        if length is None:
            refuse(self._driver, "length", self._settings["length"], "field")
        rule = FrameRule(
            start=self.bytes_of("start"),
            end=self.bytes_of("end"),
            length=int(length[3] or 0),
            length_at=int(length[1] or 0),
            length_add=int(length[2] or 0),
            check=self._settings["check"],
            check_from=int(self._settings["check_from"]),
            fields=self._fields(),
            sign=self._flag("sign"),
            invalid=self._flag("invalid"),
            decimals=self._decimals(),
            longest=int(self._settings["max_length"]),
        )
        if rule.length and not rule.shortest <= rule.length <= rule.longest:
            refuse(self._driver, "length", self._settings["length"], "field")
        if not rule.start and rule.check not in CHECKS:
            refuse(self._driver, "start", self._settings["start"], "check")
        return rule

    def _fields(self) -> tuple[Field, ...]:
        unit = self._settings["unit"]
        if unit not in units_of(self._main):
            refuse(self._driver, "unit", unit, "unit")
        finest = Decimal(1).scaleb(-MAX_DECIMALS) if self._settings["decimals"] else Decimal(1)
        found = [self._field("value", self._main, units_of(self._main)[unit] * finest)]
        for name, channel in (("ext", EXTENSION), ("disp", DISPLACEMENT)):
            if self._settings[name]:
                if channel == self._main:
                    refuse(self._driver, name, self._settings[name], "field")
                found.append(self._field(name, channel, Decimal(1)))
        return tuple(found)

    def _field(self, name: str, channel: str, unit: Decimal) -> Field:
        found = _FIELD.fullmatch(self._settings[name])
        if found is None or bool(found[10]) != bool(found[6] or found[8]) or (found[3] == "f" and found[4] != "32"):
            refuse(self._driver, name, self._settings[name], "field")
        kind = found[1] or found[3] or found[6] or found[8]
        bits = found[2] or found[4]
        size = int(found[10]) if found[10] else int(bits) // 8
        if not 1 <= size <= 9:
            refuse(self._driver, name, self._settings[name], "field")
        if kind == "f" and name == "value" and self._settings["decimals"]:
            refuse(self._driver, "decimals", self._settings["decimals"], "field")
        quantum = self.quantum_of(f"{name}_quantum")
        order = "little" if "le" in (found[5], found[7]) else "big"
        return Field(Channel(channel, UNITS[channel], quantum * unit), quantum, kind, order, int(found[9]), size)

    def _flag(self, name: str) -> Flag | None:
        if not self._settings[name]:
            return None
        found = _FLAG.fullmatch(self._settings[name])
        if found is None or (found[2] == "&" and int(found[3], 16) == 0):
            refuse(self._driver, name, self._settings[name], "field")
        byte = int(found[3], 16)
        return Flag(int(found[1]), bits=byte) if found[2] == "&" else Flag(int(found[1]), value=byte)

    def _decimals(self) -> tuple[int, int] | None:
        if not self._settings["decimals"]:
            return None
        found = _DECIMALS.fullmatch(self._settings["decimals"])
        if found is None:
            refuse(self._driver, "decimals", self._settings["decimals"], "field")
        return int(found[1]), int(found[2], 16)
