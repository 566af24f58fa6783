"""Command mode of the XK3190-A9: ``02 · address · command · [sign · six digits · decimals] · XOR high · XOR low · 03``.

The request has no number, the reply has one; both are checked by the XOR of everything between 02 and the two check characters.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown

START = b"\x02"
END = b"\x03"
SIZE = 14
DECIMALS = 4
COMMANDS = {"gross": b"B", "net": b"D"}


def check_characters(body: bytes) -> bytes:
    """The XOR of ``body`` as two upper-case hexadecimal digits."""
    return b"%02X" % reduce(xor, body)


def build_request(address: bytes, command: bytes) -> bytes:
    """The six bytes that ask for one value."""
    return START + address + command + check_characters(address + command) + END


def build_reply(address: bytes, command: bytes, number: Shown) -> bytes:
    """The 14 bytes of the answer; raises ValueError beyond six digits or four decimals."""
    digits, decimals = number
    if abs(digits) > 999_999 or not 0 <= decimals <= DECIMALS:
        raise ValueError(f"{digits} with {decimals} decimals does not fit")
    body = address + command + f"{'-' if digits < 0 else '+'}{abs(digits):06d}{decimals}".encode("ascii")
    return START + body + check_characters(body) + END


class ReplyFormat:
    """Replies of one address to one command, for the resynchronising decoder; anybody else's are no frames of ours."""

    start = START

    def __init__(self, address: bytes, command: bytes, scale: ForceScale) -> None:
        self._head = address + command
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """14; 0 where no sign stands in the fourth place, as in the echo of a request on a two-wire line."""
        if at + 3 >= len(buffer):
            return None
        return SIZE if buffer[at + 3] in b"+-" else 0

    def parse(self, raw: bytes) -> Frame | None:
        """The displayed value; ``None`` if address, command, digits, decimals, check or end are wrong."""
        body = raw[1:11]
        digits, decimals = body[3:9], body[9] - 0x30
        if raw[13:] != END or body[:2] != self._head or not digits.isdigit() or not 0 <= decimals <= DECIMALS:
            return None
        if raw[11:13] != check_characters(body):
            return None
        value = -int(digits) if body[2:3] == b"-" else int(digits)
        return Frame((self._scale.count(Shown(value, decimals)),), None, None, raw)
