"""Driver of the Mecmesin AFG: asks for the displayed reading ten times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import ENDS, REQUEST, ReadingFormat

PERIOD_MS = 100


class MachineDriver(ShownForceDriver):
    """Force only."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        sign = 1 if self.settings["sign"] == "shown" else -1
        return LineDecoder(ReadingFormat(self.scale, ENDS[self.settings["end"]], sign))

    def poll(self) -> Poll | None:
        """``?``."""
        return Poll((REQUEST,), PERIOD_MS)
