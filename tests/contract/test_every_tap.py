"""What every driver keeps to on a tap: not one byte leaves, no question becomes a value, and what is heard is what was answered."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from labdesk.devices.driver import Driver, Frame
from labdesk.devices.overheard import Overhears, exchange_of
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.session import Line, LineEvent, NoKeeper
from labdesk.devices.simulated_lines import PtyLine
from labdesk.devices.specimens import Reading
from labdesk.devices.tap import TapDriver
from labdesk.devices.transport import LineLost, adopt, open_transport
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.taps import Tap, TapWires
from tests.helpers.machines import wait_until

DRIVERS = [manifest.id for manifest in manifests()]
ASKED = [name for name in DRIVERS if make_driver(name, {}).poll() is not None]
ROUNDS = 6
LAST = b"\x00\xff?"


def tap_of(driver_id: str, wires: TapWires) -> TapDriver:
    return TapDriver(make_driver(driver_id, {}), wires)


def conversation(driver_id: str, rounds: int = ROUNDS) -> list[tuple[bytes, bytes]]:
    """Questions of the driver with the simulated machine's answers, every round with another reading."""
    driver, simulator = make_driver(driver_id, {}), make_simulator(driver_id, {})
    poll = driver.poll()
    assert poll is not None
    said = []
    for n in range(rounds):
        simulator.encode(Reading(12.34 + n, 0.5 + n / 10, 0.25 + n / 100), n, 0)
        said += [(request, simulator.answer(request)) for request in poll.requests]
    return said


def alone(driver_id: str, said: list[tuple[bytes, bytes]]) -> list[tuple[int | None, ...]]:
    """What the driver reads when it asks itself; the first of lines that may have lost their beginning is given up."""
    return [frame.counts for frame in make_driver(driver_id, {}).new_decoder().feed(b"".join(a for _, a in said))]


def heard(driver: Driver, *chunks: bytes) -> list[Frame]:
    decoder = driver.new_decoder()
    return [frame for chunk in chunks for frame in decoder.feed(chunk)]


def is_end_of(part: list[tuple[int | None, ...]], whole: list[tuple[int | None, ...]]) -> bool:
    """The same values to the last, none between left out."""
    return not part or part == whole[-len(part) :]


@pytest.mark.parametrize("driver_id", ASKED)
def test_both_sides_on_one_wire_give_what_the_machine_answered(driver_id: str) -> None:
    said = conversation(driver_id)
    true = alone(driver_id, said)
    stream = b"".join(question + answer for question, answer in said)
    found = [frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), stream)]
    assert len(found) >= ROUNDS - 1
    assert is_end_of(true, found) or is_end_of(found, true)
    for size in (1, 3, 7):
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert [frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), *pieces)] == found


@pytest.mark.parametrize("driver_id", ASKED)
def test_a_tap_that_begins_anywhere_invents_nothing(driver_id: str) -> None:
    said = conversation(driver_id)
    stream = b"".join(question + answer for question, answer in said)
    whole = [frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), stream)]
    for cut in range(1, len(stream) // 2):
        found = [frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), stream[cut:])]
        assert is_end_of(found, whole), cut
        assert found, cut


@pytest.mark.parametrize("driver_id", ASKED)
@pytest.mark.parametrize("wires", list(TapWires))
def test_questions_are_never_values(driver_id: str, wires: TapWires) -> None:
    """A machine that does not answer, or a wire on the wrong side."""
    questions = b"".join(question for question, _ in conversation(driver_id))
    driver = tap_of(driver_id, wires)
    decoder = driver.new_decoder()
    if isinstance(decoder, Overhears):
        decoder.overhear(questions)
    assert [frame for _ in range(12) for frame in decoder.feed(questions)] == []
    assert driver.misplaced().value == "tap-questions"


@pytest.mark.parametrize("driver_id", ASKED)
def test_lost_answers_and_noise_between_give_no_other_value(driver_id: str) -> None:
    said = conversation(driver_id, 30)
    true = set(alone(driver_id, said)) | {
        frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), *(q + a for q, a in said))
    }
    chance = random.Random(11)
    stream = bytearray()
    for question, answer in said:
        stream += question + (answer if chance.random() < 0.7 else b"")
        stream += bytes(chance.randrange(256) for _ in range(chance.choice((0, 0, 0, 1, 5))))
    found = {frame.counts for frame in heard(tap_of(driver_id, TapWires.SHARED), bytes(stream))}
    if not make_driver(driver_id, {}).check.weak:
        assert found
    if driver_id != "tinius_olsen_h5k":  # a load without its travel is a frame, too
        assert found <= true
    else:
        assert {counts[0] for counts in found} <= {counts[0] for counts in true}


@pytest.mark.parametrize("driver_id", ASKED)
def test_the_machines_own_wire_is_enough_unless_answers_need_their_question(driver_id: str) -> None:
    said = conversation(driver_id)
    found = [
        frame.counts for frame in heard(tap_of(driver_id, TapWires.ANSWERS), b"".join(answer for _, answer in said))
    ]
    exchange = exchange_of(make_driver(driver_id, {}))
    assert exchange is not None
    assert found == ([] if exchange.needs_question else alone(driver_id, said))


@pytest.mark.parametrize("driver_id", ASKED)
def test_with_the_other_side_on_a_second_wire(driver_id: str) -> None:
    said = conversation(driver_id, 12)
    driver = tap_of(driver_id, TapWires.BOTH)
    decoder = driver.new_decoder()
    assert isinstance(decoder, Overhears)
    found = []
    for question, answer in said:
        decoder.overhear(question)
        found += [frame.counts for frame in decoder.feed(answer)]
    exchange = exchange_of(make_driver(driver_id, {}))
    assert exchange is not None
    if exchange.checked or not exchange.needs_question:
        assert len(found) >= 10
        assert is_end_of(found, alone(driver_id, said))
    else:
        assert found == []
    unasked = driver.new_decoder()
    assert unasked.feed(b"".join(answer for _, answer in said)) == []


@pytest.mark.parametrize("driver_id", DRIVERS)
@pytest.mark.parametrize("wires", list(TapWires))
def test_not_one_byte_leaves(driver_id: str, wires: TapWires, tmp_path: Path) -> None:
    """Opened, spoken to, unplugged, plugged in again, on every wiring: the far end of the wire hears nothing."""
    driver, simulator = make_driver(driver_id, {}), make_simulator(driver_id, {})
    poll = driver.poll()
    questions = driver.opening() + b"".join(poll.requests if poll else ())
    said = questions + simulator.encode(Reading(12.34, 0.5, 0.25), 0, 0) + LAST
    ends = (PtyLine(str(tmp_path / "a")), PtyLine(str(tmp_path / "b")))
    tap = Tap(ends[0].url, wires, ends[1].url if wires is TapWires.BOTH else "")
    line = Line("m-1", tap.url(), TapDriver(driver, wires), NoKeeper())
    came: list[LineEvent] = []
    left: list[bytes] = []

    def seen(what: Callable[[], bool]) -> None:
        wait_until(lambda: came.extend(line.drain()) or what())

    line.start()
    try:
        for times in (1, 2):
            seen(lambda: sum(event.opened for event in came) >= times)  # noqa: B023 - called at once
            ends[0].send(said)
            seen(lambda: b"".join(event.data for event in came).count(LAST) >= times)  # noqa: B023
            left += ends[0].requests() + ends[1].requests()
            if times == 1:
                ends[0].plug(False)
                seen(lambda: any(event.lost for event in came))
                ends[0].plug(True)
    finally:
        line.stop()
    left += ends[0].requests() + ends[1].requests()
    for end in ends:
        end.close()
    assert left == []


@pytest.mark.skipif(os.name != "posix", reason="descriptors")
def test_a_driver_that_tries_to_speak_is_refused(tmp_path: Path) -> None:
    """The guards behind the silent driver, each by itself."""
    wire = PtyLine(str(tmp_path / "p"))
    transport = open_transport(Tap(wire.url).url(), make_driver("mark10_esm301", {}).manifest.line)
    with pytest.raises(BugError, match="tap_write"):
        transport.write(b"u")
    descriptor = transport.descriptor()
    assert descriptor is not None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.write(descriptor, b"u")
    assert wire.requests() == []
    transport.close()
    with pytest.raises(LineLost):
        transport.read_chunk()
    wire.close()


@pytest.mark.skipif(os.name != "posix", reason="terminals")
def test_a_terminal_that_echoes_is_told_not_to(tmp_path: Path) -> None:
    """A serial port as the system hands it out sends back what it hears."""
    import pty

    master, slave = pty.openpty()
    name = os.ttyname(slave)
    transport = open_transport(Tap(name).url(), make_driver("mark10_gauge", {}).manifest.line)
    os.write(master, b"12.5 N\r\n")
    got = bytearray()
    wait_until(lambda: got.extend(transport.read_chunk(0.05)) or bytes(got) == b"12.5 N\r\n")
    os.set_blocking(master, False)
    with pytest.raises(BlockingIOError):
        os.read(master, 100)
    transport.close()
    os.close(slave)
    os.close(master)


@pytest.mark.skipif(os.name != "posix", reason="descriptors")
def test_a_port_kept_over_a_restart_is_still_only_listened_to(tmp_path: Path) -> None:
    wire = PtyLine(str(tmp_path / "p"))
    url = Tap(wire.url).url()
    transport = open_transport(url, make_driver("mark10_esm301", {}).manifest.line)
    descriptor = transport.descriptor()
    assert descriptor is not None
    again = adopt(url, os.dup(descriptor))
    transport.close()
    with pytest.raises(BugError, match="tap_write"):
        again.write(b"u")
    wire.send(b"heard")
    assert again.read_chunk(30) == b"heard"
    assert wire.requests() == []
    again.close()
    wire.close()


def test_a_port_server_that_would_be_told_something_is_refused() -> None:
    with pytest.raises(EnvironmentFault) as fault:
        open_transport("tap:rfc2217://127.0.0.1:1", make_driver("mark10_gauge", {}).manifest.line)
    assert "port server" in str(fault.value.params["detail"])
