"""Driver of OKE universal machine controllers: asks for the force, five times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.manifest import Check
from labdesk.devices.shown import ShownForceDriver

from .protocol import REQUEST, AnswerFormat

PERIOD_MS = 200


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    @property
    def check(self) -> Check:
        """None where the site says that the sum does not fit."""
        return self.manifest.check if self.settings["sum"] == "yes" else Check.SHAPE

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(AnswerFormat(self.scale, summed=self.settings["sum"] == "yes"))

    def poll(self) -> Poll | None:
        """The reading request."""
        return Poll((REQUEST,), PERIOD_MS)
