"""Modbus RTU as far as reading goes: one request for a block of registers, its answer, and the numbers in it.

The request is ``address · function · first register · number of registers · CRC``; the answer ``address · function · number of bytes ·
registers · CRC``. One block is read each time: answers do not say which registers they hold, so two blocks of one size could not be
told apart. Nothing is ever written to the transmitter.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from decimal import Decimal

from labdesk.devices.binary import crc16_modbus, float_count
from labdesk.devices.driver import Frame
from labdesk.domain.sealed_run import Channel

READ_HOLDING, READ_INPUT = 3, 4
MAX_REGISTERS = 125


def build_request(address: int, function: int, first: int, registers: int) -> bytes:
    """The request for a block of registers."""
    body = struct.pack(">BBHH", address, function, first, registers)
    return body + crc16_modbus(body)


def build_answer(address: int, function: int, data: bytes) -> bytes:
    """The answer that holds these registers."""
    body = bytes((address, function, len(data))) + data
    return body + crc16_modbus(body)


@dataclass(frozen=True)
class Value:
    """A number in the block.

    Attributes:
        channel, quantum: what it measures; value of one count in the unit of the transmitter.
        kind: ``i`` signed, ``u`` unsigned, ``f`` float32.
        at: register in the block; registers: 1 or 2.
        low_first: of two registers the low one comes first.
    """

    channel: Channel
    quantum: Decimal
    kind: str
    at: int
    registers: int
    low_first: bool

    def count(self, block: bytes) -> int | None:
        """The count; ``None`` for a float that is no number."""
        data = self.ordered(block[2 * self.at : 2 * (self.at + self.registers)])
        if self.kind == "f":
            return float_count(data, ">", self.quantum)
        return int.from_bytes(data, "big", signed=self.kind == "i")

    def ordered(self, data: bytes) -> bytes:
        """High register first, however it stands on the wire (and back again)."""
        return data[2:] + data[:2] if self.low_first and self.registers == 2 else data


@dataclass(frozen=True)
class Status:
    """Bits of a register of the block; the values hold only while they read ``expected``."""

    at: int
    bits: int
    expected: int

    def good(self, block: bytes) -> bool:
        """Whether the transmitter vouches for its values."""
        word = int.from_bytes(block[2 * self.at : 2 * self.at + 2], "big")
        return word & self.bits == self.expected


@dataclass(frozen=True)
class RegisterMap:
    """What is read and what it means."""

    address: int
    function: int
    first: int
    registers: int
    values: tuple[Value, ...]
    status: Status | None

    @property
    def request(self) -> bytes:
        """What is asked, over and over."""
        return build_request(self.address, self.function, self.first, self.registers)

    def frame(self, block: bytes, raw: bytes) -> Frame:
        """The values in exactly the registers of this map; no values where the transmitter does not vouch for them."""
        good = self.status is None or self.status.good(block)
        return Frame(tuple(value.count(block) if good else None for value in self.values), raw=raw)


class AnswerFormat:
    """Answers to the one request of a map, for the resynchronising decoder. Requests of others and exceptions are skipped."""

    def __init__(self, registers: RegisterMap) -> None:
        self._map = registers
        self.start = bytes((registers.address, registers.function, 2 * registers.registers))

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Head, registers, CRC."""
        return 5 + 2 * self._map.registers

    def parse(self, raw: bytes) -> Frame | None:
        """The frame; ``None`` if the CRC is wrong."""
        if crc16_modbus(raw[:-2]) != raw[-2:]:
            return None
        return self._map.frame(raw[3:-2], raw)
