"""How a simulated ESM301 stand answers."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale, Shown
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import REQUEST, build_answer

CHARACTERS = 7
MOST_DECIMALS = 3


class Simulator(AskedSimulator):
    """Answers ``n`` as the stand would; the simulated force counts as positive."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        unit = self.settings["unit"]
        force = reading.force_kn if self.settings["positive"] == "compression" else -reading.force_kn
        number = ForceScale(unit).fits(force, CHARACTERS, MOST_DECIMALS)
        return build_answer(number, unit, Shown(round(reading.displacement_mm * 100), 2))

    def requests(self) -> tuple[bytes, ...]:
        """``n``."""
        return (REQUEST,)
