"""Driver of Mark-10 gauges: asks for the current value fifty times a second, never for a peak."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import LineDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import REQUESTS, ReadingFormat

PERIOD_MS = 20


class MachineDriver(ShownForceDriver):
    """Force only, with the stated sign."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(ReadingFormat(self.scale, 1 if self.settings["positive"] == "compression" else -1))

    def poll(self) -> Poll | None:
        """``?C`` or ``?``, or nothing where the gauge sends by itself."""
        request = REQUESTS.get(self.settings["ask"])
        return None if request is None else Poll((request,), PERIOD_MS)
