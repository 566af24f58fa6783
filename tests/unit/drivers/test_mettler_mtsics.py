"""MT-SICS: the published answer, its states, and the one command that is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mettler_mtsics.protocol import build_answer

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "mettler_mtsics"


def grams(raw: bytes) -> Decimal | None:
    driver = make_driver(ID, {})
    (frame,) = driver.new_decoder().feed(raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"S S     100.00 g\r\n", "100.00"),
        (b"S D     100.00 g\r\n", "100.00"),
        (b"S S      -0.25 g\r\n", "-0.25"),
        (b"S S     1.2345 kg\r\n", "1234.5"),
        (b"S S      25.01 mg\r\n", "0.02501"),
    ],
    ids=["published", "dynamic", "negative", "kilograms", "milligrams"],
)
def test_answers_with_a_value(raw: bytes, value: str) -> None:
    assert grams(raw) == Decimal(value)


def test_builds_the_published_answer() -> None:
    assert build_answer(Shown(10000, 2)) == b"S S     100.00 g\r\n"
    assert build_answer(Shown(-25, 2), stable=False) == b"S D      -0.25 g\r\n"


@pytest.mark.parametrize("state", [b"I", b"+", b"-"], ids=["busy", "over", "under"])
def test_busy_and_out_of_range_are_no_value(state: bytes) -> None:
    assert grams(b"S " + state + b"\r\n") is None


def test_finer_than_a_microgram_is_not_rounded() -> None:
    assert grams(b"S S  0.0000015 g\r\n") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"ES\r\n",
        b"EL\r\n",
        b"S S    100.00 g\r\n",
        b"S S     100.00 lb\r\n",
        b"S S     10A.00 g\r\n",
        b"S X     100.00 g\r\n",
    ],
    ids=["error", "logical error", "short", "unit", "letter", "state"],
)
def test_answers_that_are_none(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(raw) == []
    assert decoder.counters.bad == 1


def test_nothing_is_sent_but_si() -> None:
    driver = make_driver(ID, {})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, driver.opening()) == ((b"SI\r\n",), b"")


def test_the_simulated_balance_answers_si_only() -> None:
    simulator = make_simulator(ID, {})
    simulator.encode(Reading(12.34, 0.0), 0, 0)
    assert simulator.answer(b"T\r\n") == b""
    assert grams(simulator.answer(b"SI\r\n")) == 1234


def test_it_measures_mass_and_no_force() -> None:
    driver = make_driver(ID, {})
    assert [(channel.name, channel.unit) for channel in driver.channels] == [("mass", "g")]
    assert driver.manifest.tests == ()


def test_what_does_not_fit_is_not_built() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_answer(Shown(12345678901, 0))
