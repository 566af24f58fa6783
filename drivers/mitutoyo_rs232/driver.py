"""Driver of Mitutoyo tools: they send by themselves; the site says which unit they show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.devices.driver import Decoder, Driver
from labdesk.devices.framing import ResyncDecoder
from labdesk.domain.sealed_run import Channel

from .protocol import DECIMALS, ValueFormat

MM_PER_UNIT = {"mm": Decimal(1), "inch": Decimal("25.4")}


class MachineDriver(Driver):
    """Extension only. A count is 10^-5 of the shown unit, exactly."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Extension in mm with the quantum that the shown unit gives."""
        quantum = MM_PER_UNIT[self.settings["unit"]].scaleb(-DECIMALS)
        return (replace(self.manifest.channels[0], quantum=quantum),)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(ValueFormat())
