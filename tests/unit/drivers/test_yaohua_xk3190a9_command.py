"""XK3190-A9 in command mode: the published requests byte for byte, and what an answer must be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.yaohua_xk3190a9_command.protocol import build_reply, build_request, check_characters

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "yaohua_xk3190a9_command"


@pytest.mark.parametrize(
    ("command", "published"),
    [(b"A", "024141303003"), (b"B", "024142303303"), (b"C", "024143303203"), (b"D", "024144303503")],
    ids=["hello", "gross", "tare", "net"],
)
def test_the_published_requests(command: bytes, published: str) -> None:
    assert build_request(b"A", command) == bytes.fromhex(published)


@pytest.mark.parametrize(("value", "request_hex"), [("gross", "024142303303"), ("net", "024144303503")])
def test_nothing_is_sent_but_the_reading_command(value: str, request_hex: str) -> None:
    driver = make_driver(ID, {"value": value})
    poll = driver.poll()
    assert poll is not None
    assert poll.requests == (bytes.fromhex(request_hex),)
    assert driver.opening() == b""


# 02 'A' 'B' '+' 0 2 3 9 6 0 '0' XOR 03; the XOR of 41 42 2B 30 32 33 39 36 30 30 is 16.
GROSS = bytes.fromhex("0241422B30323339363030313603")


@pytest.mark.parametrize(("unit", "kn"), [("kN", "23960"), ("N", "23.960"), ("kg", "234.967334"), ("t", "234967.334")])
def test_an_answer_in_the_stated_unit(unit: str, kn: str) -> None:
    driver = make_driver(ID, {"unit": unit})
    (frame,) = driver.new_decoder().feed(GROSS)
    assert frame.counts[0] is not None
    assert frame.counts[0] * driver.channels[0].quantum == Decimal(kn)


def test_sign_and_decimals() -> None:
    driver = make_driver(ID, {})
    (frame,) = driver.new_decoder().feed(build_reply(b"A", b"B", Shown(-1234, 2)))
    assert frame.counts[0] is not None
    assert frame.counts[0] * driver.channels[0].quantum == Decimal("-12.34")


def test_another_address_or_another_command_is_not_ours() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert decoder.feed(build_reply(b"B", b"B", Shown(1, 0)) + build_reply(b"A", b"D", Shown(1, 0))) == []
    assert decoder.counters.bad == 2


def test_the_echo_of_the_request_on_two_wires_is_skipped_and_not_bad() -> None:
    decoder = make_driver(ID, {}).new_decoder()
    (frame,) = decoder.feed(build_request(b"A", b"B") + GROSS)
    assert frame.raw == GROSS
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (0, 6)


@pytest.mark.parametrize("body", [b"AB+0239605", b"AB+02A9600", b"AB*0239600"], ids=["five decimals", "letter", "sign"])
def test_an_answer_that_is_none(body: bytes) -> None:
    assert make_driver(ID, {}).new_decoder().feed(b"\x02" + body + check_characters(body) + b"\x03") == []


@pytest.mark.parametrize(("digits", "decimals"), [(1_000_000, 0), (1, 5)])
def test_what_does_not_fit_is_not_built(digits: int, decimals: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_reply(b"A", b"B", Shown(digits, decimals))


def test_the_simulated_indicator_answers_its_own_address_only() -> None:
    simulator = make_simulator(ID, {"address": "C"})
    simulator.encode(Reading(12.34, 0.0), 0, 0)
    assert simulator.answer(build_request(b"A", b"B")) == b""
    answer = simulator.answer(build_request(b"C", b"B"))
    (frame,) = make_driver(ID, {"address": "C"}).new_decoder().feed(answer)
    assert frame.counts == (123_400_000,)
