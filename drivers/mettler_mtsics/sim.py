"""How a simulated balance answers: the simulated machine's kilonewton stands for a hundred grams on its pan."""

from __future__ import annotations

from labdesk.devices.shown import Shown
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import REQUEST, build_answer

GRAMS_PER_KN = 100


class Simulator(AskedSimulator):
    """Answers ``SI`` as the balance would."""

    def frame(self, reading: Reading) -> bytes:
        """One answer in grams with two decimals."""
        return build_answer(Shown(round(reading.force_kn * GRAMS_PER_KN * 100), 2))

    def requests(self) -> tuple[bytes, ...]:
        """``SI``."""
        return (REQUEST,)
