"""Driver of the Dini Argeo standard string: it sends by itself."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import StringFormat


class MachineDriver(ShownForceDriver):
    """Force only; the unit is on the wire."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(StringFormat(self.scale))
