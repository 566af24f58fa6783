"""How a simulated press with an A&D indicator speaks."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import DIGITS, ENDS, build_line

MOST_DECIMALS = 4
UNITS = {"lbf": b"lb"}


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One line."""
        unit = self.settings["unit"]
        number = ForceScale(unit).fits(reading.force_kn, DIGITS, MOST_DECIMALS)
        wire_unit = UNITS.get(unit, unit.encode("ascii"))
        return build_line(b"ST", number, wire_unit, ENDS[self.settings["end"]])
