"""Driver of Kent controllers with AD LCD: they stream raw counts; calibration and zero are what the site states."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.devices.driver import Decoder, Driver
from labdesk.devices.framing import ResyncDecoder
from labdesk.domain.sealed_run import Channel

from .protocol import KentFormat, quantum_kn


class MachineDriver(Driver):
    """Force only, as calibrated by the site."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Force in kN with the quantum that the calibration gives."""
        quantum = quantum_kn(Decimal(self.settings["calibration"]), int(self.settings["decimals"]))
        return (replace(self.manifest.channels[0], quantum=quantum),)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(KentFormat(int(self.settings["zero_raw"])))
