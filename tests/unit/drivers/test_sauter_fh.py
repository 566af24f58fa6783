"""Sauter FH: seven characters without start or end, found by the place of the point alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.sauter_fh.protocol import build_answer, read_answer

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "sauter_fh"
PRESSED, PULLED = b"0011.70", b"1021.15"


def kn(raw: bytes, **settings: str) -> list[Decimal | None]:
    driver = make_driver(ID, settings)
    quantum = driver.channels[0].quantum
    counts = [frame.counts[0] for frame in driver.new_decoder().feed(raw)]
    return [None if count is None else count * quantum for count in counts]


@pytest.mark.parametrize(
    ("raw", "number", "newtons"), [(PRESSED, Shown(-1170, 2), "-11.70"), (PULLED, Shown(2115, 2), "21.15")]
)
def test_the_published_answers(raw: bytes, number: Shown, newtons: str) -> None:
    assert build_answer(number) == raw
    assert read_answer(raw, 2) == number
    assert kn(raw, unit="N") == [Decimal(newtons) / 1000]
    assert kn(raw, unit="N", positive="compression") == [-Decimal(newtons) / 1000]


@pytest.mark.parametrize(("raw", "value"), [(b"100.005", "0.005"), (b"000.005", "-0.005")])
def test_the_published_answers_of_the_kilonewton_models(raw: bytes, value: str) -> None:
    assert kn(raw, decimals="3") == [Decimal(value)]


def test_a_lost_character_is_refused_or_counted_behind_a_value_wrong_in_its_decimals() -> None:
    """``0011.7`` and the ``1`` of the next answer read -11.71: the one weakness of this protocol, and it leaves a bad frame."""
    for lost in range(7):
        decoder = make_driver(ID, {"unit": "N"}).new_decoder()
        frames = decoder.feed(PRESSED[:lost] + PRESSED[lost + 1 :] + PULLED + PULLED)
        assert decoder.counters.bad == 1
        assert frames[-1].counts == (211_500,)
        wrong = [frame.counts[0] for frame in frames if frame.raw not in (PRESSED, PULLED)]
        assert lost in (5, 6) or not wrong
        assert all(count is not None and abs(count + 117_000) < 10_000 for count in wrong)


@pytest.mark.parametrize(
    "raw", [b"2011.70", b"001170.", b"00.1170", b"0 11.70", b"0-11.70", b"0011,70", b"00117 0", b"0011.7"]
)
def test_an_answer_that_is_none(raw: bytes) -> None:
    assert read_answer(raw, 2) is None


def test_a_wrong_number_of_decimals_may_read_another_number() -> None:
    """Why the page asks to compare digits and sign with the display: the shifted characters have the stated shape."""
    assert kn(PRESSED * 2, unit="N", decimals="3") == [Decimal("-0.011700")]
    assert kn(PULLED * 2, unit="N", decimals="4") == []


@pytest.mark.parametrize(("unit", "per_unit"), [("kN", "1"), ("kg", "0.00980665"), ("klbf", "4.4482216152605")])
def test_the_site_states_the_unit(unit: str, per_unit: str) -> None:
    assert kn(PULLED, unit=unit) == [Decimal("21.15") * Decimal(per_unit)]


def test_nothing_is_sent_but_the_reading_request() -> None:
    driver = make_driver(ID, {})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, driver.opening()) == ((b"9",), b"")


@pytest.mark.parametrize("positive", ["tension", "compression"])
def test_the_simulated_gauge_answers_nine_and_stays_silent_beyond_its_display(positive: str) -> None:
    simulator = make_simulator(ID, {"positive": positive})
    simulator.encode(Reading(12.34, 0.0), 0, 0)
    assert simulator.answer(b"2") == b""
    assert len(simulator.answer(b"9")) == 7
    assert kn(simulator.answer(b"9"), positive=positive) == [Decimal("12.34")]
    simulator.encode(Reading(1000.0, 0.0), 1, 0)
    assert simulator.answer(b"9") == b""


def test_it_is_beta_and_says_why() -> None:
    assert make_driver(ID, {}).manifest.beta
