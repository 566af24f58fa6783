"""How a simulated press with a Shimpo gauge answers."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import ENDS, REQUESTS, build_line

CHARACTERS = 7
MOST_DECIMALS = 3
UNITS = {"lbf": "lb", "ozf": "oz"}


class Simulator(AskedSimulator):
    """Answers as the gauge would; the simulated force counts as positive."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        unit = self.settings["unit"]
        force = reading.force_kn if self.settings["sign"] == "shown" else -reading.force_kn
        number = ForceScale(unit).fits(force, CHARACTERS, MOST_DECIMALS)
        return build_line(number, UNITS.get(unit, unit), ENDS[self.settings["end"]])

    def requests(self) -> tuple[bytes, ...]:
        """The one that is set."""
        return (REQUESTS[self.settings["ask"]],)
