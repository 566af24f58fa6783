"""How a simulated dial gauge speaks: three decimals in millimetres, four in inches; silent where it is not on the piece."""

from __future__ import annotations

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_value

SHOWN = {"mm": (1.0, 3), "inch": (25.4, 4)}


class Simulator(DeviceSimulator):
    """Encodes readings as the tool would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One value."""
        if reading.extension_mm is None:
            return b""
        mm_per_unit, decimals = SHOWN[self.settings["unit"]]
        return build_value(round(reading.extension_mm / mm_per_unit * 10**decimals), decimals)
