"""The open stream of a universal machine: one 25-byte frame per sample, little-endian.

==== ===== =====================================================================
at   type  meaning
==== ===== =====================================================================
0    2     A5 5A
2    u8    length of what follows before the CRC: 20
3    u16   frame counter
5    u32   device clock in microseconds
9    i32   force in 0.1 N
13   i32   extension in 0.0001 mm
17   i32   crosshead displacement in 0.001 mm
21   u8    bit 0: an extensometer is attached; bit 1: force overload; other bits 0
22   u8    protocol version, 1
23   u16   CRC-16/CCITT-FALSE over bytes 2 to 22
==== ===== =====================================================================
"""

from __future__ import annotations

import struct
from binascii import crc_hqx
from functools import lru_cache
from itertools import repeat

from labdesk.devices.driver import Counts, Frame, FrameBlock, joined

START = b"\xa5\x5a"
SIZE = 25
VERSION = 1
EXTENSOMETER = 1
OVERLOAD = 2
CLOCK_MODULUS = 1 << 32
COUNTER_MODULUS = 1 << 16

_FRAME = struct.Struct("<2sBHIiiiBBH")
_LONGEST_RUN = 128
"""Frames taken at once; more come after a standstill and are taken in parts."""
_LOW_BYTES = bytes(range(256)) * 2
_HIGH_BYTES = b"".join(bytes((high,)) * 256 for high in range(256))
"""Bytes of a counter that counts on from 0."""


def build_frame(counter: int, clock_us: int, counts: tuple[int, int | None, int], overload: bool = False) -> bytes:
    """The frame for force (0.1 N), extension (0.0001 mm, ``None`` without extensometer) and displacement (0.001 mm)."""
    force, extension, displacement = counts
    flags = (0 if extension is None else EXTENSOMETER) | (OVERLOAD if overload else 0)
    counter, clock_us = counter % COUNTER_MODULUS, clock_us % CLOCK_MODULUS
    head = _FRAME.pack(START, SIZE - 5, counter, clock_us, force, extension or 0, displacement, flags, VERSION, 0)[:-2]
    return head + struct.pack("<H", crc_hqx(head[2:], 0xFFFF))


class UtmFormat:
    """Shape and check of a frame, for the resynchronising decoder."""

    start = START
    run_size = SIZE

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 25."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The frame; ``None`` for a wrong length byte, version or CRC. A force in overload is no value, the frame still counts."""
        _, length, counter, clock_us, force, extension, displacement, flags, version, check = _FRAME.unpack(raw)
        if crc_hqx(raw[2:-2], 0xFFFF) != check or length != SIZE - 5 or version != VERSION:
            return None
        counts = (
            None if flags & OVERLOAD else force,
            extension if flags & EXTENSOMETER else None,
            displacement,
        )
        return Frame(counts, clock_us, counter, raw)

    def parse_run(self, raw: bytes) -> FrameBlock | None:
        """Many frames at once; ``None`` where one has a wrong check, an overload, or another extensometer bit than its neighbours."""
        count, flags = len(raw) // SIZE, raw[21]
        if count > _LONGEST_RUN:
            first, rest = self.parse_run(raw[: _LONGEST_RUN * SIZE]), self.parse_run(raw[_LONGEST_RUN * SIZE :])
            return None if first is None or rest is None else joined(first, rest)
        if flags & OVERLOAD or raw[21::SIZE].count(flags) != count:
            return None
        constant, covered, fields = _run_layout(count)
        if (raw[0::SIZE], raw[1::SIZE], raw[2::SIZE], raw[22::SIZE]) != constant:
            return None
        values: tuple[int, ...] = fields.unpack(raw)
        if tuple(map(crc_hqx, covered.unpack(raw), repeat(0xFFFF))) != values[4::5]:
            return None
        extension: Counts = values[2::5] if flags & EXTENSOMETER else (None,) * count
        return FrameBlock((values[1::5], extension, values[3::5]), values[0::5], _counters(raw, count))


@lru_cache(maxsize=_LONGEST_RUN)
def _run_layout(count: int) -> tuple[tuple[bytes, ...], struct.Struct, struct.Struct]:
    """Of so many frames in a row: bytes 0, 1, 2 and 22 of all, the part under each CRC, and clock, counts and CRC of each."""
    constant = tuple(bytes((byte,)) * count for byte in (*START, SIZE - 5, VERSION))
    return constant, struct.Struct("<" + "2x21s2x" * count), struct.Struct("<" + "5xIiii2xH" * count)


def _counters(raw: bytes, count: int) -> Counts | range:
    """The frame counters of a run, as a ``range`` where each is one more than the last."""
    first = int.from_bytes(raw[3:5], "little")
    if raw[3::SIZE] == _LOW_BYTES[first & 0xFF :][:count] and raw[4::SIZE] == _HIGH_BYTES[first : first + count]:
        return range(first, first + count)
    return struct.Struct("<" + "3xH20x" * count).unpack(raw)
