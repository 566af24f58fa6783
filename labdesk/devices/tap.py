"""A driver on a tap: it hears what another program and the machine say to each other, and has nothing to say itself.

Three things keep it silent, each enough by itself: this driver has no question and no opening, the transport refuses to write, and
where the system can, the port is open for reading only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labdesk.devices.driver import Decoder, Driver, Poll
from labdesk.devices.manifest import Check
from labdesk.devices.overheard import (
    AnswersDecoder,
    Ear,
    Exchange,
    PairedDecoder,
    PollExchange,
    SharedDecoder,
    exchange_of,
)
from labdesk.devices.registry import make_driver
from labdesk.devices.tap_clock import clock_of
from labdesk.devices.timing import SampleClock
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import Channel
from labdesk.domain.taps import TapWires, parse_tap

PATIENCE_MS = 5000
"""The other program asks as it likes: a pause shorter than this is no lost line."""
ENOUGH_QUESTIONS = 3


class TapDriver(Driver):
    """Another driver's eyes without its mouth.

    Attributes:
        ear: what was heard since the last good frame, by whichever decoder was made last.
    """

    def __init__(self, driver: Driver, wires: TapWires) -> None:
        manifest = replace(driver.manifest, silence_ms=max(PATIENCE_MS, driver.manifest.silence_ms))
        super().__init__(manifest, driver.settings)
        self.ear = Ear()
        self.tick, self.sequence_modulus = driver.tick, driver.sequence_modulus
        self._driver, self._wires = driver, wires
        self._exchange: Exchange | None = exchange_of(driver)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """As the driver has them."""
        return self._driver.channels

    @property
    def check(self) -> Check:
        """As the driver has it."""
        return self._driver.check

    def opening(self) -> bytes:
        """Nothing, ever."""
        return b""

    def poll(self) -> Poll | None:
        """Nothing, ever."""
        return None

    @property
    def asked_by_another(self) -> bool:
        """Whether the other program decides how often values come."""
        return self._exchange is not None

    def new_decoder(self) -> Decoder:
        """A decoder of what the wires carry."""
        exchange = exchange_of(self._driver)
        if exchange is None:
            return self._driver.new_decoder()
        if self._wires is TapWires.SHARED:
            return SharedDecoder(exchange, self.ear, _is_cautious(exchange))
        if self._wires is TapWires.BOTH and exchange.needs_question and exchange.checked:
            return PairedDecoder(self._driver.new_decoder(), exchange, self.ear)
        return AnswersDecoder(self._driver.new_decoder(), exchange, self.ear, self._wires is TapWires.BOTH)

    def misplaced(self) -> LinkTrouble:
        """What is wrong with a tap that hears bytes and understands nothing; ``GARBAGE`` where that cannot be told."""
        ear, exchange = self.ear, self._exchange
        if exchange is None:
            return LinkTrouble.GARBAGE
        if ear.questions >= ENOUGH_QUESTIONS and ear.asked * 10 >= ear.heard * 8:
            return LinkTrouble.TAP_QUESTIONS
        wanted = self._wires is not TapWires.ANSWERS or exchange.needs_question
        return LinkTrouble.TAP_ANSWERS if wanted and not ear.known else LinkTrouble.GARBAGE


def _is_cautious(exchange: Exchange) -> bool:
    """Whether a question may stand inside an answer: it is a single byte, and nothing is checked."""
    short = isinstance(exchange, PollExchange) and len(exchange.questions[-1]) < 2
    return short and not exchange.checked


def driver_at(driver_id: str, settings: Mapping[str, str], port_url: str) -> Driver:
    """The driver of a port, which is silent on a tap; raises OperatorError as :func:`labdesk.devices.registry.make_driver`."""
    driver, tap = make_driver(driver_id, settings), parse_tap(port_url)
    return driver if tap is None else TapDriver(driver, tap.wires)


def new_clock(driver: Driver) -> SampleClock:
    """The clock of a driver's samples."""
    return clock_of(driver, isinstance(driver, TapDriver) and driver.asked_by_another)


def driver_of(machine: Machine) -> Driver:
    """The driver of a machine where it hangs."""
    return driver_at(machine.driver_id, machine.settings, machine.port_url)
