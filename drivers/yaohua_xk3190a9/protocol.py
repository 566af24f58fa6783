"""Continuous frames of the XK3190-A9: 12 bytes ``02 · sign · six digits · decimals · XOR high · XOR low · 03``.

The XOR runs over bytes 2 to 9 (sign, digits, decimals); each nibble up to 9 is sent as +30h, above as +37h. The letter it may give is
a check, not a "stable" flag.
"""

from __future__ import annotations

from labdesk.devices.driver import Frame

START = b"\x02"
END = 0x03
SIZE = 12
DECIMALS = 4
"""Decimals of a count: the finest the indicator can show, so that a change of its decimal point changes no value."""


def check_characters(body: bytes) -> bytes:
    """The two check characters for sign, digits and decimals."""
    check = 0
    for byte in body:
        check ^= byte
    return bytes(nibble + (0x30 if nibble <= 9 else 0x37) for nibble in (check >> 4, check & 15))


def build_frame(digits: int, decimals: int) -> bytes:
    """The frame for ``digits`` x 10^-decimals; raises ValueError beyond six digits or four decimals."""
    if abs(digits) > 999_999 or not 0 <= decimals <= DECIMALS:
        raise ValueError(f"{digits} with {decimals} decimals does not fit")
    body = f"{'-' if digits < 0 else '+'}{abs(digits):06d}{decimals}".encode("ascii")
    return START + body + check_characters(body) + bytes((END,))


class A9Format:
    """Shape and check of a frame, for the resynchronising decoder."""

    start = START

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 12."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The displayed number in counts of 10^-4 units; ``None`` if sign, digits, decimals, check or end are wrong."""
        body = raw[1:9]
        if raw[11] != END or body[:1] not in (b"+", b"-") or not body[1:7].isdigit() or not 0x30 <= body[7] <= 0x34:
            return None
        if raw[9:11] != check_characters(body):
            return None
        count = int(body[1:7]) * 10 ** (DECIMALS - (body[7] - 0x30))
        return Frame((-count if body[:1] == b"-" else count,), None, None, raw)
