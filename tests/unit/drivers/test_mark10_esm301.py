"""The ESM301 stand: two lines make a frame, and only ``n`` is ever sent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mark10_esm301.protocol import build_answer

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "mark10_esm301"
EARLIER = b"UL\r\n"
"""The first line after opening is given up: it may have lost its beginning."""


def values(raw: bytes, **settings: str) -> list[tuple[Decimal | None, ...]]:
    driver = make_driver(ID, settings)
    quanta = [channel.quantum for channel in driver.channels]
    return [
        tuple(None if count is None else count * quantum for count, quantum in zip(frame.counts, quanta, strict=True))
        for frame in driver.new_decoder().feed(EARLIER + raw)
    ]


def test_force_and_travel_of_one_answer() -> None:
    raw = b"2.500 lbF\r\n0.125 in\r\n"
    assert values(raw, unit="lbf") == [(Decimal("2.5") * Decimal("0.0044482216152605"), Decimal("3.175"))]
    assert build_answer(Shown(125, 1), "N", Shown(-752, 2)) == b"12.5 N\r\n-7.52 mm\r\n"
    assert values(b"12.5 N\r\n-7.52 mm\r\n") == [(Decimal("0.0125"), Decimal("-7.52"))]
    assert values(b"12.5 N\r\n-7.52 mm\r\n", positive="tension") == [(Decimal("-0.0125"), Decimal("-7.52"))]


def test_a_force_in_a_unit_of_another_family_is_no_value_but_the_travel_is() -> None:
    assert values(b"12.5 kgF\r\n1.00 mm\r\n") == [(None, Decimal(1))]


def test_a_force_of_another_answer_is_not_paired() -> None:
    """A gauge with automatic output puts lines between; the force directly before the travel is the one of the answer."""
    assert values(b"99.0 N\r\n2.5 N\r\n1.00 mm\r\n") == [(Decimal("0.0025"), Decimal(1))]
    assert values(b"2.5 N\r\nU C UL\r\n1.00 mm\r\n") == []


@pytest.mark.parametrize(
    "raw",
    [
        b"12.5 N\r\n1.25\r\n",
        b"1.25 mm\r\n",
        b"12.5 N 1.25 mm\r\n",
        b"12.5 N\r\n1.25 cm\r\n",
        b"12.5 MN\r\n1.25 mm\r\n",
        b"12.5 N\n1.25 mm\n",
        b"12.5 N\r\n1.0000001 mm\r\n",
        b"9" * 40 + b" N\r\n1.25 mm\r\n",
    ],
    ids=[
        "travel without unit",
        "no force",
        "one line",
        "unit",
        "mega or milli",
        "no CR",
        "finer than a count",
        "too long",
    ],
)
def test_answers_that_are_none(raw: bytes) -> None:
    assert values(raw) == []


def test_the_first_line_may_be_the_rest_of_one() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(b"2.34 N\r\n1.00 mm\r\n") == []
    (frame,) = decoder.feed(b"12.35 N\r\n1.01 mm\r\n")
    assert frame.counts == (123_500, 101_000)


def test_a_stream_without_ends_fills_no_memory() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    for _ in range(100):
        decoder.feed(b"1" * 1000)
    assert decoder.counters.skipped_bytes > 99_900
    decoder.flush()
    assert decoder.counters.skipped_bytes == 100_000


def test_nothing_is_sent_but_n() -> None:
    """u, d and s move the stand, e sets its speed: none of them may ever go out."""
    for positive in ("compression", "tension"):
        driver = make_driver(ID, {"positive": positive})
        poll = driver.poll()
        assert poll is not None
        assert (poll.requests, driver.opening()) == ((b"n",), b"")


def test_the_simulated_stand_answers_n_only() -> None:
    simulator = make_simulator(ID, {"positive": "tension"})
    simulator.encode(Reading(1.5, 7.52), 0, 0)
    assert simulator.answer(b"uds") == b""
    assert values(simulator.answer(b"n"), positive="tension") == [(Decimal("1.5"), Decimal("7.52"))]


def test_it_is_beta_and_says_why() -> None:
    manifest = make_driver(ID, {}).manifest
    assert manifest.beta
    assert set(manifest.warning) == {"zh", "en"}
