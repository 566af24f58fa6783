"""How a simulated ZTS speaks: five characters of number with as many decimals as fit."""

from __future__ import annotations

from labdesk.devices.shown import ForceScale
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import UNIT_CODES, build_units, build_value

OVERLOAD = b"r+-----000000000\r"
"""What a gauge shows beyond its range is not documented; the simulated one shows dashes, which are no number."""
PLACES = ("02", "03", "08", "11", "01", "10")


class Simulator(DeviceSimulator):
    """Encodes readings as the gauge would."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One value."""
        scale = ForceScale(self.settings["unit"])
        codes = [code for code, unit in UNIT_CODES.items() if unit == self.settings["unit"]]
        place = PLACES.index(codes[0]) if codes and codes[0] in PLACES else 0
        for decimals in (2, 1, 0):
            shown = scale.shows(reading.force_kn, decimals)
            if abs(shown.digits) <= (9999 if decimals else 99999):
                return build_value(shown, place)
        return OVERLOAD

    def answer(self, request: bytes) -> bytes:
        """Its list of units, when asked."""
        return build_units(PLACES) * request.count(b"XFC\r")
