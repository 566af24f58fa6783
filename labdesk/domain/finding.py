"""Finding out what hangs on a port: drivers as a person chooses them, what a line says, and what it most likely is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from labdesk.domain.errors import LabDeskError

ENOUGH_FRAMES = 5
"""So many good frames in a row, and a driver is proposed."""


@dataclass(frozen=True)
class DriverChoice:
    """A driver as it is offered.

    Attributes:
        id, zh, en: key and names.
        maturity: ``documented``, ``recorded`` or ``verified``.
        beta: off unless somebody takes the warning.
        settings: what the site must state, by name.
        limits: what it cannot do, ``zh`` and ``en``.
        tests: kinds of test it is for.
        baud, parity: the line as its maker delivers it.
    """

    id: str
    zh: str
    en: str
    maturity: str
    beta: bool
    settings: tuple[SettingChoice, ...]
    limits: Mapping[str, str]
    tests: tuple[str, ...]
    baud: int
    parity: str = "N"


@dataclass(frozen=True)
class SettingChoice:
    """Something the wire does not say: name, what is asked, what it may be (empty: typed freely)."""

    name: str
    zh: str
    en: str
    default: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class PortSeen:
    """A serial port of this computer.

    Attributes:
        url: as :attr:`labdesk.domain.machines.Machine.port_url` wants it, by a name that survives replugging where there is one.
        name: what the system calls the adapter.
        identity: ``VID:PID serial`` of a USB adapter, empty for others.
    """

    url: str
    name: str
    identity: str = ""


@dataclass(frozen=True)
class Shown:
    """One decoded value: channel name, exact value, unit."""

    channel: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Listened:
    """What a line has said since it is listened to.

    Attributes:
        received: bytes in all.
        tail: the newest bytes.
        values: of the newest good frame.
        good, bad, skipped: frames, and bytes that belong to none.
        trouble: why the line is not open, a value of ``LinkTrouble``, else empty.
        detail: what the system said.
    """

    received: int = 0
    tail: bytes = b""
    values: tuple[Shown, ...] = ()
    good: int = 0
    bad: int = 0
    skipped: int = 0
    trouble: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Proposal:
    """A driver that understands a line.

    Attributes:
        settings: the line's ``baud`` and ``parity`` as found.
        in_a_row: good frames without a wrong byte between them.
        checked: whether the frames carry a check; without one a chance match is possible.
        values: of the newest frame.
    """

    driver_id: str
    settings: Mapping[str, str]
    in_a_row: int
    checked: bool
    values: tuple[Shown, ...]


@dataclass(frozen=True)
class Progress:
    """How far a search is: step of steps, and what is tried."""

    step: int
    steps: int
    trying: str


@dataclass(frozen=True)
class Found:
    """The end of a search.

    Attributes:
        proposals: the best first.
        received: bytes heard in all; 0 means a silent line.
        trouble, detail: why the port could not be opened.
        cancelled: somebody stopped it.
    """

    proposals: tuple[Proposal, ...] = ()
    received: int = 0
    trouble: str = ""
    detail: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class LineChoice:
    """A port with a driver and what it is told."""

    url: str
    driver_id: str
    settings: Mapping[str, str] = field(default_factory=dict)


class Listening(Protocol):
    """A line that is listened to, in a thread of its own."""

    def heard(self) -> Listened:
        """What was heard so far."""
        ...

    def close(self) -> None:
        """Lets go of the port; twice without harm."""
        ...


@dataclass(frozen=True)
class PortsElsewhere:
    """Ports of another computer in the room, by the names under which this one opens them (``press-pc@COM3``).

    Attributes:
        trouble: why it tells none.
    """

    name: str
    ports: tuple[PortSeen, ...]
    trouble: LabDeskError | None = None


@runtime_checkable
class FindsElsewhere(Protocol):
    """A finder that knows other computers in the room, too."""

    def elsewhere(self) -> tuple[PortsElsewhere, ...]:
        """Ports of every paired computer; may take seconds where one does not answer."""
        ...


@dataclass(frozen=True)
class RoomComputer:
    """A computer at a machine, as found in the room or as paired.

    Attributes:
        address: ``host:port``.
        fingerprint: of its certificate, hex; compared by eye with what its screen shows.
        paired: this desktop may use its machines.
        heard: it answered just now.
    """

    name: str
    address: str
    fingerprint: str
    paired: bool
    heard: bool


class CaptureRoom(Protocol):
    """Other computers that capture: found, paired by the line their screen shows, forgotten."""

    def computers(self) -> tuple[RoomComputer, ...]:
        """Paired ones and those that answer; takes a second or two. Raises EnvironmentFault ``elsewhere.file``."""
        ...

    def pair(self, line: str) -> RoomComputer:
        """Knocks and keeps the pairing.

        Raises:
            OperatorError: ``elsewhere.pairing_line``.
            EnvironmentFault: ``elsewhere.no_answer``, ``elsewhere.wrong_secret``, ``elsewhere.wrong_certificate``, ``elsewhere.file``.
        """
        ...

    def forget(self, name: str) -> None:
        """Its machines can be used no more. Raises OperatorError ``elsewhere.not_paired``, EnvironmentFault ``elsewhere.file``."""
        ...


class MachineFinder(Protocol):
    """Looks at ports without registering anything. It sends nothing but the requests of a driver that a person named."""

    def drivers(self) -> tuple[DriverChoice, ...]:
        """All drivers, finished ones before beta."""
        ...

    def ports(self) -> tuple[PortSeen, ...]:
        """Serial ports of this computer."""
        ...

    def listen(self, line: LineChoice) -> Listening:
        """Opens a line and decodes it.

        Raises:
            OperatorError: ``capture.driver_setting``, ``capture.no_such_driver``.
        """
        ...

    def find(self, url: str, told: Callable[[Progress], bool], named: str = "") -> Found:
        """Listens at every speed until a driver understands five frames in a row; ``told`` answers False to stop.

        Args:
            named: key of the driver whose questions may be asked, because a person said which device it is; empty asks nothing.
        """
        ...


class DisplayVerdict(StrEnum):
    """What comparing the line with the machine's own display said."""

    AGREES = "agrees"
    ZERO = "zero"
    """At zero every unit looks alike."""
    UNIT = "unit"
    """The figures differ by the ratio of two units."""
    DIFFERS = "differs"


@dataclass(frozen=True)
class DisplayCheck:
    """The line beside the display, both in the channel's unit; ``ratio_of`` names the unit the line seems to be in."""

    verdict: DisplayVerdict
    line: Decimal
    display: Decimal
    ratio_of: str = ""


_UNITS = {
    "N": Decimal(1000),
    "kg": Decimal("101.9716"),
    "t": Decimal("0.1019716"),
    "MN": Decimal("0.001"),
    "lbf": Decimal("224.8089"),
}
_AGREES = Decimal("0.01")
_ALIKE = Decimal("0.02")


def check_display(line: Decimal, display: Decimal) -> DisplayCheck:
    """Compares what the line says with what the display shows, both thought to be the same quantity.

    Args:
        line: newest decoded value.
        display: as read off and typed.
    """
    if line == 0 or display == 0:
        return DisplayCheck(DisplayVerdict.ZERO, line, display)
    if abs(line - display) <= abs(display) * _AGREES:
        return DisplayCheck(DisplayVerdict.AGREES, line, display)
    ratio = line / display
    for unit, factor in _UNITS.items():
        if abs(ratio / factor - 1) <= _ALIKE:
            return DisplayCheck(DisplayVerdict.UNIT, line, display, unit)
    return DisplayCheck(DisplayVerdict.DIFFERS, line, display)
