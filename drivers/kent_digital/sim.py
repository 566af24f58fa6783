"""How a simulated Kent controller with a digital display speaks: one decimal, nothing below zero."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import DECIMALS, build_frame


class Simulator(DeviceSimulator):
    """Encodes readings as the controller would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        shown = ForceScale(self.settings["unit"]).shows(reading.force_kn, DECIMALS)
        return build_frame(max(0, shown.digits))
