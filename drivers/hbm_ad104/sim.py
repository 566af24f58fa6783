"""How a simulated AED speaks: it streams in the format of its setting and answers commands as the manual says."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import END, build_cof0, build_cof3, build_cof9

BUILD = {"COF0": build_cof0, "COF3": build_cof3, "COF9": build_cof9}


class Simulator(DeviceSimulator):
    """Encodes readings as the amplifier would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One measured value."""
        shown = ForceScale(self.settings["unit"]).shows(reading.force_kn, int(self.settings["decimals"]))
        return BUILD[self.settings["format"]](shown.digits)

    def answer(self, request: bytes) -> bytes:
        """``0`` for a COF it knows, ``?`` for another; STP and MSV?0 have no answer of their own."""
        said = b""
        for command in request.split(b";"):
            if command.startswith(b"COF"):
                said += (b"0" if command.decode("latin-1") in BUILD else b"?") + END
        return said
