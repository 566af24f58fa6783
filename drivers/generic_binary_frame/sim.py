"""How a simulated device speaks: the settings' sample frame with the values and the check of the moment."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from labdesk.devices.manifest import Manifest
from labdesk.devices.simulator import DeviceSimulator
from labdesk.devices.specimens import Reading
from labdesk.devices.typed import refuse
from labdesk.domain.sealed_run import EXTENSION, FORCE, MASS

from .protocol import MAX_DECIMALS, Field
from .settings import FrameSettings

G_PER_KN = 1e6 / 9.80665


class Simulator(DeviceSimulator):
    """Sends by itself, after the opening, or when asked, as the settings say."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for a sample that is no frame of these settings."""
        super().__init__(manifest, settings)
        read = FrameSettings(manifest.id, manifest.kind, settings)
        self._rule, self._sample = read.rule(), read.bytes_of("sample")
        whole = self._sample.startswith(self._rule.start)
        whole = whole and self._rule.size(bytearray(self._sample), 0) == len(self._sample)
        if not whole or self._rule.parse(self._rule.with_check(self._sample)) is None:
            refuse(manifest.id, "sample", settings["sample"], "field")
        self._opening, self._request = read.bytes_of("opening"), read.bytes_of("poll")
        self.polled = bool(self._request or self._opening)
        self._newest = b""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """One frame; raises OverflowError for a reading the field cannot hold."""
        raw = bytearray(self._sample)
        rule = self._rule
        for number, field in enumerate(rule.fields):
            seen = {FORCE: reading.force_kn, MASS: reading.force_kn * G_PER_KN, EXTENSION: reading.extension_mm or 0.0}
            value = seen.get(field.channel.name, reading.displacement_mm)
            count = round(value / float(field.channel.quantum))
            if number == 0 and rule.decimals:
                count //= 10 ** (MAX_DECIMALS - (raw[rule.decimals[0]] - rule.decimals[1]))
            if number == 0 and rule.sign:
                minus, count = count < 0, abs(count)
                at = rule.sign.at
                if rule.sign.bits:
                    raw[at] = raw[at] | rule.sign.bits if minus else raw[at] & ~rule.sign.bits
                elif minus:
                    raw[at] = rule.sign.value
            raw[field.at : field.at + field.size] = self._number(field, count)
        self._newest = rule.with_check(bytes(raw))
        return self._newest

    def answer(self, request: bytes) -> bytes:
        """A frame for each request; the opening starts the stream."""
        if self._opening and self._opening in request and not self._request:
            self.polled = False
        return self._newest * request.count(self._request) if self._request else b""

    def _number(self, field: Field, count: int) -> bytes:
        if field.kind == "f":
            return struct.pack(">f" if field.order == "big" else "<f", count * float(field.quantum))
        if field.kind in ("u", "i"):
            return count.to_bytes(field.size, "big" if field.order == "big" else "little", signed=field.kind == "i")
        digits = f"{max(count, 0):0{field.size * 2 if field.kind == 'bcd' else field.size}d}"
        if len(digits) > field.size * (2 if field.kind == "bcd" else 1):
            raise OverflowError(f"{count} does not fit")
        if field.kind == "ascii":
            return digits.encode("ascii")
        data = bytes.fromhex(digits)
        return data if field.order == "big" else data[::-1]
