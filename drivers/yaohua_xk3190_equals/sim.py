"""How a simulated press with an "=" indicator speaks: a display that shows as many decimals as fit."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import LAYOUTS, build_frame

MOST_DECIMALS = 4


class Simulator(DeviceSimulator):
    """Encodes readings as the indicator would; the ``t1`` format always shows kilograms."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame."""
        unit = "kg" if self.settings["layout"] == "t1" else self.settings["unit"]
        layout = LAYOUTS[self.settings["layout"]]
        room = layout.characters - (1 if reading.force_kn < 0 else 0)
        return build_frame(ForceScale(unit).fits(reading.force_kn, room, MOST_DECIMALS), layout)
