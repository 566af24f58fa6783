"""Jianyi: the bytes as the only known program read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.jianyi_press.protocol import build_answer

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("jianyi_press", settings).new_decoder().feed(raw)


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("jianyi_press", settings).channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0103001100041234", "466.0"),
        ("01FFFFFFFF040000", "0"),
        ("01030011000400FF", "25.5"),
        ("0103001100047FFF", "3276.7"),
    ],
)
def test_sixth_byte_four_then_tenths_high_byte_first(raw: str, value: str) -> None:
    (frame,) = decode(bytes.fromhex(raw))
    assert (frame.raw.hex().upper(), kn(frame)) == (raw, Decimal(value))


@pytest.mark.parametrize("tail", ["8000", "FFFF"])
def test_what_may_be_negative_is_no_value(tail: str) -> None:
    (frame,) = decode(bytes.fromhex("010300110004" + tail))
    assert frame.counts == (None,)


@pytest.mark.parametrize("raw", ["0103001100020116", "0103040001E240AA", "0203001100041234", "01030011000412"])
def test_echo_modbus_and_halves_are_no_answers(raw: str) -> None:
    assert decode(bytes.fromhex(raw)) == []


def test_what_follows_an_answer_is_skipped() -> None:
    decoder = make_driver("jianyi_press", {}).new_decoder()
    frames = decoder.feed(build_answer(10) + b"\xaa\xbb\xcc" + build_answer(20))
    decoder.flush()
    assert [kn(frame) for frame in frames] == [1, 2]
    assert decoder.counters.skipped_bytes == 3


def test_the_poll_is_not_modbus() -> None:
    poll = make_driver("jianyi_press", {}).poll()
    assert poll is not None
    assert poll.requests == (bytes.fromhex("0103001100020116"),)
    assert poll.period_ms == 200
    assert not poll.requests[0].endswith(bytes.fromhex("940E"))


@pytest.mark.parametrize(("unit", "value"), [("kN", "46.6"), ("N", "0.0466"), ("kg", "0.45698989"), ("t", "456.98989")])
def test_the_site_states_the_unit(unit: str, value: str) -> None:
    (frame,) = decode(build_answer(466), unit=unit)
    assert kn(frame, unit=unit) == Decimal(value)


def test_beta_and_what_does_not_fit() -> None:
    assert make_driver("jianyi_press", {}).manifest.beta
    for tenths in (-1, 0x8000):
        with pytest.raises(ValueError, match="does not fit"):
            build_answer(tenths)


def test_the_simulator_answers_its_poll_only() -> None:
    simulator = make_simulator("jianyi_press", {})
    assert simulator.encode(Reading(46.6, 0.0), 0, 0) == build_answer(466)
    assert simulator.answer(bytes.fromhex("0103001100020116")) == build_answer(466)
    assert simulator.answer(bytes.fromhex("010300110002940E")) == b""
    assert simulator.encode(Reading(-1.0, 0.0), 1, 0) == build_answer(0)
