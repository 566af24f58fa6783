"""How a simulated DAD 141.1 speaks: untared, so that net and gross are the same."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import build_single, build_string


class Simulator(DeviceSimulator):
    """Encodes readings as the amplifier would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One line of the chosen stream."""
        shown = ForceScale(self.settings["unit"]).shows(reading.force_kn, int(self.settings["decimals"]))
        command = self.settings["stream"].split()[0]
        if command == "SW":
            return build_string(shown.digits, shown.digits)
        return build_single(command[1:], shown)
