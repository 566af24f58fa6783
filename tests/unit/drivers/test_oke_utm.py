"""OKE universal machine controllers: nine bytes from FD, thousandths low byte first, inferred sum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.oke_utm.protocol import build_answer

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("oke_utm", settings).new_decoder().feed(raw)


def kn(frame: Frame) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("oke_utm", {}).channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [("fd0711004cd302 00 36", "185.164"), ("fd071100010000 00 16", "0.001"), ("fd071100ffff7f 00 92", "8388.607")],
)
def test_the_force_stands_in_bytes_4_to_6_low_byte_first(raw: str, value: str) -> None:
    data = bytes.fromhex(raw.replace(" ", ""))
    (frame,) = decode(data)
    assert (frame.raw, kn(frame)) == (data, Decimal(value))


def test_the_sum_of_the_published_request_is_the_rule() -> None:
    request = bytes.fromhex("FD0711000000000015")
    assert sum(request[:-1]) % 256 == request[-1]
    poll = make_driver("oke_utm", {}).poll()
    assert poll is not None
    assert (poll.requests, poll.period_ms) == ((request,), 200)


def test_a_wrong_sum_is_refused_unless_the_site_says_there_is_none() -> None:
    raw = bytes.fromhex("fd0711004cd3020000")
    assert decode(raw) == []
    (frame,) = decode(raw, sum="no")
    assert kn(frame) == Decimal("185.164")


@pytest.mark.parametrize("function", [0xD0, 0xD1, 0xD2, 0xE0, 0xE1, 0xE2])
@pytest.mark.parametrize("summed", ["yes", "no"])
def test_yield_answers_are_never_read_as_force(function: int, summed: str) -> None:
    assert decode(build_answer(1000, function), sum=summed) == []


def test_an_answer_of_no_load_may_look_like_the_request() -> None:
    """Refusing it would silence a machine at rest; the limits say that the line must not echo."""
    (frame,) = decode(bytes.fromhex("FD0711000000000015"))
    assert kn(frame) == 0
    assert "echo" in make_driver("oke_utm", {}).manifest.limits["en"]


def test_what_may_be_negative_is_no_value() -> None:
    raw = bytes.fromhex("fd07110000008000")
    (frame,) = decode(raw + bytes((sum(raw) % 256,)))
    assert frame.counts == (None,)


@pytest.mark.parametrize("thousandths", [-1, 0x800000])
def test_what_does_not_fit_is_not_built(thousandths: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_answer(thousandths)


def test_the_simulator_answers_its_poll() -> None:
    simulator = make_simulator("oke_utm", {})
    simulator.encode(Reading(185.164, 0.0), 0, 0)
    assert simulator.answer(bytes.fromhex("FD0711000000000015")) == bytes.fromhex("fd0711004cd3020036")
    assert simulator.answer(bytes.fromhex("FD07E000000000 00E4".replace(" ", ""))) == b""
    assert make_driver("oke_utm", {}).manifest.beta
