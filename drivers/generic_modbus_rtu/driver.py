"""Driver of transmitters that answer Modbus RTU: it asks for one block of registers, again and again."""

from __future__ import annotations

from collections.abc import Mapping

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.framing import ResyncDecoder
from labdesk.devices.manifest import Manifest
from labdesk.domain.sealed_run import Channel

from .exchange import ModbusExchange
from .protocol import AnswerFormat
from .settings import read_map


class MachineDriver(Driver):
    """The value of the device's kind, extension and displacement where the map says they stand."""

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``drivers.setting`` for an entry of the map that cannot be used."""
        super().__init__(manifest, settings)
        self.registers = read_map(manifest.id, manifest.kind, self.settings)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """One channel for each value of the map."""
        return tuple(value.channel for value in self.registers.values)

    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""
        return ResyncDecoder(AnswerFormat(self.registers))

    def poll(self) -> Poll:
        """The request for the block."""
        return Poll((self.registers.request,), int(self.settings["period_ms"]))

    def exchange(self) -> ModbusExchange:
        """What passes on the line while somebody else asks."""
        return ModbusExchange(self.registers)
