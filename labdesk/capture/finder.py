"""Which driver understands this port? Lines are tried as their makers deliver them, by listening; only a device that is named is asked.

Listening disturbs nobody, so it goes through every speed and every driver. Asking is another matter: a request of one device may be a
command of another, some gauges take a single byte as a key, and a stand under PC control moves up on a ``u``. So an unknown device is
never asked. When a person says which device it is, its own requests are tried at every speed, and nothing else is ever sent. A driver
is proposed when it understood five frames in a row; one whose frames carry a check stands before one that can only go by their shape.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from labdesk.capture.listening import PortListening, shown_values
from labdesk.devices.driver import Driver
from labdesk.devices.manifest import LineSettings, Manifest
from labdesk.devices.registry import make_driver, manifests
from labdesk.devices.tap import TapDriver, driver_at
from labdesk.devices.transport import LineLost, Transport, open_transport
from labdesk.devices.usb_ports import Ports, UsbPort, identity, present_ports, resolve
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.finding import (
    ENOUGH_FRAMES,
    DriverChoice,
    Found,
    LineChoice,
    PortSeen,
    Progress,
    Proposal,
    SettingChoice,
    Shown,
)
from labdesk.domain.taps import Tap, TapWires, parse_tap

BAUDS = (9600, 115200, 19200, 4800, 38400, 57600, 2400, 1200, 600, 256000)
"""Commonest first."""
HEAR_S = 1.5
ANSWER_S = 0.8
MORE = 4
"""Who has begun to understand is listened to so many times as long: the other program on a tap may ask only twice a second."""
SILENT_TRIES = 3
"""A line that said nothing at so many speeds sends nothing by itself."""
PIECE = 8
"""Bytes fed at once: small, so that a wrong byte ends the row it is in and no other."""


def _open(url: str, line: LineSettings) -> Transport:
    """Opens a port also by what its adapter is."""
    return open_transport(resolve(url), line)


class PortFinder:
    """The :class:`labdesk.domain.finding.MachineFinder` of this computer's ports.

    ``hear_s`` and ``answer_s`` are how long a line is listened to and an answer waited for, in seconds.
    """

    def __init__(
        self,
        open_line: Callable[[str, LineSettings], Transport] = _open,
        hear_s: float = HEAR_S,
        answer_s: float = ANSWER_S,
        ports: Ports = present_ports,
    ) -> None:
        self._open_line = open_line
        self._hear_s = hear_s
        self._answer_s = answer_s
        self._ports = ports

    def drivers(self) -> tuple[DriverChoice, ...]:
        """All drivers, finished ones before beta."""
        return tuple(_choice(each) for each in sorted(manifests(), key=lambda each: (each.beta, each.id)))

    def ports(self) -> tuple[PortSeen, ...]:
        """Serial ports of this computer; an adapter that can be told from all others by what it is, so that it is found in any socket."""
        found = list(self._ports())
        return tuple(
            PortSeen(identity(port.device, lambda: found) or port.device, port.description or port.device, _told(port))
            for port in sorted(found, key=lambda each: (each.vid is None, each.device))
        )

    def listen(self, line: LineChoice) -> PortListening:
        """See :class:`labdesk.domain.finding.MachineFinder`."""
        return PortListening(line.url, driver_at(line.driver_id, line.settings, line.url), self._open_line)

    def find(self, url: str, told: Callable[[Progress], bool], named: str = "") -> Found:
        """See :class:`labdesk.domain.finding.MachineFinder`."""
        url = _one_wire(url)
        attempts = tuple(_attempts(url, named))
        received, trouble = 0, ""
        for step, attempt in enumerate(attempts):
            if not received and not attempt.asks and step >= SILENT_TRIES and attempt.line.rts:
                continue  # whoever sends by himself would have been heard by now, at whatever speed
            if not told(Progress(step, len(attempts), attempt.name())):
                return Found(received=received, cancelled=True)
            try:
                heard = self._try(url, attempt)
            except EnvironmentFault as fault:
                return Found(
                    received=received, trouble=str(fault.params["trouble"]), detail=str(fault.params["detail"])
                )
            except LineLost as lost:
                return Found(received=received, trouble=lost.trouble.value, detail=lost.detail)
            received += heard.received
            trouble = trouble or heard.trouble(named)
            proposals = sorted((ear.proposal(attempt.line) for ear in heard.ears if ear.enough), key=_rank)
            if proposals:
                return Found(tuple(proposals), received)
        if parse_tap(url) is not None and not received:
            trouble = LinkTrouble.TAP_SILENT.value
        return Found(received=received, trouble=trouble)

    def _try(self, url: str, attempt: _Attempt) -> _Heard:
        ears = [_Ear(driver) for driver in attempt.drivers]
        heard = _Heard(ears)
        transport = self._open_line(url, attempt.line)
        try:
            if attempt.asks:
                self._ask(transport, attempt.drivers[0], heard)
            else:
                self._hear(transport, heard, self._hear_s)
        finally:
            transport.close()
        return heard

    def _hear(self, transport: Transport, heard: _Heard, seconds: float) -> None:
        """Until somebody understood enough; what carries a check gets the rest of the time to say so too."""
        begin = time.monotonic()
        end = begin + seconds
        while time.monotonic() < end and not any(ear.enough and ear.checked for ear in heard.ears):
            heard.take(transport.read_chunk(max(0.0, min(0.2, end - time.monotonic()))))
            if any(ear.best > 1 and isinstance(ear.driver, TapDriver) for ear in heard.ears):
                end = begin + MORE * seconds

    def _ask(self, transport: Transport, driver: Driver, heard: _Heard) -> None:
        if driver.opening():
            transport.write(driver.opening())
        poll = driver.poll()
        for turn in range(2 * ENOUGH_FRAMES):
            before = heard.received
            if poll is not None:
                transport.write(poll.requests[turn % len(poll.requests)])
            self._hear(transport, heard, max(self._answer_s / 4, poll.period_ms / 1000) if poll else self._answer_s)
            silent = heard.received == before
            if heard.ears[0].enough or (silent and turn >= 1):
                return


@dataclass
class _Ear:
    """One driver's decoder, and how many frames it understood in a row."""

    driver: Driver

    def __post_init__(self) -> None:
        self._decoder = self.driver.new_decoder()
        self._row = self.best = 0
        self._wrong = 0
        self.values: tuple[Shown, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether the driver may be proposed."""
        return self.best >= ENOUGH_FRAMES

    @property
    def checked(self) -> bool:
        """Whether its frames carry a check."""
        return not self.driver.check.weak

    def feed(self, piece: bytes) -> None:
        """A few bytes: good frames lengthen the row, a wrong byte ends it."""
        frames = self._decoder.feed(piece)
        counters = self._decoder.counters
        wrong = counters.bad + counters.skipped_bytes
        if wrong != self._wrong:
            self._row, self._wrong = 0, wrong
        else:
            self._row += len(frames)
        self.best = max(self.best, self._row)
        if frames:
            self.values = shown_values(self.driver.channels, frames[-1])

    def proposal(self, line: LineSettings) -> Proposal:
        """What the driver found."""
        settings = {"baud": str(line.baud), "parity": line.parity}
        usual = self.driver.manifest.line
        if (line.bytesize, line.stopbits) != (usual.bytesize, usual.stopbits):
            settings |= {"bytesize": str(line.bytesize), "stopbits": str(line.stopbits)}
        if not line.rts:
            settings |= {"rts": "off", "dtr": "off"}
        return Proposal(self.driver.manifest.id, settings, self.best, self.checked, self.values)


class _Heard:
    """Everything heard in one attempt."""

    def __init__(self, ears: list[_Ear]) -> None:
        self.ears = ears
        self.received = 0

    def trouble(self, named: str) -> str:
        """A tap on the wrong side, or on one side where both are needed, as far as the named driver or any other can tell."""
        for ear in self.ears:
            driver = ear.driver
            if self.received and not ear.best and isinstance(driver, TapDriver):
                found = driver.misplaced()
                if found is LinkTrouble.TAP_QUESTIONS or (
                    found is LinkTrouble.TAP_ANSWERS and driver.manifest.id == named
                ):
                    return found.value
        return ""

    def take(self, data: bytes) -> None:
        """A chunk goes to every driver."""
        self.received += len(data)
        for ear in self.ears:
            for at in range(0, len(data), PIECE):
                ear.feed(data[at : at + PIECE])


@dataclass(frozen=True)
class _Attempt:
    """A line with the drivers that listen on it, or the one that asks."""

    line: LineSettings
    drivers: tuple[Driver, ...]
    asks: bool

    def name(self) -> str:
        """What is tried, to be read."""
        who = self.drivers[0].manifest.model if self.asks else f"{len(self.drivers)} ×"
        shape = f"{self.line.bytesize}{self.line.parity}{self.line.stopbits}"
        return f"{self.line.baud} {shape}{'' if self.line.rts else ' RTS/DTR off'} · {who}"


def _attempts(url: str, named: str) -> Iterable[_Attempt]:
    """Listening on every line a driver may have, then asking the named driver's questions; a network line has one speed.

    On a tap somebody else asks: there all drivers listen, and nobody asks.
    """
    made = [driver_at(each.id, {}, url) for each in manifests() if not each.id.startswith("generic_")]
    quiet = tuple(each for each in made if not _asks(each))
    network = url.removeprefix("tap:").startswith("socket://")
    shapes = list(
        dict.fromkeys(
            (each.manifest.line.bytesize, each.manifest.line.parity, each.manifest.line.stopbits) for each in quiet
        )
    )
    lines = [LineSettings(baud, *shape) for shape in shapes for baud in BAUDS]
    for line in lines[:1] if network else lines:
        yield _Attempt(line, quiet, asks=False)
    if parse_tap(url) is not None:
        return
    if not network:
        yield _Attempt(replace(lines[0], rts=False, dtr=False), quiet, asks=False)
    driver = make_driver(named, {}) if named else None
    if driver is not None and _asks(driver):
        usual = driver.manifest.line
        for baud in (usual.baud,) if network else dict.fromkeys((usual.baud, *BAUDS)):
            yield _Attempt(replace(usual, baud=baud), (driver,), asks=True)


def _one_wire(url: str) -> str:
    """A tap without its second wire: who the machine is, its own wire says."""
    tap = parse_tap(url)
    return Tap(tap.device).url() if tap is not None and tap.wires is TapWires.BOTH else url


def _asks(driver: Driver) -> bool:
    """Whether a device sends only when it is asked, or told to begin."""
    return driver.poll() is not None or bool(driver.opening())


def _rank(proposal: Proposal) -> tuple[bool, bool, int, str]:
    """Who knows the device by name stands before a generic driver that can read its lines, too."""
    generic = proposal.driver_id.startswith("generic_")
    return (generic, not proposal.checked, -proposal.in_a_row, proposal.driver_id)


def _choice(manifest: Manifest) -> DriverChoice:
    settings = tuple(
        SettingChoice(name, each.zh, each.en, each.default, each.allowed) for name, each in manifest.settings.items()
    )
    limits = {**manifest.limits}
    for language, text in manifest.warning.items():
        limits[language] = f"{text} {limits.get(language, '')}".strip()
    return DriverChoice(
        id=manifest.id,
        zh=manifest.zh,
        en=manifest.en,
        maturity=manifest.maturity.value,
        beta=manifest.beta,
        settings=settings,
        limits=limits,
        tests=manifest.tests,
        baud=manifest.line.baud,
        parity=manifest.line.parity,
    )


def _told(port: UsbPort) -> str:
    return (
        ""
        if port.vid is None or port.pid is None
        else f"{port.vid:04X}:{port.pid:04X} {port.serial_number or ''}".strip()
    )
