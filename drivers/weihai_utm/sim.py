"""How a simulated Weihai controller speaks: seven characters with two decimals, fewer for large numbers."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import REQUEST, build_answer


class Simulator(AskedSimulator):
    """Encodes readings as the controller would."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        scale = ForceScale(self.settings["unit"])
        decimals = 2 if abs(scale.shows(reading.force_kn, 0).digits) < 999 else 0
        return build_answer(scale.shows(reading.force_kn, decimals))

    def requests(self) -> tuple[bytes, ...]:
        """Reading."""
        return (REQUEST,)
