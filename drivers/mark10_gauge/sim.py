"""How a simulated press with a Mark-10 gauge answers."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.devices.manifest import Manifest
from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import REQUESTS, build_line

CHARACTERS = 7
MOST_DECIMALS = 3


class Simulator(AskedSimulator):
    """Answers as the gauge would; the simulated force counts as positive."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        super().__init__(manifest, settings)
        self.polled = settings["ask"] in REQUESTS

    def frame(self, reading: Reading) -> bytes:
        """One answer."""
        unit = self.settings["unit"]
        force = reading.force_kn if self.settings["positive"] == "compression" else -reading.force_kn
        return build_line(ForceScale(unit).fits(force, CHARACTERS, MOST_DECIMALS), unit)

    def requests(self) -> tuple[bytes, ...]:
        """The one that is set."""
        request = REQUESTS.get(self.settings["ask"])
        return () if request is None else (request,)
