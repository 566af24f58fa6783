"""How a simulated device writes: the settings' sample line, filled in."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.devices.manifest import Manifest
from labdesk.devices.quantities import G_PER_UNIT, MM_PER_UNIT, units_of
from labdesk.devices.shown import KN_PER_UNIT
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading

from .settings import check_sample, read_bytes

G_PER_KN = 1e6 / 9.80665


class Simulator(DeviceSimulator):
    """Sends by itself, after the opening, or when asked, as the settings say."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for a sample line that cannot be filled in."""
        super().__init__(manifest, settings)
        self._sample = check_sample(manifest.id, settings["sample"])
        self._request = read_bytes(manifest.id, settings, "poll")
        self._opening = read_bytes(manifest.id, settings, "opening")
        self.polled = bool(self._request or self._opening)
        self._newest = b""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One line."""
        self._newest = self._line(reading)
        return self._newest

    def answer(self, request: bytes) -> bytes:
        """A line for each request; the opening starts the stream."""
        if self._opening and self._opening in request and not self._request:
            self.polled = False
        return self._newest * request.count(self._request) if self._request else b""

    def _line(self, reading: Reading) -> bytes:
        unit, mm = self.settings["unit"], float(MM_PER_UNIT[self.settings["length_unit"]])
        values = {
            "force": reading.force_kn / float(KN_PER_UNIT.get(unit, 1)),
            "mass": reading.force_kn * G_PER_KN / float(units_of("mass").get(unit, G_PER_UNIT["g"])),
            "ext": (reading.extension_mm or 0.0) / mm,
            "disp": reading.displacement_mm / mm,
        }
        main = {"scale": "mass", "extensometer": "ext"}.get(self.manifest.kind.value, "force")
        values["abs"] = abs(values[main])
        sign = "-" if values[main] < 0 else " "
        text = self._sample.replace("{sign}", self.settings["negative"] if sign == "-" else sign).format(**values)
        if self.settings["order"] == "reversed":
            head, tail = self.settings["start"], self.settings["terminator"]
            body = text.removeprefix(head).removesuffix(tail)
            text = head + body[::-1] + tail
        return self._bytes(text.replace(".", self.settings["decimal"]))

    def _bytes(self, text: str) -> bytes:
        return read_bytes(self.manifest.id, {"sample": text}, "sample")
