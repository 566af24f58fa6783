"""Streams of the DAD 141.1, all ended by CR.

``SG``/``SN``: ``G+001.100``, ``N+001.000``: letter, sign, digits with the device's own decimal point.

``SW``: ``W+001000+00110001AF``: net and gross as sign and six digits without point, two status digits (hexadecimal, outputs; then
1 = no motion, 2 = zero was set, 4 = tare active), two check digits: the negative of the sum of the 17 characters before them, low byte.
"""

from __future__ import annotations

import re

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number

END = b"\r"
_STRING = re.compile(rb"W([+-][0-9]{6})([+-][0-9]{6})([0-9A-F]{2})([0-9A-F]{2})\r")
_SINGLE = re.compile(rb"[GN]([ +-][0-9. ]{1,10})\r")


def check_digits(body: bytes) -> bytes:
    """The two check digits of the 17 characters of a ``W`` string."""
    return b"%02X" % (-sum(body) & 0xFF)


def build_string(net: int, gross: int, status: str = "01") -> bytes:
    """A ``W`` string; raises ValueError beyond six digits."""
    if max(abs(net), abs(gross)) > 999_999:
        raise ValueError(f"{net}, {gross} do not fit")
    body = f"W{net:+07d}{gross:+07d}{status}".encode("ascii")
    return body + check_digits(body) + END


def build_single(letter: str, shown: Shown) -> bytes:
    """A ``G`` or ``N`` line with sign, six digits and the point; raises ValueError beyond six digits."""
    digits = f"{abs(shown.digits):06d}"
    if len(digits) > 6 or not 0 <= shown.decimals <= 5:
        raise ValueError(f"{shown} does not fit")
    point = len(digits) - shown.decimals
    text = digits if not shown.decimals else f"{digits[:point]}.{digits[point:]}"
    return f"{letter}{'-' if shown.digits < 0 else '+'}{text}".encode("ascii") + END


class StringFormat:
    """Lines of ``SW``: net or gross of each."""

    start = b"W"
    terminator = END
    max_length = 20

    def __init__(self, scale: ForceScale, decimals: int, *, gross: bool) -> None:
        self._scale = scale
        self._decimals = decimals
        self._group = 2 if gross else 1

    def parse(self, line: bytes) -> Frame | None:
        """The chosen value in counts; ``None`` when shape or check are wrong."""
        found = _STRING.fullmatch(line)
        if found is None or found[4] != check_digits(line[:17]):
            return None
        return Frame((self._scale.count(Shown(int(found[self._group]), self._decimals)),), None, None, line)


class SingleFormat:
    """Lines of ``SG`` or ``SN``, told by their ``letter``."""

    terminator = END
    max_length = 13

    def __init__(self, scale: ForceScale, letter: bytes) -> None:
        self.start = letter
        self._scale = scale

    def parse(self, line: bytes) -> Frame | None:
        """The value in counts; ``None`` for another letter or what is no number."""
        found = _SINGLE.fullmatch(line)
        shown = read_number(found[1]) if found is not None and line.startswith(self.start) else None
        return None if shown is None else Frame((self._scale.count(shown),), None, None, line)
