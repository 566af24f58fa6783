"""Driver of the Sauter FH: asks for a value ten times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import REQUEST, AnswerFormat

PERIOD_MS = 100


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit and with the stated sign."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        pulling = 1 if self.settings["positive"] == "tension" else -1
        return ResyncDecoder(AnswerFormat(self.scale, int(self.settings["decimals"]), pulling))

    def poll(self) -> Poll | None:
        """``9``."""
        return Poll((REQUEST,), PERIOD_MS)
