"""Driver of the LX: asks for the displacement, twenty times a second."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import LineDecoder
from labdesk.domain.sealed_run import Channel

from .protocol import REQUEST, LxFormat

PERIOD_MS = 50
MM_PER_UNIT = {"mm": Decimal(1), "inch": Decimal("25.4")}


class MachineDriver(Driver):
    """Extension only."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Extension in mm with the quantum that stated unit and decimals give."""
        quantum = MM_PER_UNIT[self.settings["unit"]].scaleb(-int(self.settings["decimals"]))
        return (replace(self.manifest.channels[0], quantum=quantum),)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(LxFormat())

    def poll(self) -> Poll | None:
        """The reading command."""
        return Poll((REQUEST,), PERIOD_MS)
