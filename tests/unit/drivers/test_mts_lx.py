"""LX laser extensometer: the answers its manual lists."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.mts_lx.protocol import build_answer

from labdesk.devices.driver import Frame
from labdesk.devices.manifest import Kind
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("mts_lx", settings).new_decoder().feed(raw)


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        (b"+99999\r\n:", 99_999),
        (b"-99999\r\n:", -99_999),
        (b"+00502:", 502),
        (b"-00001\r:", -1),
        (b"R\r+00502\r\n:", 502),
        (b"\r\n+00502\r\n:", 502),
        (b"*:", None),
        (b"*\r\n:", None),
        (b"1:", None),
        (b"R\r1\r\n:", None),
    ],
)
def test_the_answers_of_the_manual(raw: bytes, count: int | None) -> None:
    """Five digits with sign; ``*`` while busy, ``1`` when invalid: no value, and never the old one."""
    (frame,) = decode(raw)
    assert (frame.raw, frame.counts) == (raw, (count,))


@pytest.mark.parametrize(
    "raw", [b"?:", b":", b"+0502:", b"+000502:", b"00502:", b"+00.50:", b"11:", b"**:", b"+00502;"]
)
def test_what_is_no_reading(raw: bytes) -> None:
    assert decode(raw) == []


@pytest.mark.parametrize(
    ("settings", "mm"),
    [({}, "0.502"), ({"decimals": "4"}, "0.0502"), ({"unit": "inch", "decimals": "4"}, "1.27508")],
)
def test_unit_and_decimals_are_stated(settings: dict[str, str], mm: str) -> None:
    driver = make_driver("mts_lx", settings)
    assert driver.manifest.kind is Kind.EXTENSOMETER
    assert 502 * driver.channels[0].quantum == Decimal(mm)


def test_builder() -> None:
    assert build_answer(-502) == b"-00502\r\n:"
    with pytest.raises(ValueError, match="does not fit"):
        build_answer(100_000)


def test_it_only_reads() -> None:
    driver = make_driver("mts_lx", {})
    poll = driver.poll()
    assert poll is not None
    assert (driver.opening(), poll.requests) == (b"", (b"R\r",))


@pytest.mark.parametrize(
    ("extension_mm", "answer"), [(0.5, b"+00500\r\n:"), (-0.001, b"-00001\r\n:"), (None, b"1:"), (100.0, b"1:")]
)
def test_the_simulator_says_when_it_has_no_reading(extension_mm: float | None, answer: bytes) -> None:
    simulator = make_simulator("mts_lx", {})
    simulator.encode(Reading(1.0, 1.0, extension_mm), 0, 0)
    assert simulator.answer(b"R\r") == answer
    assert simulator.answer(b"Z1\r") == b""
