"""Questions and answers told apart on a line that two others share."""

from __future__ import annotations

import pytest
from labdesk_drivers.generic_modbus_rtu.protocol import build_answer, build_request

from labdesk.devices.overheard import Overhears
from labdesk.devices.registry import make_driver
from labdesk.devices.tap import TapDriver
from labdesk.domain.taps import TapWires

MAP = {"first": "7", "registers": "2"}
ASK, ANSWER = build_request(1, 3, 7, 2), build_answer(1, 3, (12345).to_bytes(4, "big"))
ASK_OTHER, OTHER = build_request(1, 3, 20, 2), build_answer(1, 3, (999).to_bytes(4, "big"))
LONG = build_request(1, 3, 0, 12)
LONG_ANSWER = build_answer(1, 3, bytes(14) + (777).to_bytes(4, "big") + bytes(6))


def modbus(wires: TapWires) -> TapDriver:
    return TapDriver(make_driver("generic_modbus_rtu", MAP), wires)


def forces(driver: TapDriver, data: bytes) -> list[int | None]:
    return [frame.counts[0] for frame in driver.new_decoder().feed(data)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (ASK + ANSWER, [12345]),
        (ASK_OTHER + OTHER, []),
        (ASK_OTHER + OTHER + ASK + ANSWER + ASK_OTHER + OTHER, [12345]),
        (LONG + LONG_ANSWER, [777]),
        (ANSWER + ANSWER, []),
        (ASK + OTHER[:-1] + b"\0" + ASK + ANSWER, [12345]),
        (ASK + ASK + ANSWER, [12345]),
        (ASK_OTHER + ASK + ANSWER, [12345]),
        (ASK + build_answer(2, 3, bytes(4)) + ASK + ANSWER, [12345]),
        (build_request(2, 3, 7, 2) + build_answer(2, 3, bytes(4)), []),
        (build_request(1, 4, 7, 2) + build_answer(1, 4, bytes(4)), []),
        (ASK + bytes.fromhex("018302c0f1") + ASK + ANSWER, [12345]),
        (b"\x01\x06\x00\x05\x00\x01\x58\x0b" * 2 + ASK + ANSWER, [12345]),
    ],
)
def test_modbus_on_one_pair_takes_an_answer_for_what_was_asked(said: bytes, found: list[int]) -> None:
    assert forces(modbus(TapWires.SHARED), said) == found
    pieces = modbus(TapWires.SHARED).new_decoder()
    single = [frame.counts[0] for byte in said for frame in pieces.feed(bytes((byte,)))]
    assert single == found


def test_a_refusal_of_the_device_is_no_noise() -> None:
    decoder = modbus(TapWires.SHARED).new_decoder()
    decoder.feed(ASK + bytes.fromhex("018302c0f1") + ASK + ANSWER)
    assert (decoder.counters.good, decoder.counters.bad, decoder.counters.skipped_bytes) == (1, 0, 0)


def test_modbus_on_two_wires_gives_up_what_could_answer_another_question() -> None:
    decoder = modbus(TapWires.BOTH).new_decoder()
    assert isinstance(decoder, Overhears)
    found = []
    for question, answer in ((ASK, ANSWER), (ASK, ANSWER), (ASK_OTHER, OTHER), (ASK, ANSWER), (ASK, ANSWER)):
        decoder.overhear(question)
        found += [frame.counts[0] for frame in decoder.feed(answer)]
    assert found == [12345, 12345]
    decoder.flush()
    assert decoder.feed(ANSWER[3:]) == []


def test_a_second_wire_with_questions_that_nobody_knows_stops_the_values() -> None:
    decoder = TapDriver(make_driver("mark10_gauge", {}), TapWires.BOTH).new_decoder()
    assert isinstance(decoder, Overhears)
    decoder.feed(b"1.0 N\r\n")
    for _ in range(2):
        decoder.overhear(b"?C\r\n")
    assert len(decoder.feed(b"1.5 N\r\n")) == 1
    decoder.overhear(b"?PT\r\n")
    assert decoder.feed(b"9.9 N\r\n") == [], "the peak is not the force"
    decoder.overhear(b"?C\r\n")
    assert decoder.feed(b"1.6 N\r\n") == []
    decoder.overhear(b"?C\r\n")
    assert len(decoder.feed(b"1.7 N\r\n")) == 1
    assert decoder.counters.good == 2


def test_a_peak_asked_in_between_is_no_force_on_a_shared_wire() -> None:
    driver = TapDriver(make_driver("mark10_gauge", {}), TapWires.SHARED)
    said = b"?C\r\n1.5 N\r\n?PT\r\n9.9 N\r\n?C\r\n1.6 N\r\n"
    assert [frame.raw for frame in driver.new_decoder().feed(said)] == [b"1.5 N\r\n", b"1.6 N\r\n"]


def test_a_digit_of_an_answer_is_no_question() -> None:
    """Sauter asks with ``9``: what begins in the middle of an answer waits for a question behind an answer."""
    driver = TapDriver(make_driver("sauter_fh", {}), TapWires.SHARED)
    said = b"0019.90" + b"91021.15" + b"91021.99" + b"91022.09"
    for cut in range(7):
        found = [frame.raw for frame in driver.new_decoder().feed(said[cut:])]
        assert set(found) <= {b"1021.99", b"1022.09"}, cut
        assert found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"RC\r65\rRL\r30\rRP\r40\r", [(30, 40)]),
        (b"RL\r30\rRL\r31\rRL\r32\r", [(31, None), (32, None)]),
        (b"RC\r69\rRL\r30\rRP\r40\r", []),
        (b"RL\r30\rRP\rRL\r31\rRP\r41\r", [(31, 41)]),
        (b"65\r30\r40\r65\r", []),
    ],
)
def test_a_load_is_what_was_asked_as_load(said: bytes, found: list[tuple[int, int | None]]) -> None:
    driver = TapDriver(make_driver("tinius_olsen_h5k", {"load_cell": "10 kN"}), TapWires.SHARED)
    assert [frame.counts for frame in driver.new_decoder().feed(said)] == found
