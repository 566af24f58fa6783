"""Frames of Kent controllers with the new LCD: fifteen bytes ``F0 … 0F``.

Byte 2 has the sign in its high half (1 = negative) and the decimals in its low half (1 or 2), bytes 3 to 5 six packed decimal digits.
The other bytes are unknown.
"""

from __future__ import annotations

from labdesk.devices.bcd import read_bcd, write_bcd
from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

START = b"\xf0"
END = 0x0F
SIZE = 15
SIGNS = {0: 1, 1: -1}
POINTS = (1, 2)


def build_frame(shown: Shown) -> bytes:
    """A frame; raises ValueError beyond six digits or for other than one or two decimals."""
    if shown.decimals not in POINTS:
        raise ValueError(f"{shown} does not fit")
    code = (0x10 if shown.digits < 0 else 0) | shown.decimals
    return START + bytes((0, code)) + write_bcd(abs(shown.digits), 3) + bytes(8) + bytes((END,))


class KentFormat:
    """Shape of a frame."""

    start = START

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 15."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; ``None`` for a wrong end, an unknown sign or point, or a half byte that is no digit."""
        sign, decimals, digits = SIGNS.get(raw[2] >> 4), raw[2] & 15, read_bcd(raw[3:6])
        if raw[-1] != END or sign is None or decimals not in POINTS or digits is None:
            return None
        return Frame((self._scale.count(Shown(sign * digits, decimals)),), None, None, raw)
