"""``=`` and the displayed text: eight characters backwards or forwards, or seven and ``(kg)``. No terminator, no check."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labdesk.devices.driver import Frame
from labdesk.devices.shown import ForceScale, Shown, read_number, read_unit, written

START = b"="
_TEXT = re.compile(rb"-?[0-9]+\.?[0-9]*")


@dataclass(frozen=True)
class Layout:
    """How many characters the number has, whether its last one comes first, and the text after it."""

    characters: int
    backwards: bool
    tail: bytes = b""

    @property
    def size(self) -> int:
        """Length of a frame."""
        return 1 + self.characters + len(self.tail)


LAYOUTS = {"reversed": Layout(8, True), "direct": Layout(8, False), "t1": Layout(7, False, b"(kg)")}


def build_frame(number: Shown, layout: Layout) -> bytes:
    """The frame of ``number``, padded with zeros; raises ValueError if it does not fit."""
    text = written(number).zfill(layout.characters)
    if len(text) > layout.characters:
        raise ValueError(f"{text} does not fit")
    return START + (text[::-1] if layout.backwards else text).encode("ascii") + layout.tail


class EqualsFormat:
    """Shape of a frame, for the resynchronising decoder: a lost character lets the next ``=`` in, which is refused."""

    start = START

    def __init__(self, layout: Layout, scale: ForceScale) -> None:
        self._layout = layout
        self._scale = scale

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Fixed by the layout."""
        return self._layout.size

    def parse(self, raw: bytes) -> Frame | None:
        """The displayed number; ``None`` for anything but digits, one point and a leading minus."""
        end = 1 + self._layout.characters
        text = raw[1:end][::-1] if self._layout.backwards else raw[1:end]
        number = read_number(text) if _TEXT.fullmatch(text) else None
        if number is None or raw[end:] != self._layout.tail:
            return None
        unit = read_unit(self._layout.tail.strip(b"()"))
        return Frame((self._scale.count(number, unit),), None, None, raw)
