"""Driver of Kent controllers with the new LCD: they stream, nothing is sent."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import KentFormat


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(KentFormat(self.scale))
