"""Frames of Kent controllers with the old LCD: ``F0 … 0F``, six packed decimal digits in bytes 4 to 6.

Length and the other bytes are unknown; the decimal point is not sent. Ten bytes ``A5`` ask for data.
"""

from __future__ import annotations

from labdesk.devices.bcd import read_bcd, write_bcd
from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

REQUEST = b"\xa5" * 10
START = b"\xf0"
END = b"\x0f"
DIGITS_AT = 4
LEAST = 8
LONGEST = 16
"""Bytes of the longest frame that is waited for."""


def build_frame(digits: int) -> bytes:
    """A frame; raises ValueError for a negative number or more than six digits."""
    return START + bytes(DIGITS_AT - 1) + write_bcd(digits, 3) + bytes(3) + END


class KentFormat:
    """From ``F0`` to the first ``0F`` behind the digits, with no other ``F0`` between."""

    start = START

    def __init__(self, scale: ForceScale, decimals: int) -> None:
        self._scale = scale
        self._decimals = decimals

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Up to the end; 0 where another start comes first or the end is too far away."""
        end = buffer.find(END, at + LEAST - 1, at + LONGEST) + 1
        if START in buffer[at + 1 : end or at + LONGEST]:
            return 0
        if not end:
            return None if len(buffer) - at < LONGEST else 0
        return end - at

    def parse(self, raw: bytes) -> Frame | None:
        """The force in counts; ``None`` for a half byte that is no digit."""
        digits = read_bcd(raw[DIGITS_AT : DIGITS_AT + 3])
        return None if digits is None else Frame((self._scale.count(Shown(digits, self._decimals)),), None, None, raw)
