"""Driver of the ZTS: asks once for its units and its stream, then only listens."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import ZtsFormat


class MachineDriver(ShownForceDriver):
    """Force only; the gauge names the unit it shows."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(ZtsFormat(self.scale))

    def opening(self) -> bytes:
        """Stop, tell the units, stream."""
        return b"XAS\rXFC\r" + (b"XAG\r" if self.settings["rate"] == "2000" else b"XAg\r")
