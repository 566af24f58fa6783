"""Frames of Kent controllers with a digital display: ``F0`` and six packed decimal digits, tenths.

What follows until the next ``F0`` is unknown and skipped. Ten bytes ``A5`` ask for data.
"""

from __future__ import annotations

from labdesk.devices.bcd import read_bcd, write_bcd
from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

REQUEST = b"\xa5" * 10
START = b"\xf0"
SIZE = 4
DECIMALS = 1


def build_frame(digits: int) -> bytes:
    """A frame; raises ValueError for a negative number or more than six digits."""
    return START + write_bcd(digits, 3)


class KentFormat:
    """Start and digits; packed digits cannot contain a start."""

    start = START

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always 4."""
        return SIZE

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; ``None`` for a half byte that is no digit."""
        digits = read_bcd(raw[1:])
        return None if digits is None else Frame((self._scale.count(Shown(digits, DECIMALS)),), None, None, raw)
