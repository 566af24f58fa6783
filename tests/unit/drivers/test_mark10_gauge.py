"""Mark-10 gauges: the published answers, units, signs and the requests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mark10_gauge.protocol import build_line

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "mark10_gauge"
EARLIER = b"0.0\r\n"
"""The first line after opening is given up: it may have lost its beginning."""


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    (frame,) = driver.new_decoder().feed(EARLIER + raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "number", "unit", "value"),
    [
        (b"-18.78 lbF\r\n", Shown(-1878, 2), "lbf", Decimal("-18.78") * Decimal("0.0044482216152605")),
        (b"4.285 N\r\n", Shown(4285, 3), "N", Decimal("0.004285")),
    ],
    ids=["tension", "compression"],
)
def test_the_published_answers(raw: bytes, number: Shown, unit: str, value: Decimal) -> None:
    assert build_line(number, unit) == raw
    assert kn(raw, unit=unit) == value
    assert kn(raw, unit=unit, positive="tension") == -value


@pytest.mark.parametrize(
    ("raw", "value"),
    [(b"1.25 kN\r\n", "1.25"), (b"1250 mN\r\n", "0.00125"), (b"7.5N\r\n", "0.0075"), (b"3.25\r\n", "0.00325")],
    ids=["kN", "mN", "older gauge", "numeric only"],
)
def test_units_of_the_family_and_no_unit(raw: bytes, value: str) -> None:
    assert kn(raw) == Decimal(value)


def test_a_number_without_a_unit_is_in_the_stated_one() -> None:
    assert kn(b"3.25\r\n", unit="kN") == Decimal("3.25")
    assert kn(b"2\r\n", unit="kg") == Decimal("0.0196133")


@pytest.mark.parametrize("raw", [b"2.5 lbF\r\n", b"2.5 kgF\r\n"])
def test_a_unit_of_another_family_is_no_value(raw: bytes) -> None:
    assert kn(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"*10\r\n",
        b"4.2.5 N\r\n",
        b"5.0 MN\r\n",
        b"- 5.0 N\r\n",
        b"5.0  N\r\n",
        b"5.0 N \r\n",
        b"5.0 N\n",
        b"N\r\n",
        b"9" * 30 + b"\r\n",
    ],
    ids=[
        "illegal command",
        "two points",
        "mega or milli",
        "blank",
        "two blanks",
        "tail",
        "no CR",
        "no number",
        "too long",
    ],
)
def test_answers_that_are_none(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(EARLIER + raw) == []
    assert decoder.counters.bad == 2


def test_the_first_line_may_be_the_rest_of_one() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert [frame.raw for frame in decoder.feed(b"2.34 N\r\n12.35 N\r\n")] == [b"12.35 N\r\n"]


@pytest.mark.parametrize(("ask", "requests"), [("?C", (b"?C\r",)), ("?", (b"?\r",)), ("nothing", None)])
def test_nothing_is_sent_but_the_reading_request(ask: str, requests: tuple[bytes, ...] | None) -> None:
    driver = make_driver(ID, {"ask": ask})
    poll = driver.poll()
    assert (poll.requests if poll is not None else None) == requests
    assert driver.opening() == b""


@pytest.mark.parametrize(
    "settings", [{}, {"unit": "kN", "positive": "tension"}, {"unit": "kg"}, {"unit": "ozf", "ask": "?"}]
)
def test_the_simulated_gauge_answers(settings: dict[str, str]) -> None:
    simulator = make_simulator(ID, settings)
    simulator.encode(Reading(1.5, 0.0), 0, 0)
    value = kn(simulator.answer(settings.get("ask", "?C").encode() + b"\r"), **settings)
    assert value is not None
    assert abs(value - Decimal("1.5")) < Decimal("0.001")
    assert simulator.answer(b"Z\r") == b""


def test_a_simulated_gauge_that_sends_by_itself() -> None:
    simulator = make_simulator(ID, {"ask": "nothing"})
    assert not simulator.polled
    assert simulator.answer(b"?C\r") == b""
