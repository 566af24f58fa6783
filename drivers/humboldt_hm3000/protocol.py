"""Messages of the HM-3000: ``AF · device · command · size · data · sum``.

The size counts from the device id to the sum; the sum is that of all bytes but flag and itself, modulo 256. Raw data (command 41,
size 14) hold four unsigned 16-bit inputs and two more bytes of unknown meaning. Sent is only the start of raw data (command 3).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from labdesk.devices.driver import Frame

FLAG = 0xAF
START_RAW = 3
RAW_DATA = 41
RAW_SIZE = 14
INPUTS = 4
RAILS = (0, 0xFFFF)
"""Ends of the converter: an input there is overloaded or not connected."""

Order = Literal["big", "little"]


def build_message(device: int, command: int, data: bytes = b"") -> bytes:
    """A whole message."""
    body = bytes((device, command, len(data) + 4)) + data
    return bytes((FLAG,)) + body + bytes((sum(body) % 256,))


def build_raw(device: int, inputs: tuple[int, ...], order: Order, rest: bytes = b"\0\0") -> bytes:
    """A raw data message; raises ValueError for inputs that are not four 16-bit numbers."""
    if len(inputs) != INPUTS or not all(0 <= value <= 0xFFFF for value in inputs):
        raise ValueError(f"{inputs} do not fit")
    return build_message(device, RAW_DATA, b"".join(value.to_bytes(2, order) for value in inputs) + rest)


class RawScale(NamedTuple):
    """The raw count with no load, and whether counts rise (1) or fall (-1) with it."""

    zero: int
    sign: int


class RawFormat:
    """Raw data of one device: the chosen input less its zero, in counts."""

    def __init__(self, device: int, place: int, order: Order, scale: RawScale) -> None:
        self.start = bytes((FLAG, device))
        self._at = 4 + 2 * (place - 1)
        self._order: Order = order
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """15 for raw data; 0 for any other message: the answer to the start is skipped byte by byte."""
        if len(buffer) < at + 4:
            return None
        return RAW_SIZE + 1 if buffer[at + 2] == RAW_DATA and buffer[at + 3] == RAW_SIZE else 0

    def parse(self, raw: bytes) -> Frame | None:
        """The input in counts; no value at the ends of the converter; ``None`` for a wrong sum."""
        if sum(raw[1:-1]) % 256 != raw[-1]:
            return None
        value = int.from_bytes(raw[self._at : self._at + 2], self._order)
        return Frame((None if value in RAILS else (value - self._scale.zero) * self._scale.sign,), None, None, raw)
