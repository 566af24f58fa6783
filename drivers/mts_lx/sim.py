"""How a simulated LX speaks: invalid where no extensometer is on the piece or the display is too small."""

from __future__ import annotations

from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import INVALID, PROMPT, REQUEST, build_answer

MM_PER_UNIT = {"mm": 1.0, "inch": 25.4}


class Simulator(AskedSimulator):
    """Encodes readings as the instrument would."""

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        if reading.extension_mm is None:
            return INVALID + PROMPT
        shown = reading.extension_mm / MM_PER_UNIT[self.settings["unit"]]
        count = round(shown * 10 ** int(self.settings["decimals"]))
        return build_answer(count) if abs(count) <= 99_999 else INVALID + PROMPT

    def requests(self) -> tuple[bytes, ...]:
        """Reading."""
        return (REQUEST,)
