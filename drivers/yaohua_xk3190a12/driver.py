"""Driver of the XK3190-A12: it sends by itself."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import A12Format


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(A12Format(self.scale))
