"""How a simulated universal machine speaks."""

from __future__ import annotations

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_frame


class Simulator(DeviceSimulator):
    """Encodes readings as the device's controller would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        extension = None if reading.extension_mm is None else round(reading.extension_mm * 10_000)
        counts = (round(reading.force_kn * 10_000), extension, round(reading.displacement_mm * 1000))
        return build_frame(sequence, time_ns // 1000, counts)
