"""Driver of the open stream: it sends by itself, nothing has to be asked."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Driver, TickRule
from labdesk.devices.framing import ResyncDecoder

from .protocol import CLOCK_MODULUS, COUNTER_MODULUS, UtmFormat


class MachineDriver(Driver):
    """Force, extension and displacement with the device's own clock and frame counter."""

    tick = TickRule(1000, CLOCK_MODULUS)
    sequence_modulus = COUNTER_MODULUS

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(UtmFormat())
