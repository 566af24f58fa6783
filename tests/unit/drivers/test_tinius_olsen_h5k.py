"""H5K answers, fenced by the code of the load cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.tinius_olsen_h5k.protocol import CELLS, build_answers, quantum_kn

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("tinius_olsen_h5k", settings).new_decoder().feed(raw)


def counts(raw: bytes) -> list[tuple[int | None, ...]]:
    return [frame.counts for frame in decode(raw)]


def test_load_and_travel_of_a_10_kn_cell() -> None:
    """Code 65 is 10 kN: 15000 counts are half of it; 6087 is 6.087 mm."""
    raw = b"65\r15000\r6087\r65\r"
    assert build_answers(65, 15_000, 6087) == raw
    (frame,) = decode(raw)
    force, travel = make_driver("tinius_olsen_h5k", {}).channels
    assert (frame.raw, frame.counts) == (raw, (15_000, 6087))
    assert abs(15_000 * force.quantum - 5) < Decimal("1E-10")
    assert 6087 * travel.quantum == Decimal("6.087")


@pytest.mark.parametrize(
    ("cell", "code", "kn"),
    [
        ("5 N", 5, "0.005"),
        ("1 kN", 49, "1"),
        ("5 kN", 53, "5"),
        ("10 kN", 65, "10"),
        ("50 kN", 69, "50"),
        ("100 kN", 81, "100"),
        ("250 kN", 83, "250"),
    ],
)
def test_the_table_of_load_cells(cell: str, code: int, kn: str) -> None:
    assert CELLS[cell] == (code, Decimal(kn))
    assert abs(quantum_kn(cell) * 30_000 - Decimal(kn)) < Decimal("1E-13")
    driver = make_driver("tinius_olsen_h5k", {"load_cell": cell})
    assert driver.channels[0].quantum == quantum_kn(cell)
    assert [frame.counts for frame in driver.new_decoder().feed(build_answers(code, -1, 2))] == [(-1, 2)]


def test_another_cell_than_stated_gives_nothing() -> None:
    assert counts(build_answers(69, 15_000, 6087)) == []


def test_signs_and_overload() -> None:
    assert counts(b"65\r-15000\r-20\r65\r") == [(-15_000, -20)]
    assert counts(b"65\r+15000\r+20\r65\r") == [(15_000, 20)]
    assert counts(b"65\r33000\r20\r65\r65\r33001\r20\r65\r") == [(33_000, 20), (None, 20)]


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_a_lost_answer_never_turns_travel_into_load(lost: int) -> None:
    answers = [[b"65\r", b"%d\r" % load, b"%d\r" % travel, b"65\r"] for load, travel in ((100, 7), (200, 8), (300, 9))]
    del answers[1][lost]
    found = counts(b"".join(b"".join(frame) for frame in answers))
    assert set(found) <= {(100, 7), (200, 8), (300, 9)}
    assert (100, 7) in found


@pytest.mark.parametrize("raw", [b"65\r65\r12\r65\r", b"65\r12\r65\r65\r", b"65\r1.5\r12\r65\r", b"65\r\r12\r65\r"])
def test_what_could_be_the_code_or_is_no_number_is_refused(raw: bytes) -> None:
    assert counts(raw) == []


def test_what_cannot_be_told_is_not_built() -> None:
    for load, travel in ((65, 1), (1, 65), (10**7, 1)):
        with pytest.raises(ValueError, match="cannot be told"):
            build_answers(65, load, travel)


def test_it_reads_and_never_moves_or_zeroes() -> None:
    driver = make_driver("tinius_olsen_h5k", {})
    poll = driver.poll()
    assert driver.opening() == b""
    assert poll is not None
    assert poll.requests == (b"RC\r", b"RL\r", b"RP\r", b"RC\r")


def test_the_simulator_answers_question_by_question() -> None:
    simulator = make_simulator("tinius_olsen_h5k", {})
    assert simulator.answer(b"RL\r") == b""
    said = simulator.encode(Reading(5.0, 6.087), 0, 0)
    assert said == b"65\r15000\r6087\r65\r"
    assert [simulator.answer(request) for request in (b"RC\r", b"RL\r", b"RP\r", b"WF\r")] == [
        b"65\r",
        b"15000\r",
        b"6087\r",
        b"",
    ]
    assert simulator.encode(Reading(65 / 3000, 0.065), 1, 0) == b"65\r66\r66\r65\r"
