"""A line of text as its settings describe it: start, named groups of a pattern, terminator or fixed length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from labdesk.devices.driver import Frame
from labdesk.devices.quantities import Scale
from labdesk.devices.shown import Shown, read_number, read_unit

CHANNEL_GROUPS = {"force": "force", "mass": "mass", "ext": "extension", "disp": "displacement"}
"""Group of the pattern to channel, in the order of the channels."""


@dataclass(frozen=True)
class LineRule:
    """What the settings say of a line, ready to use.

    Attributes:
        start, terminator, length: the frame; ``length`` 0 is not fixed.
        pattern: of what stands between start and terminator.
        scales: group to scale, in the order of the channels.
        main: the group whose number the groups ``sign``, ``more`` (digits that stand apart) and ``unit`` belong to.
        units: wire text to unit, beside the usual spellings.
        negative, stable: what the groups ``sign`` and ``stable`` hold for a negative and a steady reading.
    """

    start: bytes
    terminator: bytes
    length: int
    max_length: int
    pattern: re.Pattern[bytes]
    scales: Mapping[str, Scale]
    main: str
    units: Mapping[bytes, str]
    reversed_digits: bool
    decimal: bytes
    negative: bytes
    stable: bytes

    def frame(self, raw: bytes) -> Frame | None:
        """The frame in exactly these bytes; ``None`` if start, end, length or pattern do not fit or a number is none."""
        if not (raw.startswith(self.start) and raw.endswith(self.terminator)) or len(raw) > self.max_length:
            return None
        if self.length and len(raw) != self.length:
            return None
        found = self.pattern.fullmatch(raw, len(self.start), len(raw) - len(self.terminator))
        if found is None:
            return None
        groups = found.groupdict()
        if self.stable and groups.get("stable", self.stable) != self.stable:
            return Frame((None,) * len(self.scales), raw=raw)
        counts: list[int | None] = []
        for name, scale in self.scales.items():
            text = groups[name]
            if text is None:
                counts.append(None)
                continue
            number = self._number(text + (groups.get("more") or b"" if name == self.main else b""))
            if number is None:
                return None
            counts.append(self._main_count(scale, number, groups) if name == self.main else scale.count(number))
        return Frame(tuple(counts), raw=raw)

    def _number(self, text: bytes) -> Shown | None:
        text = text[::-1] if self.reversed_digits else text
        if self.decimal != b".":
            if b"." in text:
                return None
            text = text.replace(self.decimal, b".")
        return read_number(text)

    def _main_count(self, scale: Scale, number: Shown, groups: Mapping[str, bytes | None]) -> int | None:
        """The count with the sign and the unit that stand apart from the digits; a unit nobody knows gives no value."""
        if (groups.get("sign") or b"").strip() == self.negative:
            number = Shown(-number.digits, number.decimals)
        text = (groups.get("unit") or b"").strip()
        if not text:
            return scale.count(number)
        unit = self.units.get(text) or (None if self.units else self._usual(text))
        return None if unit is None else scale.count(number, unit)

    def _usual(self, text: bytes) -> str | None:
        if self.main == "force":
            return read_unit(text)
        return text.decode("ascii", "replace")


class TerminatedLine:
    """Lines with an end, for the line decoder."""

    def __init__(self, rule: LineRule) -> None:
        self.start = rule.start
        self.terminator = rule.terminator
        self.max_length = rule.length or rule.max_length
        self.anchored = bool(rule.start or rule.length)
        self.fixed_length = rule.length
        self._rule = rule

    def parse(self, line: bytes) -> Frame | None:
        """See :meth:`LineRule.frame`."""
        return self._rule.frame(line)


class FixedLine:
    """Texts of one length without an end, for the resynchronising decoder."""

    def __init__(self, rule: LineRule) -> None:
        self.start = rule.start
        self._rule = rule

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Always the same."""
        return self._rule.length

    def parse(self, raw: bytes) -> Frame | None:
        """See :meth:`LineRule.frame`."""
        return self._rule.frame(raw)
