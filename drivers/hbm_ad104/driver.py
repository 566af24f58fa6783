"""Driver of AED amplifiers: chooses the output format, asks once for endless values, then only listens."""

from __future__ import annotations

from labdesk.devices.driver import Decoder
from labdesk.devices.framing import LineDecoder, ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import BinaryFormat, TextFormat


class MachineDriver(ShownForceDriver):
    """Force only; the site states what one digit means."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        decimals = int(self.settings["decimals"])
        if self.settings["format"] == "COF0":
            return ResyncDecoder(BinaryFormat(self.scale, decimals))
        return LineDecoder(TextFormat(self.scale, decimals, status=self.settings["format"] == "COF9"))

    def opening(self) -> bytes:
        """Stop what runs (and clear a half command with ``;``), choose the format, send measured values until stopped."""
        return b";STP;" + self.settings["format"].encode("ascii") + b";MSV?0;"
