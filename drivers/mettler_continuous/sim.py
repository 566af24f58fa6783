"""How a simulated press with a Toledo-speaking indicator speaks."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import KILOGRAMS, build_frame

SHOWN_DECIMALS = {"kg": 0, "kN": 2, "N": 0, "t": 3, "lbf": 0}
OTHER_BITS = 0x20


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        unit = self.settings["unit"]
        number = ForceScale(unit).shows(reading.force_kn, SHOWN_DECIMALS[unit])
        status = OTHER_BITS | (KILOGRAMS if unit == "kg" else 0)
        return build_frame(number, status, self.settings["checksum"] == "yes")
