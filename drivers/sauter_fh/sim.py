"""How a simulated press with a Sauter gauge answers; beyond five digits it stays silent."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import REQUEST, build_answer


class Simulator(AskedSimulator):
    """Answers ``9`` as the gauge would; the simulated force counts as positive."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        force = -reading.force_kn if self.settings["positive"] == "compression" else reading.force_kn
        try:
            return build_answer(ForceScale(self.settings["unit"]).shows(force, int(self.settings["decimals"])))
        except ValueError:
            return b""

    def requests(self) -> tuple[bytes, ...]:
        """``9``."""
        return (REQUEST,)
