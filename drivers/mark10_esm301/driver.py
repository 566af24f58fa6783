"""Driver of the ESM301 stand: asks for force and travel twenty times a second and sends nothing else, for other letters move it."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.shown import ShownForceDriver

from .protocol import REQUEST, PairDecoder

PERIOD_MS = 50


class MachineDriver(ShownForceDriver):
    """Force with the stated sign, and travel as displacement."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return PairDecoder(self.scale, 1 if self.settings["positive"] == "compression" else -1)

    def poll(self) -> Poll | None:
        """``n``."""
        return Poll((REQUEST,), PERIOD_MS)
