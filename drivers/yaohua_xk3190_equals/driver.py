"""Driver of the "=" formats: they send by themselves; the site says which format and which unit."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import LAYOUTS, EqualsFormat


class MachineDriver(ShownForceDriver):
    """Force only."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(EqualsFormat(LAYOUTS[self.settings["layout"]], self.scale))
