"""Mecmesin AFG: its one request, a cell that is not calibrated, and lines that are taken or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading

ID = "mecmesin_afg"


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    end = {"cr": b"\r", "lf": b"\n"}.get(settings.get("end", ""), b"\r\n")
    (frame,) = driver.new_decoder().feed(b"0.0" + end + raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [(b"12.5\r\n", "0.0125"), (b" -0.35 N\r\n", "-0.00035"), (b"1.250 kN\r\n", "1.25"), (b"+7 mN\r\n", "0.000007")],
)
def test_lines_with_a_value(raw: bytes, value: str) -> None:
    assert kn(raw) == Decimal(value)
    assert kn(raw, sign="turned") == -Decimal(value)


@pytest.mark.parametrize(("unit", "text"), [("kg", b"2 kgf"), ("g", b"2000 gf"), ("kg", b"2")])
def test_kilograms_are_force_by_standard_gravity(unit: str, text: bytes) -> None:
    assert kn(text + b"\r\n", unit=unit) == Decimal("0.0196133")


@pytest.mark.parametrize("raw", [b"xxxx\r\n", b"5.0 kgf\r\n"], ids=["not calibrated", "another family"])
def test_lines_without_a_value(raw: bytes) -> None:
    assert kn(raw) is None


@pytest.mark.parametrize("raw", [b"MaxT\r\n", b"1 2.5\r\n", b"12.5 Nm\r\n", b"xxx\r\n", b"12,5\r\n"])
def test_lines_that_are_none(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(b"0.0\r\n" + raw) == []
    assert decoder.counters.bad == 2


@pytest.mark.parametrize(("end", "raw"), [("cr", b"12.5 N\r"), ("lf", b"12.5 N\n"), ("crlf", b"12.5 N\r\n")])
def test_ends(end: str, raw: bytes) -> None:
    assert kn(raw, end=end) == Decimal("0.0125")


def test_nothing_is_sent_but_the_reading_request() -> None:
    driver = make_driver(ID, {})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, driver.opening()) == ((b"?",), b"")


@pytest.mark.parametrize("settings", [{}, {"unit": "kg", "end": "cr"}, {"unit": "lbf", "sign": "turned"}])
def test_the_simulated_gauge_answers(settings: dict[str, str]) -> None:
    simulator = make_simulator(ID, settings)
    simulator.encode(Reading(1.5, 0.0), 0, 0)
    assert simulator.answer(b"*") == b""
    value = kn(simulator.answer(b"?"), **settings)
    assert value is not None
    assert abs(value - Decimal("1.5")) < Decimal("0.001")


def test_it_is_beta_and_says_why() -> None:
    assert make_driver(ID, {}).manifest.beta
