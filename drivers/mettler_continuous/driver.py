"""Driver of the continuous output: it sends by itself; the site says the unit and whether there is a check byte."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.manifest import Check
from labdesk.devices.shown import ShownForceDriver

from .protocol import ContinuousFormat


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    @property
    def check(self) -> Check:
        """None where the indicator sends no check byte."""
        return self.manifest.check if self.settings["checksum"] == "yes" else Check.SHAPE

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(ContinuousFormat(self.scale, self.settings["checksum"] == "yes"))
