"""Driver of the XK3190-A9: it sends by itself; the site says which unit the display shows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.devices.driver import Decoder, Driver
from labdesk.devices.framing import ResyncDecoder
from labdesk.domain.sealed_run import Channel

from .protocol import A9Format

KN_PER_UNIT = {"kN": Decimal(1), "N": Decimal("0.001"), "kg": Decimal("0.00980665")}


class MachineDriver(Driver):
    """Force only. A count is 10^-4 of the displayed unit, exactly."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Force in kN with the quantum that the displayed unit gives."""
        force = self.manifest.channels[0]
        return (replace(force, quantum=KN_PER_UNIT[self.settings["unit"]] * Decimal("0.0001")),)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(A9Format())
