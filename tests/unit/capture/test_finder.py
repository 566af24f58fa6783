"""Finding the driver of an unknown line: right speed, right driver, nothing guessed."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from labdesk.capture.finder import PortFinder
from labdesk.devices.manifest import LineSettings
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.specimens import Reading
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.finding import ENOUGH_FRAMES, Found, LineChoice, PortSeen, Progress
from tests.helpers.machines import wait_until
from tests.unit.devices.test_usb_ports import Port

PORT = "COM7"
STREAMING = sorted(
    each.id
    for each in manifests()
    if not each.id.startswith("generic_")
    and not each.check.weak
    and make_driver(each.id, {}).poll() is None
    and not make_driver(each.id, {}).opening()
)


ASKING = sorted(
    each.id
    for each in manifests()
    if not each.id.startswith("generic_")
    and (make_driver(each.id, {}).poll() is not None or make_driver(each.id, {}).opening())
)


def frames_of(driver_id: str, count: int = 40) -> bytes:
    """What the machine sends by itself."""
    simulator = make_simulator(driver_id, {})
    return b"".join(simulator.encode(Reading(1.0 + n / 10, n / 100, n / 50), n, n * 10_000_000) for n in range(count))


class FakePort:
    """A line that speaks clearly at one speed and babbles at any other; ``answers`` is said once for each request."""

    def __init__(
        self, line: LineSettings, speaks: Callable[[LineSettings], bytes], answers: dict[bytes, bytes]
    ) -> None:
        self._waiting = speaks(line)
        self._answers = answers
        self.sent: list[bytes] = []
        self.closed = False

    def read_chunk(self, wait_s: float = 0.2) -> bytes:
        said, self._waiting = self._waiting[:50], self._waiting[50:]
        return said

    def write(self, data: bytes) -> None:
        self.sent.append(data)
        self._waiting += self._answers.get(data, b"")

    def descriptor(self) -> int | None:
        return None

    def close(self) -> None:
        self.closed = True


class Bench:
    """Ports that were opened, in order."""

    def __init__(self, speaks: Callable[[LineSettings], bytes], answers: dict[bytes, bytes] | None = None) -> None:
        self.opened: list[tuple[LineSettings, FakePort]] = []
        self.told: list[Progress] = []
        self._speaks, self._answers = speaks, answers or {}

    def open(self, url: str, line: LineSettings) -> FakePort:
        assert url == PORT
        port = FakePort(line, self._speaks, self._answers)
        self.opened.append((line, port))
        return port

    def find(self, stop_at: int = 1000, named: str = "") -> Found:
        def told(progress: Progress) -> bool:
            self.told.append(progress)
            return len(self.told) <= stop_at

        finder = PortFinder(self.open, hear_s=0.02, answer_s=0.02)
        found = finder.find(PORT, told, named)
        assert all(port.closed for _, port in self.opened)
        return found


def babble(line: LineSettings) -> bytes:
    """What a line sounds like at the wrong speed."""
    return random.Random(line.baud).randbytes(400)


@pytest.mark.parametrize("driver_id", STREAMING)
@pytest.mark.parametrize("baud", [9600, 2400, 256000])
def test_a_machine_that_sends_by_itself_is_found_at_its_speed(driver_id: str, baud: int) -> None:
    usual = make_driver(driver_id, {}).manifest.line

    def speaks(line: LineSettings) -> bytes:
        fits = (line.baud, line.bytesize, line.parity) == (baud, usual.bytesize, usual.parity)
        return frames_of(driver_id) if fits else babble(line)

    bench = Bench(speaks)
    found = bench.find()
    assert next(each.driver_id for each in found.proposals if each.checked) == driver_id
    best = found.proposals[0]
    assert best.settings["baud"] == str(baud)
    assert best.in_a_row >= ENOUGH_FRAMES
    assert best.values
    assert not [sent for _, port in bench.opened for sent in port.sent]


def test_an_unknown_device_is_never_asked() -> None:
    """A request of one device may be a command of another: an ESM stand moves up on the ``u`` of a Modbus request."""
    bench = Bench(lambda line: b"")
    assert bench.find() == Found()
    assert not [sent for _, port in bench.opened for sent in port.sent]
    assert len(bench.opened) <= 4


@pytest.mark.parametrize("driver_id", ASKING)
def test_a_named_device_is_asked_its_own_questions_and_nothing_else(driver_id: str) -> None:
    driver = make_driver(driver_id, {})
    bench = Bench(lambda line: b"")
    assert bench.find(named=driver_id) == Found()
    poll = driver.poll()
    own = {driver.opening(), *(poll.requests if poll is not None else ())}
    sent = {each for _, port in bench.opened for each in port.sent}
    assert sent
    assert sent <= own


def test_a_named_device_that_answers_is_found() -> None:
    driver_id = "yaohua_xk3190a9_command"
    poll = make_driver(driver_id, {}).poll()
    assert poll is not None
    simulator = make_simulator(driver_id, {})
    answer = simulator.encode(Reading(12.5, 0.0, 0.0), 0, 0)
    bench = Bench(lambda line: b"", dict.fromkeys(poll.requests, answer))
    found = bench.find(named=driver_id)
    assert [each.driver_id for each in found.proposals] == [driver_id]
    assert found.proposals[0].in_a_row >= ENOUGH_FRAMES


def test_babble_alone_proposes_nothing_that_carries_a_check() -> None:
    assert not [each for each in Bench(babble).find().proposals if each.checked]


def test_the_search_stops_when_told() -> None:
    bench = Bench(babble)
    found = bench.find(stop_at=2)
    assert found.cancelled
    assert len(bench.opened) == 2
    assert bench.told[0].steps > 2


def test_a_line_that_needs_its_control_lines_low() -> None:
    bench = Bench(lambda line: b"" if line.rts else frames_of("yaohua_xk3190a9"))
    best = bench.find().proposals[0]
    assert (best.driver_id, best.settings["rts"]) == ("yaohua_xk3190a9", "off")


def test_a_port_that_somebody_holds_is_said() -> None:
    def taken(url: str, line: LineSettings) -> FakePort:
        raise EnvironmentFault("capture.port", port=url, trouble=LinkTrouble.PORT_TAKEN.value, detail="busy")

    found = PortFinder(taken, hear_s=0.01, answer_s=0.01).find(PORT, lambda progress: True)
    assert (found.trouble, found.proposals) == (LinkTrouble.PORT_TAKEN.value, ())


def test_a_line_is_listened_to_with_values_and_bytes() -> None:
    stream = frames_of("yaohua_xk3190a9", 6)
    listening = PortFinder(Bench(lambda line: stream).open).listen(
        LineChoice(PORT, "yaohua_xk3190a9", {"baud": "4800"})
    )
    try:
        wait_until(lambda: listening.heard().good == 6)
        heard = listening.heard()
        assert heard.received == len(stream)
        assert heard.tail == stream[-256:]
        assert heard.values[0].value == Decimal("1.5")
        assert (heard.bad, heard.skipped, heard.trouble) == (0, 0, "")
    finally:
        listening.close()
        listening.close()


def test_a_port_that_does_not_open_is_told_while_listening() -> None:
    listening = PortFinder().listen(LineChoice("/nowhere/tty", "yaohua_xk3190a9"))
    try:
        wait_until(lambda: listening.heard().trouble != "")
        assert listening.heard().trouble == LinkTrouble.NO_SUCH_PORT.value
    finally:
        listening.close()


def test_an_adapter_is_offered_by_what_it_is_so_that_another_socket_does_not_matter() -> None:
    adapter = Port("/dev/ttyUSB0", 0x0403, 0x6001, "A9XK", "FT232R USB UART")
    twins = [Port(f"/dev/ttyUSB{n}", 0x1A86, 0x7523, None, "USB Serial") for n in (1, 2)]
    built_in = Port("/dev/ttyS0", description="ttyS0")
    seen = PortFinder(ports=lambda: [built_in, adapter, *twins]).ports()
    assert seen[0] == PortSeen("usb://0403:6001:A9XK", "FT232R USB UART", "0403:6001 A9XK")
    assert [each.url for each in seen[1:]] == ["/dev/ttyUSB1", "/dev/ttyUSB2", "/dev/ttyS0"]
    assert seen[-1].identity == ""


def test_an_adapter_that_is_not_there_is_said() -> None:
    found = PortFinder(hear_s=0.01, answer_s=0.01).find("usb://0403:6001:NOBODY", lambda progress: True)
    assert found.trouble == LinkTrouble.NO_SUCH_PORT.value


def test_every_driver_is_offered_with_names_limits_and_settings() -> None:
    offered = {each.id: each for each in PortFinder().drivers()}
    assert set(offered) == {each.id for each in manifests()}
    assert offered["yaohua_xk3190a9"].settings[0].allowed == ("kN", "N", "kg")
    assert all(each.zh and each.en and each.limits["zh"] for each in offered.values())
    beta = [each.beta for each in PortFinder().drivers()]
    assert beta == sorted(beta)
