"""How a simulated HM-3000 speaks: the load on the chosen input, the others not connected."""

from __future__ import annotations

from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .protocol import INPUTS, RAILS, START_RAW, Order, build_message, build_raw

ACKNOWLEDGED = 71


class Simulator(DeviceSimulator):
    """Encodes readings as the loader would; a load beyond the converter stands at its end."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One raw data message."""
        settings = self.settings
        sign = 1 if settings["counts"] == "rise" else -1
        count = int(settings["zero_count"]) + sign * round(reading.force_kn / float(settings["kn_per_count"]))
        inputs = [0] * INPUTS
        inputs[int(settings["input"]) - 1] = min(max(count, RAILS[0]), RAILS[1])
        order: Order = "big" if settings["byte_order"] == "big" else "little"
        return build_raw(int(settings["device"]), tuple(inputs), order)

    def answer(self, request: bytes) -> bytes:
        """The acknowledgement of the start: the command and four tares of zero."""
        device = int(self.settings["device"])
        if build_message(device, START_RAW) not in request:
            return b""
        return build_message(device, ACKNOWLEDGED, bytes((START_RAW,)) + bytes(16))
