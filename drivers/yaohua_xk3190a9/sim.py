"""How a simulated press with an XK3190-A9 speaks: kN with two decimals, like most displays."""

from __future__ import annotations

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_frame

UNITS_PER_KN = {"kN": 1.0, "N": 1000.0, "kg": 101.971621}
SHOWN_DECIMALS = {"kN": 2, "N": 0, "kg": 0}


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        unit = self.settings["unit"]
        decimals = SHOWN_DECIMALS[unit]
        return build_frame(round(reading.force_kn * UNITS_PER_KN[unit] * 10**decimals), decimals)
