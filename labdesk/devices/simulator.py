"""A virtual machine: a specimen, sensors with noise, the device's protocol, faults of the line.

The driver's ``sim`` module says how a reading looks on the wire (:class:`DeviceSimulator`); this module decides what the sensors see
and when, :mod:`labdesk.devices.simulate` puts the bytes on a pseudo-terminal or a TCP port in a process of its own.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from labdesk.devices.manifest import Manifest
from labdesk.devices.specimens import NothingLoaded, Reading, Specimen, make_specimen


class LineFault(StrEnum):
    """What may happen to the line in mid-test."""

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
    STUCK = "stuck"
    """The device repeats its last value."""


@dataclass(frozen=True)
class FaultPlan:
    """A fault at ``at_percent`` of the loading's duration, for ``for_s`` seconds of real time."""

    kind: LineFault = LineFault.NONE
    at_percent: float = 60.0
    for_s: float = 3600.0

    @classmethod
    def parse(cls, text: str) -> FaultPlan:
        """``unplug``, ``unplug@60`` or ``unplug@60:2.5`` (percent, seconds). Raises ValueError."""
        kind, _, rest = text.partition("@")
        percent, _, seconds = rest.partition(":")
        return cls(LineFault(kind or "none"), float(percent or 60), float(seconds or 3600))


class DeviceSimulator(ABC):
    """How one model puts a reading on the wire; made with the driver's manifest and settings.

    ``polled`` ones say nothing by themselves: what :meth:`encode` gives goes out as the answer to the next request.
    """

    polled = False

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        self.manifest = manifest
        self.settings = settings

    @abstractmethod
    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """The bytes for one reading, the ``sequence``-th since switching on, ``time_ns`` after it."""

    def answer(self, request: bytes) -> bytes:
        """The reply to a request of the host; devices that only stream say nothing."""
        return b""


class AskedSimulator(DeviceSimulator):
    """Base of devices that speak only when asked: the newest reading is the answer."""

    polled = True

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        super().__init__(manifest, settings)
        self._newest = b""

    @abstractmethod
    def frame(self, reading: Reading) -> bytes:
        """How a reading looks on the wire."""

    @abstractmethod
    def requests(self) -> tuple[bytes, ...]:
        """What it answers to."""

    def encode(self, reading: Reading, sequence: int, time_ns: int) -> bytes:
        """The answer to a request at this moment."""
        self._newest = self.frame(reading)
        return self._newest

    def answer(self, request: bytes) -> bytes:
        """One answer for each request among the bytes that came; silence for anything else."""
        return b"".join(self._newest * request.count(known) for known in self.requests())


@dataclass
class VirtualMachine:
    """One machine with whatever is between its jaws; ``advance`` gives the bytes up to a moment.

    Attributes:
        rate_hz: readings per second of real time.
        noise_kn: standard deviation of the force noise.
        display_peak_kn: what the machine's own display shows as peak (it goes on when the line is dead).
    """

    device: DeviceSimulator
    rate_hz: float
    seed: int
    noise_kn: float = 0.02
    display_peak_kn: float = 0.0
    fault: FaultPlan = field(default_factory=FaultPlan)
    _specimen: Specimen = field(default_factory=NothingLoaded)
    _loaded_at: float | None = None
    _speed: float = 1.0
    _sequence: int = 0
    _fault_at: float | None = None
    _held: bytes = b""
    _shown: Reading | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - a believable curve, not a secret

    def load(self, scenario: str, parameters: dict[str, object], now_s: float) -> None:
        """Puts a piece in and starts loading. ``speed``, ``delay_s``, ``fault`` and ``seed`` are taken out of ``parameters``.

        Raises:
            ValueError: for an unknown scenario or parameter; the old piece stays.
        """
        wanted = dict(parameters)
        speed, delay = float(str(wanted.pop("speed", 1))), float(str(wanted.pop("delay_s", 0.5)))
        fault = FaultPlan.parse(str(wanted.pop("fault", "none")))
        chance = random.Random(int(str(wanted.pop("seed", self.seed))))  # noqa: S311
        specimen = make_specimen(scenario, wanted, chance)
        self._specimen, self._speed, self._loaded_at = specimen, speed, now_s + delay
        self.display_peak_kn, self.fault, self._fault_at = 0.0, fault, None
        if fault.kind is not LineFault.NONE:
            self._fault_at = now_s + delay + specimen.duration_s / speed * fault.at_percent / 100

    @property
    def loading(self) -> bool:
        """Whether a piece is in the machine and its test is not over."""
        return self._loaded_at is not None

    def active_fault(self, now_s: float) -> LineFault:
        """The line's fault at this moment."""
        if self._fault_at is None or not self._fault_at <= now_s < self._fault_at + self.fault.for_s:
            return LineFault.NONE
        return self.fault.kind

    def advance(self, now_s: float) -> bytes:
        """The bytes of all readings due until ``now_s`` (seconds since switching on), with the line's fault applied."""
        data = bytearray()
        while self._sequence / self.rate_hz <= now_s:
            due_s = self._sequence / self.rate_hz
            said = self.device.encode(self._reading(due_s), self._sequence, round(due_s * 1e9))
            data += b"" if self.device.polled else said
            self._sequence += 1
        return self._through_fault(bytes(data), now_s)

    def answer(self, request: bytes, now_s: float) -> bytes:
        """The device's answer to a request of the host, with the line's fault applied."""
        return self._through_fault(self.device.answer(request), now_s)

    def _through_fault(self, data: bytes, now_s: float) -> bytes:
        fault, chance = self.active_fault(now_s), self._chance
        if fault is LineFault.BURST:
            self._held += data
            return b""
        data, self._held = self._held + data, b""
        if fault in (LineFault.SILENCE, LineFault.UNPLUG):
            return b""
        if fault is LineFault.GARBAGE:
            return bytes(byte ^ (chance.randrange(256) if chance.random() < 0.3 else 0) for byte in data)
        if fault is LineFault.HALF_FRAMES:
            return data[: chance.randrange(len(data) + 1)]
        if fault is LineFault.LOST_BYTES:
            return bytes(byte for byte in data if chance.random() > 0.02)
        if fault is LineFault.CHECKSUM:
            return bytes(byte ^ (1 << chance.randrange(8) if chance.random() < 0.005 else 0) for byte in data)
        return data

    def _reading(self, time_s: float) -> Reading:
        since = -1.0 if self._loaded_at is None else (time_s - self._loaded_at) * self._speed
        clean = self._specimen.at(since) if since >= 0 else NothingLoaded().at(0)
        if since > self._specimen.duration_s:
            self._loaded_at, self._specimen = None, NothingLoaded()
        force = clean.force_kn + self._chance.gauss(0, self.noise_kn)
        self.display_peak_kn = max(self.display_peak_kn, force)
        extension = None if clean.extension_mm is None else clean.extension_mm + self._chance.gauss(0, 0.0004)
        reading = Reading(force, clean.displacement_mm + self._chance.gauss(0, 0.002), extension)
        if self._shown is None or self.active_fault(time_s) is not LineFault.STUCK:
            self._shown = reading
        return self._shown
