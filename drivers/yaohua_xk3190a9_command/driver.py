"""Driver of the XK3190-A9 in command mode: asks for the gross or net value ten times a second."""

from __future__ import annotations

from labdesk.devices.driver import Decoder, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.shown import ShownForceDriver

from .protocol import COMMANDS, ReplyFormat, build_request

PERIOD_MS = 100


class MachineDriver(ShownForceDriver):
    """Force only, in the stated unit."""

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(ReplyFormat(self._address, COMMANDS[self.settings["value"]], self.scale))

    def poll(self) -> Poll | None:
        """The reading command."""
        return Poll((build_request(self._address, COMMANDS[self.settings["value"]]),), PERIOD_MS)

    @property
    def _address(self) -> bytes:
        return self.settings["address"].encode("ascii")
