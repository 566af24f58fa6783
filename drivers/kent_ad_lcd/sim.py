"""How a simulated Kent controller with AD LCD speaks: raw counts by the stated calibration."""

from __future__ import annotations

from decimal import Decimal

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_frame, quantum_kn


class Simulator(DeviceSimulator):
    """Encodes readings as the controller would; its converter goes no lower than zero."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        quantum = quantum_kn(Decimal(self.settings["calibration"]), int(self.settings["decimals"]))
        return build_frame(max(0, round(reading.force_kn / float(quantum)) + int(self.settings["zero_raw"])))
