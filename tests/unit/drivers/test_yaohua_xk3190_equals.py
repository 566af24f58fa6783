"""The ``=`` formats: the published texts, forwards and backwards."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.yaohua_xk3190_equals.protocol import LAYOUTS, build_frame

from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.shown import Shown
from labdesk.devices.specimens import Reading

ID = "yaohua_xk3190_equals"


@pytest.mark.parametrize(
    ("layout", "raw", "number"),
    [
        ("reversed", b"=000.3000", Shown(3000, 3)),
        ("reversed", b"=00.1000-", Shown(-100, 2)),
        ("direct", b"=0003.000", Shown(3000, 3)),
        ("direct", b"=-0001.00", Shown(-100, 2)),
        ("t1", b"=00004.8(kg)", Shown(48, 1)),
    ],
)
def test_the_published_texts(layout: str, raw: bytes, number: Shown) -> None:
    assert build_frame(number, LAYOUTS[layout]) == raw
    driver = make_driver(ID, {"layout": layout, "unit": "kg"})
    (frame,) = driver.new_decoder().feed(raw)
    assert frame.counts[0] is not None
    value = Decimal(number.digits).scaleb(-number.decimals) * Decimal("0.00980665")
    assert frame.counts[0] * driver.channels[0].quantum == value


def test_the_unit_on_the_wire_must_not_contradict_the_stated_one() -> None:
    (frame,) = make_driver(ID, {"layout": "t1", "unit": "kN"}).new_decoder().feed(b"=00004.8(kg)")
    assert frame.counts == (None,)


def test_the_wrong_format_reads_another_number() -> None:
    """Why the page asks for a comparison at several loads."""
    (right,) = make_driver(ID, {}).new_decoder().feed(b"=000.3000")
    (wrong,) = make_driver(ID, {"layout": "direct"}).new_decoder().feed(b"=000.3000")
    assert (right.counts, wrong.counts) == ((30_000_000,), (3_000_000,))


@pytest.mark.parametrize(
    "raw",
    [b"=000.300=", b"=000 3000", b"=00.10-00", b"=0.0.3000", b"=00+.3000", b"=.0000000", b"=00\x00.3000"],
    ids=["lost one", "blank", "minus inside", "two points", "plus", "point only at the end", "zero byte"],
)
def test_a_text_that_is_no_number(raw: bytes) -> None:
    decoder = make_driver(ID, {}).new_decoder()
    assert [frame.counts for frame in decoder.feed(raw + b"=000.3000")][-1:] == [(30_000_000,)]
    assert decoder.counters.good <= 2


def test_a_lost_character_gives_no_value() -> None:
    whole = b"=000.3000"
    for lost in range(1, len(whole)):
        decoder = make_driver(ID, {}).new_decoder()
        frames = decoder.feed(whole[:lost] + whole[lost + 1 :] + whole)
        assert [frame.raw for frame in frames] == [whole]


@pytest.mark.parametrize(
    "settings", [{}, {"layout": "direct", "unit": "N"}, {"layout": "t1", "unit": "kg"}, {"unit": "t"}]
)
def test_the_simulator_speaks_every_format(settings: dict[str, str]) -> None:
    driver = make_driver(ID, settings)
    (frame,) = driver.new_decoder().feed(make_simulator(ID, settings).encode(Reading(98.0665, 0.0), 0, 0))
    assert frame.counts[0] is not None
    assert abs(frame.counts[0] * driver.channels[0].quantum - Decimal("98.0665")) < Decimal("0.006")


def test_it_sends_nothing_and_builds_only_what_fits() -> None:
    driver = make_driver(ID, {})
    assert (driver.poll(), driver.opening()) == (None, b"")
    with pytest.raises(ValueError, match="does not fit"):
        build_frame(Shown(-12345678, 0), LAYOUTS["direct"])
