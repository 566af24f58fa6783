"""Driver of Kent controllers with a digital display: asked once for data, then they stream."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import REQUEST, KentFormat


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(KentFormat(self.scale))

    def opening(self) -> bytes:
        """Ask for data."""
        return REQUEST
