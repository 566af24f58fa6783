"""Driver of the Shimpo DFS: asks for a reading ten times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import ENDS, REQUESTS, ReadingFormat

PERIOD_MS = 100


class MachineDriver(ShownForceDriver):
    """Force only."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        sign = 1 if self.settings["sign"] == "shown" else -1
        return LineDecoder(ReadingFormat(self.scale, ENDS[self.settings["end"]], sign))

    def poll(self) -> Poll | None:
        """``D`` or ``DATN``."""
        return Poll((REQUESTS[self.settings["ask"]],), PERIOD_MS)
