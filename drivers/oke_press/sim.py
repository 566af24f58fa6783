"""How a simulated OKE press controller speaks: two decimals, nothing below zero."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import DECIMALS, REQUEST, build_answer


class Simulator(AskedSimulator):
    """Encodes readings as the controller would."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        shown = ForceScale(self.settings["unit"]).shows(reading.force_kn, DECIMALS)
        return build_answer(max(0, shown.digits))

    def requests(self) -> tuple[bytes, ...]:
        """Reading."""
        return (REQUEST,)
