"""How a simulated press with an XK3190-A9 answers: kN with two decimals, like most displays."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading

from .protocol import COMMANDS, build_reply, build_request

SHOWN_DECIMALS = {"kN": 2, "N": 0, "kg": 0, "t": 3}


class Simulator(AskedSimulator):
    """Answers its own address, as the indicator would."""

    def frame(self, reading: Reading) -> bytes:
        """One reply."""
        unit = self.settings["unit"]
        number = ForceScale(unit).shows(reading.force_kn, SHOWN_DECIMALS[unit])
        return build_reply(self.settings["address"].encode("ascii"), COMMANDS[self.settings["value"]], number)

    def requests(self) -> tuple[bytes, ...]:
        """The reading command of its address."""
        return (build_request(self.settings["address"].encode("ascii"), COMMANDS[self.settings["value"]]),)
