"""What may go wrong between a sensor and the host: when, for how long, and what it does to readings and bytes.

What a name means stands in the sentences ``simulate.fault.NAME``.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from labdesk.devices.manifest import LineSettings
from labdesk.devices.specimens import Reading
from labdesk.devices.waveform import as_heard

EVER_S = 3600.0
EARLIEST, LATEST = 5.0, 95.0
SLOWEST_BAUD = 50
_WRITTEN = re.compile(
    r"(?P<kind>[a-z-]+)(=(?P<value>-?[0-9]{1,7}(\.[0-9]{1,3})?))?"
    r"(@(?P<at>random|[0-9]{1,3}(\.[0-9]{1,3})?))?(:(?P<seconds>[0-9]{1,6}(\.[0-9]{1,3})?))?"
)


class LineFault(StrEnum):
    """What may happen in mid-test."""

    NONE = "none"
    UNPLUG = "unplug"
    """The line is cut; it comes back after a while or never."""
    SILENCE = "silence"
    """The device stays connected and says nothing more."""
    GARBAGE = "garbage"
    """Bytes are corrupted for a while."""
    HALF_FRAMES = "half-frames"
    """Every delivery is cut off in the middle."""
    LOST_BYTES = "lost-bytes"
    """Single bytes vanish."""
    BURST = "burst"
    """Nothing for a while, then everything at once: a port server or adapter that was busy."""
    CHECKSUM = "checksum"
    """Now and then one bit of a frame is wrong."""
    WRONG_BAUD = "wrong-baud"
    """The receiver's clock runs at another speed than the sender's; the value is the receiver's, half of the sender's if not given."""
    STUCK = "stuck"
    """The device repeats its last value."""
    PEAK_HOLD = "peak-hold"
    """The device shows the largest force so far instead of the present one."""
    CLOCK_JUMP = "clock-jump"
    """The device's own clock jumps; the value is by how many seconds, 5 if not given, negative: back."""


USUAL = {
    LineFault.PEAK_HOLD: (0.0, EVER_S),
    LineFault.WRONG_BAUD: (60.0, 2.0),
    LineFault.BURST: (60.0, 1.5),
}
"""Moment in percent and seconds where nothing is said; 60 % and for good for the others."""


@dataclass(frozen=True)
class FaultPlan:
    """A fault at ``at_percent`` of the loading's duration, for ``for_s`` seconds of real time.

    Attributes:
        at_percent: ``None``: at a moment that the seed decides.
        value: see :class:`LineFault`; ``None``: the usual one.
    """

    kind: LineFault = LineFault.NONE
    at_percent: float | None = 60.0
    for_s: float = EVER_S
    value: float | None = None

    @classmethod
    def parse(cls, text: str) -> FaultPlan:
        """``unplug``, ``unplug@60``, ``unplug@random:2.5``, ``wrong-baud=4800@30:1`` (value, percent, seconds). Raises ValueError."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        kind, value = LineFault(found["kind"]), found["value"]
        usual_percent, usual_s = USUAL.get(kind, (60.0, EVER_S))
        at = None if found["at"] == "random" else _number(found["at"], usual_percent)
        given = None if value is None else float(value)
        fits = {LineFault.WRONG_BAUD: given is None or given >= SLOWEST_BAUD, LineFault.CLOCK_JUMP: given != 0}
        if not fits.get(kind, given is None):
            raise ValueError(text)
        return cls(kind, at, _number(found["seconds"], usual_s), given)

    @classmethod
    def parse_all(cls, text: str) -> tuple[FaultPlan, ...]:
        """Several, with commas between them; ``none`` is none. Raises ValueError naming the one that is wrong."""
        plans = []
        for part in text.split(","):
            try:
                plans.append(cls.parse(part))
            except ValueError as error:
                raise ValueError(part.strip()) from error
        return tuple(plan for plan in plans if plan.kind is not LineFault.NONE)


def _number(text: str | None, usual: float) -> float:
    return float(text) if text else usual


@dataclass(frozen=True)
class Scheduled:
    """A fault with its moments, in seconds since switching on."""

    kind: LineFault
    from_s: float
    to_s: float
    value: float | None = None

    def holds(self, now_s: float) -> bool:
        """Whether it is going on."""
        return self.from_s <= now_s < self.to_s


def schedule(plans: tuple[FaultPlan, ...], loaded_s: float, lasts_s: float, seed: int) -> tuple[Scheduled, ...]:
    """The moments of faults for a loading that begins at ``loaded_s`` and lasts ``lasts_s``; the same seed gives the same moments."""
    chance = random.Random(f"faults {seed}")  # noqa: S311 - a moment, not a secret
    found = []
    for plan in plans:
        drawn = chance.uniform(EARLIEST, LATEST)
        at_s = loaded_s + lasts_s * (drawn if plan.at_percent is None else plan.at_percent) / 100
        found.append(Scheduled(plan.kind, at_s, at_s + plan.for_s, plan.value))
    return tuple(found)


class Faults:
    """All faults of a loading and what they remember."""

    def __init__(self, scheduled: tuple[Scheduled, ...], line: LineSettings, chance: random.Random) -> None:
        self._scheduled = scheduled
        self._line = line
        self._chance = chance
        self._held = b""
        self._shown: Reading | None = None
        self._largest = -math.inf

    def active(self, now_s: float) -> frozenset[LineFault]:
        """What is going on."""
        return frozenset(fault.kind for fault in self._scheduled if fault.holds(now_s))

    def seen(self, reading: Reading, now_s: float) -> Reading:
        """What the device makes of what its sensors see."""
        active = self.active(now_s)
        if LineFault.PEAK_HOLD in active:
            self._largest = max(self._largest, reading.force_kn)
            reading = replace(reading, force_kn=self._largest)
        if self._shown is None or LineFault.STUCK not in active:
            self._shown = reading
        return self._shown

    def clock_s(self, now_s: float) -> float:
        """What the device's own clock shows."""
        jumps = (fault for fault in self._scheduled if fault.kind is LineFault.CLOCK_JUMP and fault.holds(now_s))
        return max(0.0, now_s + sum(5.0 if fault.value is None else fault.value for fault in jumps))

    def heard(self, request: bytes, now_s: float) -> bytes:
        """What the device understands of the host's question: one sent at the wrong speed is none."""
        for fault in self._scheduled:
            if fault.kind is LineFault.WRONG_BAUD and fault.holds(now_s):
                host = replace(self._line, baud=round(fault.value or self._line.baud / 2))
                request = as_heard(request, host, self._line.baud)
        return request

    def through(self, data: bytes, now_s: float) -> bytes:
        """What arrives of the bytes that were sent."""
        active = self.active(now_s)
        if active & {LineFault.SILENCE, LineFault.UNPLUG}:
            self._held = b""
            return b""
        if LineFault.BURST in active:
            self._held += data
            return b""
        data, self._held = self._held + data, b""
        for kind, spoil in _SPOILING.items():
            if data and kind in active:
                data = spoil(data, self._chance)
        for fault in self._scheduled:
            if data and fault.kind is LineFault.WRONG_BAUD and fault.holds(now_s):
                data = as_heard(data, self._line, fault.value or self._line.baud / 2)
        return data


def _garbage(data: bytes, chance: random.Random) -> bytes:
    return bytes(byte ^ (chance.randrange(256) if chance.random() < 0.3 else 0) for byte in data)


def _half_frames(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _lost_bytes(data: bytes, chance: random.Random) -> bytes:
    return bytes(byte for byte in data if chance.random() > 0.02)


def _wrong_bits(data: bytes, chance: random.Random) -> bytes:
    return bytes(byte ^ (1 << chance.randrange(8) if chance.random() < 0.005 else 0) for byte in data)


_SPOILING: dict[LineFault, Callable[[bytes, random.Random], bytes]] = {
    LineFault.HALF_FRAMES: _half_frames,
    LineFault.LOST_BYTES: _lost_bytes,
    LineFault.GARBAGE: _garbage,
    LineFault.CHECKSUM: _wrong_bits,
}
