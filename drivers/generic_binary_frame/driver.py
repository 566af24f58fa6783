"""Driver of devices that send binary frames: everything about them is in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.manifest import Check, Manifest
from labdesk.domain.sealed_run import Channel

from .protocol import RuledFormat
from .settings import CHECK_KINDS, FrameSettings


class MachineDriver(Driver):
    """The value of the device's kind, extension and displacement where the settings say they stand."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for a setting that cannot be used."""
        super().__init__(manifest, settings)
        read = FrameSettings(manifest.id, manifest.kind, self.settings)
        self.rule = read.rule()
        self._opening, self._request = read.bytes_of("opening"), read.bytes_of("poll")

    @property
    def check(self) -> Check:
        """The one of the settings."""
        return CHECK_KINDS[self.settings["check"]]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """One channel for each field."""
        return tuple(field.channel for field in self.rule.fields)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(RuledFormat(self.rule))

    def opening(self) -> bytes:
        """What the site says starts the stream."""
        return self._opening

    def poll(self) -> Poll | None:
        """The site's request, if there is one."""
        return Poll((self._request,), int(self.settings["period_ms"])) if self._request else None
