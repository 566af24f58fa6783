"""A virtual machine: a specimen, sensors with noise, the device's protocol, faults of the line.

The driver's ``sim`` module says how a reading looks on the wire (:class:`DeviceSimulator`); this module decides what the sensors see
and when, :mod:`labdesk.devices.simulate` puts the bytes on a pseudo-terminal or a TCP port in a process of its own.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from labdesk.devices.driver import Driver
from labdesk.devices.faults import FaultPlan, Faults, LineFault, schedule
from labdesk.devices.manifest import Kind, LineSettings, Manifest
from labdesk.devices.pieces import Smaller
from labdesk.devices.scenarios import make_specimen
from labdesk.devices.specimens import NothingLoaded, Reading, Specimen

ROOM = 0.6
"""Share of what a device can show that a piece made smaller for it reaches."""
MOST_KN = 2000.0
"""No piece needs more."""
IDLE_S = 60.0
"""Percent of a fault without a loading are of this time."""


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


class TooLarge(ValueError):
    """The device cannot show the force that a piece of these dimensions and strengths would need.

    Attributes:
        peak_kn, reach_kn: what it needs, and what the device can show.
    """

    def __init__(self, peak_kn: float, reach_kn: float) -> None:
        self.peak_kn, self.reach_kn = peak_kn, reach_kn
        super().__init__(f"{peak_kn:.4g} kN > {reach_kn:.4g} kN")


@dataclass
class VirtualMachine:
    """One machine with whatever is between its jaws; ``advance`` gives the bytes up to a moment.

    Attributes:
        rate_hz: readings per second of real time.
        noise_kn: standard deviation of the force noise.
        reach_kn: the largest force that the device can show; the usual pieces are made smaller for it.
        display_peak_kn: what the machine's own display shows as peak (it goes on when the line is dead).
        piece_share: cross-section of the piece, as a share of the usual one.
    """

    device: DeviceSimulator
    rate_hz: float
    seed: int
    noise_kn: float = 0.02
    reach_kn: float = math.inf
    display_peak_kn: float = 0.0
    piece_share: float = 1.0
    _specimen: Specimen = field(default_factory=NothingLoaded)
    _loaded_at: float | None = None
    _speed: float = 1.0
    _sequence: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - a believable curve, not a secret
        self._noise_kn = self.noise_kn
        self._faults = self._no_faults()

    def _no_faults(self) -> Faults:
        return Faults((), self._line(), self._chance)

    def _line(self) -> LineSettings:
        return self.device.manifest.line_for(self.device.settings)

    def load(self, scenario: str, parameters: dict[str, object], now_s: float) -> None:
        """Puts a piece in and starts loading. ``speed``, ``delay_s``, ``fault`` and ``seed`` are taken out of ``parameters``.

        Raises:
            ValueError: for an unknown scenario or parameter; the old piece stays. :class:`TooLarge` if its size was given.
        """
        wanted = dict(parameters)
        speed, delay = _positive(wanted, "speed", 1), _positive(wanted, "delay_s", 0.5, least=0)
        plans = FaultPlan.parse_all(str(wanted.pop("fault", "none")))
        seed = int(str(wanted.pop("seed", self.seed)))
        specimen = make_specimen(scenario, wanted, random.Random(seed))  # noqa: S311
        share = 1.0
        if specimen.peak_kn > self.reach_kn:
            if any(name.endswith(("_mm", "_mpa")) and name != "slip_mm" for name in parameters):
                raise TooLarge(specimen.peak_kn, self.reach_kn)
            share = ROOM * self.reach_kn / specimen.peak_kn
            specimen = Smaller(specimen, share)
        self.piece_share, self._noise_kn = share, self.noise_kn * share
        self._specimen, self._speed = specimen, speed
        self._loaded_at = None if math.isinf(specimen.duration_s) else now_s + delay
        self.display_peak_kn = 0.0
        lasts = IDLE_S if math.isinf(specimen.duration_s) else specimen.duration_s / speed
        self._faults = Faults(schedule(plans, now_s + delay, lasts, seed), self._line(), self._chance)

    @property
    def loading(self) -> bool:
        """Whether a piece is in the machine and its test is not over."""
        return self._loaded_at is not None

    def active_faults(self, now_s: float) -> frozenset[LineFault]:
        """What goes wrong at this moment."""
        return self._faults.active(now_s)

    def advance(self, now_s: float) -> bytes:
        """The bytes of all readings due until ``now_s`` (seconds since switching on), with the line's faults applied."""
        data = bytearray()
        while self._sequence / self.rate_hz <= now_s:
            due_s = self._sequence / self.rate_hz
            device_ns = round(self._faults.clock_s(due_s) * 1e9)
            said = self.device.encode(self._reading(due_s), self._sequence, device_ns)
            data += b"" if self.device.polled else said
            self._sequence += 1
        return self._faults.through(bytes(data), now_s)

    def answer(self, request: bytes, now_s: float) -> bytes:
        """The device's answer to a request of the host, with the line's faults applied."""
        return self._faults.through(self.device.answer(self._faults.heard(request, now_s)), now_s)

    def _reading(self, time_s: float) -> Reading:
        since = -1.0 if self._loaded_at is None else (time_s - self._loaded_at) * self._speed
        clean = self._specimen.at(since) if since >= 0 else NothingLoaded().at(0)
        if since > self._specimen.duration_s:
            self._loaded_at, self._specimen = None, NothingLoaded()
        force = clean.force_kn + self._chance.gauss(0, self._noise_kn)
        self.display_peak_kn = max(self.display_peak_kn, force)
        extension = self._extension(clean)
        extension = None if extension is None else extension + self._chance.gauss(0, 0.0004)
        reading = Reading(force, clean.displacement_mm + self._chance.gauss(0, 0.002), extension)
        return self._faults.seen(reading, time_s)

    def _extension(self, clean: Reading) -> float | None:
        """An extensometer of its own stands between the platens where none is on the piece."""
        alone = clean.extension_mm is None and self.device.manifest.kind is Kind.EXTENSOMETER
        return clean.displacement_mm if alone else clean.extension_mm


def _positive(wanted: dict[str, object], name: str, usual: float, least: float = 0.001) -> float:
    """Takes a number out of the parameters; raises ValueError."""
    text = str(wanted.pop(name, usual))
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= 1e6:
        raise ValueError(f"{name}={text}")
    return number


def reach_kn(driver: Driver, device: DeviceSimulator) -> float:
    """The largest force that a device can show, found by showing forces and decoding them; infinite beyond what any piece needs.

    A force counts as shown if equal steps up to it are shown as equal steps: so it holds whatever the unit or zero.
    """
    if driver.manifest.kind is Kind.EXTENSOMETER or _shows(driver, device, MOST_KN):
        return math.inf
    low, high = 0.0, MOST_KN
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _shows(driver, device, middle) else (low, middle)
    return low


def _shows(driver: Driver, device: DeviceSimulator, force_kn: float) -> bool:
    values = []
    for share in (0.2, 0.6, 1.0):
        try:
            data = device.encode(Reading(force_kn * share, 0.5, 0.5), 1, 10_000_000)
        except (ValueError, OverflowError):
            return False
        # Several times: a decoder may give up what comes before the first end of a line.
        frames = driver.new_decoder().feed(device.answer(driver.opening()) + data * 3)
        value = frames[-1].counts[0] if frames else None
        if value is None:
            return False
        values.append(value)
    low, middle, high = values
    return high != low and abs(2 * (middle - low) - (high - low)) <= 0.02 * abs(high - low)
