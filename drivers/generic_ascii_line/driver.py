"""Driver of devices that write text: everything about them is in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import LineDecoder, ResyncDecoder
from labdesk.devices.manifest import Manifest
from labdesk.devices.quantities import channel_of
from labdesk.domain.sealed_run import Channel

from .protocol import CHANNEL_GROUPS, FixedLine, TerminatedLine
from .settings import read_bytes, read_rule


class MachineDriver(Driver):
    """Force, mass or extension and what else the pattern names, in exact counts."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for a setting that cannot be used."""
        super().__init__(manifest, settings)
        self.rule = read_rule(manifest.id, manifest.kind, self.settings)
        self._opening, self._request = (read_bytes(manifest.id, self.settings, name) for name in ("opening", "poll"))

    @property
    def channels(self) -> tuple[Channel, ...]:
        """One channel for each group of the pattern that is a quantity."""
        return tuple(channel_of(CHANNEL_GROUPS[group], scale.quantum) for group, scale in self.rule.scales.items())

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return LineDecoder(TerminatedLine(self.rule)) if self.rule.terminator else ResyncDecoder(FixedLine(self.rule))

    def opening(self) -> bytes:
        """What the site says starts the stream."""
        return self._opening

    def poll(self) -> Poll | None:
        """The site's request, if there is one."""
        return Poll((self._request,), int(self.settings["period_ms"])) if self._request else None
