"""How a simulated Kent controller with the old LCD speaks: six digits without point and sign."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_frame


class Simulator(DeviceSimulator):
    """Encodes readings as the controller would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        shown = ForceScale(self.settings["unit"]).shows(reading.force_kn, int(self.settings["decimals"]))
        return build_frame(max(0, shown.digits))
