"""A binary frame as its settings describe it: start, length, check, end, and where the numbers stand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from labdesk.devices.binary import CHECKS, bcd, float_count
from labdesk.devices.driver import Frame
from labdesk.devices.quantities import LARGEST
from labdesk.domain.sealed_run import Channel

MAX_DECIMALS = 4


@dataclass(frozen=True)
class Flag:
    """A byte that says something: all bits of ``bits`` are set, or the byte is ``value``."""

    at: int
    bits: int = 0
    value: int = -1

    def up(self, raw: bytes) -> bool:
        """Whether it says so."""
        return raw[self.at] & self.bits == self.bits if self.bits else raw[self.at] == self.value


@dataclass(frozen=True)
class Field:
    """A number in a frame: ``kind`` is ``u``, ``i``, ``f``, ``bcd`` or ``ascii``, ``order`` ``big`` or ``little``.

    ``quantum`` is the value of one count as it stands on the wire, the channel's that in the channel's own unit.
    """

    channel: Channel
    quantum: Decimal
    kind: str
    order: str
    at: int
    size: int

    def count(self, raw: bytes) -> tuple[bool, int | None]:
        """Whether these bytes can be this number, and its count (``None`` for a float without a value)."""
        data = raw[self.at : self.at + self.size]
        if self.kind == "f":
            return True, float_count(data, ">" if self.order == "big" else "<", self.quantum)
        if self.kind == "bcd":
            found = bcd(data if self.order == "big" else data[::-1])
            return found is not None, found
        if self.kind == "ascii":
            return data.isdigit(), int(data) if data.isdigit() else None
        return True, int.from_bytes(data, "big" if self.order == "big" else "little", signed=self.kind == "i")


@dataclass(frozen=True)
class FrameRule:
    """What the settings say of a frame, ready to use.

    Attributes:
        start, end: fixed bytes.
        length: of a frame; 0 when the byte at ``length_at`` plus ``length_add`` is its length.
        check, check_from: name of the check, and the first byte it covers; it stands right before ``end``.
        fields: the value first.
        sign: of the value, ``decimals``: where its decimals stand and what is taken off that byte.
        invalid: when up, the value is none (overload).
    """

    start: bytes
    end: bytes
    length: int
    length_at: int
    length_add: int
    check: str
    check_from: int
    fields: tuple[Field, ...]
    sign: Flag | None
    invalid: Flag | None
    decimals: tuple[int, int] | None
    longest: int

    @property
    def shortest(self) -> int:
        """Bytes that every frame must have so that all its parts are inside."""
        parts = [field.at + field.size for field in self.fields]
        parts += [flag.at + 1 for flag in (self.sign, self.invalid) if flag]
        parts += [self.decimals[0] + 1] if self.decimals else []
        parts.append(0 if self.length else self.length_at + 1)
        parts.append(max(len(self.start), self.check_from if self.check in CHECKS else 0))
        return max(parts) + (CHECKS[self.check][0] if self.check in CHECKS else 0) + len(self.end)

    def size(self, buffer: bytearray, at: int) -> int | None:
        """See ``FrameFormat``."""
        if self.length:
            return self.length
        if at + self.length_at >= len(buffer):
            return None
        size = buffer[at + self.length_at] + self.length_add
        return size if self.shortest <= size <= self.longest else 0

    def parse(self, raw: bytes) -> Frame | None:
        """The frame; ``None`` for a wrong end, check, digit or number of decimals."""
        if not raw.endswith(self.end) or not self.checked(raw):
            return None
        counts: list[int | None] = []
        for field in self.fields:
            possible, count = field.count(raw)
            if not possible:
                return None
            counts.append(count)
        if self.decimals:
            places = raw[self.decimals[0]] - self.decimals[1]
            if not 0 <= places <= MAX_DECIMALS:
                return None
            counts[0] = None if counts[0] is None else counts[0] * 10 ** (MAX_DECIMALS - places)
        if self.sign and self.sign.up(raw) and counts[0] is not None:
            counts[0] = -counts[0]
        if (self.invalid and self.invalid.up(raw)) or (counts[0] is not None and abs(counts[0]) > LARGEST):
            counts[0] = None
        return Frame(tuple(counts), raw=raw)

    def checked(self, raw: bytes) -> bool:
        """Whether the check fits; a frame without one has only its shape."""
        if self.check not in CHECKS:
            return True
        width, of = CHECKS[self.check]
        end = len(raw) - len(self.end)
        return raw[end - width : end] == of(raw[self.check_from : end - width])

    def with_check(self, raw: bytes) -> bytes:
        """The same frame with the check it should have."""
        if self.check not in CHECKS:
            return raw
        width, of = CHECKS[self.check]
        end = len(raw) - len(self.end)
        return raw[: end - width] + of(raw[self.check_from : end - width]) + raw[end:]


class RuledFormat:
    """Frames of a rule, for the resynchronising decoder."""

    def __init__(self, rule: FrameRule) -> None:
        self.start = rule.start
        self.size = rule.size
        self.parse = rule.parse
