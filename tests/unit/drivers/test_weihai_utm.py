"""Weihai controllers: F, seven characters, $."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.weihai_utm.protocol import build_answer

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("weihai_utm", settings).new_decoder().feed(raw)


def kn(frame: Frame, **settings: str) -> Decimal | None:
    count = frame.counts[0]
    return None if count is None else count * make_driver("weihai_utm", settings).channels[0].quantum


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"F0123.45$", "123.45"),
        (b"F-012.34$", "-12.34"),
        (b"F 123.45$", "123.45"),
        (b"F  12.50$", "12.50"),
        (b"F1234567$", "1234567"),
        (b"F0123.45,0001.20,x$", "123.45"),
        (b"F+00.001 12$", "0.001"),
    ],
)
def test_seven_characters_of_number(raw: bytes, value: str) -> None:
    (frame,) = decode(raw)
    assert (frame.raw, kn(frame)) == (raw, Decimal(value))


@pytest.mark.parametrize(
    "raw", [b"F$", b"F12.34$", b"F12.3.45$", b"F-------$", b"F0123,45$", b"F0123.4\x00$", b"F0123.45\x07$", b"FF$"]
)
def test_what_is_no_answer(raw: bytes) -> None:
    assert decode(raw) == []


def test_an_answer_that_lost_its_end_takes_nothing_with_it() -> None:
    assert [frame.raw for frame in decode(b"F0123.45F0124.45$")] == [b"F0124.45$"]
    assert [frame.raw for frame in decode(b"F" + b"F0124.45$")] == [b"F0124.45$"]
    assert [frame.raw for frame in decode(b"F" + b"1" * 60 + b"F0124.45$")] == [b"F0124.45$"]


@pytest.mark.parametrize(("model", "period_ms"), [("press", 200), ("utm", 500)])
def test_asked_as_often_as_the_model_allows(model: str, period_ms: int) -> None:
    driver = make_driver("weihai_utm", {"model": model})
    poll = driver.poll()
    assert poll is not None
    assert (poll.requests, poll.period_ms) == ((b"F",), period_ms)
    assert driver.manifest.beta


def test_the_site_states_the_unit() -> None:
    (frame,) = decode(b"F0123.45$", unit="N")
    assert kn(frame, unit="N") == Decimal("0.12345")


def test_builder() -> None:
    assert build_answer(Shown(-1234, 2)) == b"F-012.34$"
    for shown, rest in ((Shown(10_000_000, 2), b""), (Shown(1, 2), b"F"), (Shown(1, 2), b"$")):
        with pytest.raises(ValueError, match="does not fit"):
            build_answer(shown, rest)


def test_the_simulator_drops_decimals_of_large_numbers() -> None:
    simulator = make_simulator("weihai_utm", {})
    simulator.encode(Reading(12.34, 0.0), 0, 0)
    assert simulator.answer(b"F") == b"F0012.34$"
    assert simulator.encode(Reading(1200.4, 0.0), 1, 0) == b"F0001200$"
    newtons = make_simulator("weihai_utm", {"unit": "N"})
    assert newtons.encode(Reading(-185.164, 0.0), 0, 0) == b"F-185164$"
