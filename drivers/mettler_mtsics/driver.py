"""Driver of MT-SICS balances: asks for the momentary weight five times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import LineDecoder

from .protocol import REQUEST, AnswerFormat

PERIOD_MS = 200


class MachineDriver(Driver):
    """Mass only."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(AnswerFormat())

    def poll(self) -> Poll | None:
        """``SI``."""
        return Poll((REQUEST,), PERIOD_MS)
