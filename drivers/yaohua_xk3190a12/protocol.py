"""15 bytes: ``W · G or N · seven characters · kg · XOR high · XOR low · CR LF``; in overload nine blanks and ``OL``, below zero ``LO``.

The manual says "checksum" and means the XOR of bytes 1 to 11, each nibble as a hexadecimal digit: its example 3D fits the XOR, not the sum.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number, written

END = b"\r\n"
SIZE = 15
CHARACTERS = 7
OVERLOAD, UNDERLOAD = b"OL", b"LO"
_HEADS = (b"WG", b"WN")


def check_characters(body: bytes) -> bytes:
    """The XOR of ``body`` as two upper-case hexadecimal digits."""
    return b"%02X" % reduce(xor, body)


def build_frame(number: Shown, net: bool = False) -> bytes:
    """The frame of ``number``; raises ValueError if it needs more than seven characters."""
    shown = written(number) + ("" if number.decimals else " ")
    text = shown.zfill(CHARACTERS)
    if len(text) > CHARACTERS:
        raise ValueError(f"{text} does not fit")
    body = (b"WN" if net else b"WG") + text.encode("ascii") + b"kg"
    return body + check_characters(body) + END


def build_out_of_range(mark: bytes) -> bytes:
    """The frame in overload (``OL``) or underload (``LO``)."""
    body = b" " * 9 + mark
    return body + check_characters(body) + END


class A12Format:
    """Shape and check of a line, for the line decoder."""

    terminator = END[-1:]
    max_length = SIZE
    anchored = True

    def __init__(self, scale: ForceScale) -> None:
        self._scale = scale

    def parse(self, line: bytes) -> Frame | None:
        """The shown weight, no value in overload or underload; ``None`` if length, head, number, unit or check are wrong."""
        body = line[:11]
        if len(line) != SIZE or line[13:] != END or line[11:13] != check_characters(body):
            return None
        if body in (b" " * 9 + OVERLOAD, b" " * 9 + UNDERLOAD):
            return Frame((None,), None, None, line)
        number = read_number(body[2:9])
        if body[:2] not in _HEADS or body[9:] != b"kg" or number is None:
            return None
        return Frame((self._scale.count(number),), None, None, line)
