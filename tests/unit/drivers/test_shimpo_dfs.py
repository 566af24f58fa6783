"""Shimpo DFS: its two requests, acknowledgements and errors, and lines that are taken or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading

ID = "shimpo_dfs"


def kn(raw: bytes, **settings: str) -> Decimal | None:
    driver = make_driver(ID, settings)
    end = b"\r\n" if settings.get("end") == "crlf" else b"\r"
    (frame,) = driver.new_decoder().feed(b"0.0" + end + raw)
    return None if frame.counts[0] is None else frame.counts[0] * driver.channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"), [(b"12.5\r", "0.0125"), (b"-0.35 N\r", "-0.00035"), (b"1.250 kN\r", "1.25"), (b"+ 7 N\r", None)]
)
def test_lines(raw: bytes, value: str | None) -> None:
    if value is None:
        assert make_driver(ID, {}).new_decoder().feed(b"0.0\r" + raw) == []
        return
    assert kn(raw) == Decimal(value)
    assert kn(raw, sign="turned") == -Decimal(value)


@pytest.mark.parametrize("raw", [b"OK\r", b"ERRO\r", *(b"ERR%d\r" % number for number in range(1, 8))])
def test_acknowledgements_and_errors_are_no_values(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(b"0.0\r" + raw) == []
    assert decoder.counters.bad == 2


def test_pounds_where_newtons_are_stated_are_no_value() -> None:
    assert kn(b"5.0 lb\r") is None
    assert kn(b"5.0 lb\r", unit="lbf") == 5 * Decimal("0.0044482216152605")


def test_a_line_may_end_with_cr_lf() -> None:
    assert kn(b"12.5 N\r\n", end="crlf") == Decimal("0.0125")


@pytest.mark.parametrize(("ask", "request_bytes"), [("D", b"D\r"), ("DATN", b"DATN\r")])
def test_nothing_is_sent_but_the_reading_request(ask: str, request_bytes: bytes) -> None:
    driver = make_driver(ID, {"ask": ask})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, driver.opening()) == ((request_bytes,), b"")


def test_its_line_has_two_stop_bits() -> None:
    line = make_driver(ID, {}).manifest.line
    assert (line.baud, line.bytesize, line.parity, line.stopbits) == (4800, 8, "N", 2)


@pytest.mark.parametrize(
    "settings", [{}, {"unit": "kg", "ask": "DATN"}, {"unit": "lbf", "sign": "turned", "end": "crlf"}]
)
def test_the_simulated_gauge_answers(settings: dict[str, str]) -> None:
    simulator = make_simulator(ID, settings)
    simulator.encode(Reading(1.5, 0.0), 0, 0)
    assert simulator.answer(b"Z\r") == b""
    value = kn(simulator.answer(settings.get("ask", "D").encode() + b"\r"), **settings)
    assert value is not None
    assert abs(value - Decimal("1.5")) < Decimal("0.001")


def test_it_is_beta_and_says_why() -> None:
    assert make_driver(ID, {}).manifest.beta
