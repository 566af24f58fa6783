"""How a simulated press with an XK3190-A12 speaks; beyond what seven characters hold it says overload."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import OVERLOAD, build_frame, build_out_of_range

SHOWN_DECIMALS = {"kg": 0, "kN": 2, "N": 0}


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        unit = self.settings["unit"]
        try:
            return build_frame(ForceScale(unit).shows(reading.force_kn, SHOWN_DECIMALS[unit]))
        except ValueError:
            return build_out_of_range(OVERLOAD)
