"""How a simulated Kent controller with the new LCD speaks: two decimals, one for large numbers."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_frame


class Simulator(DeviceSimulator):
    """Encodes readings as the controller would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        scale = ForceScale(self.settings["unit"])
        shown = scale.shows(reading.force_kn, 2)
        return build_frame(shown if abs(shown.digits) < 1_000_000 else scale.shows(reading.force_kn, 1))
