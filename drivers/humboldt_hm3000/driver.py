"""Driver of the HM-3000: asks once for raw data; zero and scale are what the site found by calibration."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.devices.driver import Decoder, Driver
from labdesk.devices.framing import ResyncDecoder
from labdesk.domain.sealed_run import Channel

from .protocol import START_RAW, Order, RawFormat, RawScale, build_message


class MachineDriver(Driver):
    """Force only."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Force with the stated kilonewtons per count."""
        return (replace(self.manifest.channels[0], quantum=Decimal(self.settings["kn_per_count"])),)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        settings = self.settings
        order: Order = "big" if settings["byte_order"] == "big" else "little"
        scale = RawScale(int(settings["zero_count"]), 1 if settings["counts"] == "rise" else -1)
        return ResyncDecoder(RawFormat(int(settings["device"]), int(settings["input"]), order, scale))

    def opening(self) -> bytes:
        """Start raw data."""
        return build_message(int(self.settings["device"]), START_RAW)
