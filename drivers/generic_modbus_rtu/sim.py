"""How a simulated transmitter answers: the block of registers with the values of the moment."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from labdesk.devices.manifest import Manifest
from labdesk.devices.simulator import AskedSimulator
from labdesk.devices.specimens import Reading
from labdesk.domain.sealed_run import EXTENSION, FORCE, MASS

from .protocol import Value, build_answer
from .settings import read_map

G_PER_KN = 1e6 / 9.80665


class Simulator(AskedSimulator):
    """Speaks only when asked for the very block of the map."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for an entry of the map that cannot be used."""
        super().__init__(manifest, settings)
        self._map = read_map(manifest.id, manifest.kind, settings)

    def requests(self) -> tuple[bytes, ...]:
        """The one request."""
        return (self._map.request,)

    def frame(self, reading: Reading) -> bytes:
        """The answer; raises OverflowError for a reading that does not fit its registers."""
        block = bytearray(2 * self._map.registers)
        if self._map.status:
            struct.pack_into(">H", block, 2 * self._map.status.at, self._map.status.expected)
        for value in self._map.values:
            seen = {FORCE: reading.force_kn, MASS: reading.force_kn * G_PER_KN, EXTENSION: reading.extension_mm or 0.0}
            wanted = seen.get(value.channel.name, reading.displacement_mm)
            data = value.ordered(self._number(value, round(wanted / float(value.channel.quantum))))
            block[2 * value.at : 2 * value.at + len(data)] = data
        return build_answer(self._map.address, self._map.function, bytes(block))

    def _number(self, value: Value, count: int) -> bytes:
        if value.kind == "f":
            return struct.pack(">f", count * float(value.quantum))
        return count.to_bytes(2 * value.registers, "big", signed=value.kind == "i")
