"""How a simulated press with a Dini Argeo indicator speaks."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import CHARACTERS, build_line

MOST_DECIMALS = 4
UNITS = {"lbf": b"lb"}


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One line."""
        unit = self.settings["unit"]
        room = CHARACTERS - (1 if reading.force_kn < 0 else 0)
        number = ForceScale(unit).fits(reading.force_kn, room, MOST_DECIMALS)
        return build_line(b"ST", number, UNITS.get(unit, unit.encode("ascii")))
