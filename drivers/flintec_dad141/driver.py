"""Driver of the DAD 141.1: asks once for the stream, then only listens."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import LineDecoder
from labdesk.devices.manifest import Check
from labdesk.devices.shown import ShownForceDriver

from .protocol import END, SingleFormat, StringFormat


class MachineDriver(ShownForceDriver):
    """Force only: gross or net, as the site says."""

    @property
    def check(self) -> Check:
        """Only the strings of ``SW`` carry one."""
        return self.manifest.check if self.settings["stream"].startswith("SW") else Check.SHAPE

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        command, _, value = self.settings["stream"].partition(" ")
        if command == "SW":
            return LineDecoder(StringFormat(self.scale, int(self.settings["decimals"]), gross=value == "gross"))
        return LineDecoder(SingleFormat(self.scale, command[1:].encode("ascii")))

    def opening(self) -> bytes:
        """An empty line ends a half-typed command, then the stream is asked for."""
        return END + self.settings["stream"].split()[0].encode("ascii") + END
