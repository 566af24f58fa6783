"""OKE press controllers: eleven bytes from A5, hundredths in bytes 7 to 9."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.oke_press.protocol import build_answer

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("oke_press", settings).new_decoder().feed(raw)


def kn(frame: Frame) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("oke_press", {}).channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a5000000000000013c685a", "810.00"),
        ("a5112233445566000001 5a", "0.01"),
        ("a500000000000000000 05a", "0"),
        ("a5000000000000 7fffff5a", "83886.07"),
    ],
)
def test_the_force_stands_in_bytes_7_to_9(raw: str, value: str) -> None:
    data = bytes.fromhex(raw.replace(" ", ""))
    (frame,) = decode(data)
    assert (frame.raw, kn(frame)) == (data, Decimal(value))


def test_what_may_be_negative_is_no_value() -> None:
    (frame,) = decode(bytes.fromhex("a50000000000008000005a"))
    assert frame.counts == (None,)


def test_the_inferred_end_is_demanded_unless_the_site_says_otherwise() -> None:
    other = build_answer(81_000, end=0x77)
    assert decode(other) == []
    (frame,) = decode(other, end="any")
    assert kn(frame) == 810


def test_an_answer_of_no_load_may_look_like_the_request() -> None:
    """Refusing it would silence a machine at rest; the limits say that the line must not echo."""
    (frame,) = decode(bytes.fromhex("a50000000004000000005a"))
    assert kn(frame) == 0
    assert "echo" in make_driver("oke_press", {}).manifest.limits["en"]


def test_the_poll() -> None:
    driver = make_driver("oke_press", {})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, poll.period_ms) == ((bytes.fromhex("A50000000004000000005A"),), 200)
    assert driver.manifest.beta


@pytest.mark.parametrize("hundredths", [-1, 0x800000])
def test_what_does_not_fit_is_not_built(hundredths: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        build_answer(hundredths)


def test_the_simulator_answers_its_poll() -> None:
    simulator = make_simulator("oke_press", {})
    simulator.encode(Reading(810.0, 0.0), 0, 0)
    assert simulator.answer(bytes.fromhex("a50000000004000000005a")) == bytes.fromhex("a5000000000000013c685a")
    assert simulator.encode(Reading(-3.0, 0.0), 1, 0) == build_answer(0)
