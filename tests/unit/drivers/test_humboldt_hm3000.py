"""HM-3000 messages, with the commands of Humboldt's articles."""

from __future__ import annotations

from decimal import Decimal

import pytest
from labdesk_drivers.humboldt_hm3000.protocol import build_message, build_raw

from labdesk.devices.driver import Frame
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError


def decode(raw: bytes, **settings: str) -> list[Frame]:
    return make_driver("humboldt_hm3000", settings).new_decoder().feed(raw)


def test_the_published_commands() -> None:
    assert build_message(1, 3) == bytes.fromhex("af01030408")
    assert build_message(1, 4) == bytes.fromhex("af01040409")


def test_raw_data() -> None:
    raw = bytes.fromhex("af01290e03e807d00bb80fa00000")
    raw += bytes((sum(raw[1:]) % 256,))
    assert build_raw(1, (1000, 2000, 3000, 4000), "big") == raw
    assert len(raw) == 1 + 14
    for place, count in enumerate((1000, 2000, 3000, 4000), 1):
        (frame,) = decode(raw, input=str(place))
        assert (frame.raw, frame.counts) == (raw, (count,))


def test_the_other_byte_order_is_a_setting() -> None:
    (frame,) = decode(build_raw(1, (1000, 0, 0, 0), "little"), byte_order="little")
    assert frame.counts == (1000,)


def test_zero_scale_and_direction_come_from_the_calibration() -> None:
    stated = {"zero_count": "1200", "kn_per_count": "0.0025", "counts": "fall"}
    (frame,) = decode(build_raw(1, (1000, 0, 0, 0), "big"), **stated)
    assert frame.counts == (200,)
    assert 200 * make_driver("humboldt_hm3000", stated).channels[0].quantum == Decimal("0.5")


@pytest.mark.parametrize("scale", ["0", "0.000", "-0.1", "1e-3", "", "0,1"])
def test_a_scale_that_is_none_is_refused(scale: str) -> None:
    with pytest.raises(OperatorError, match="driver_setting"):
        make_driver("humboldt_hm3000", {"kn_per_count": scale})


@pytest.mark.parametrize("value", [0, 0xFFFF])
def test_an_input_at_its_end_is_no_value(value: int) -> None:
    (frame,) = decode(build_raw(1, (value, 0, 0, 0), "big"))
    assert frame.counts == (None,)


def test_answers_and_other_devices_are_no_frames() -> None:
    good = build_raw(1, (1000, 0, 0, 0), "big")
    acknowledged = build_message(1, 71, bytes((3,)) + bytes(16))
    assert len(acknowledged) == 1 + 21
    assert [frame.raw for frame in decode(acknowledged + build_raw(2, (1, 2, 3, 4), "big") + good)] == [good]
    assert decode(good[:-1] + bytes((good[-1] ^ 1,))) == []


def test_builder_refuses_what_does_not_fit() -> None:
    for inputs in ((1, 2, 3), (65536, 0, 0, 0), (-1, 0, 0, 0)):
        with pytest.raises(ValueError, match="do not fit"):
            build_raw(1, inputs, "big")


def test_only_the_start_of_raw_data_is_sent() -> None:
    driver = make_driver("humboldt_hm3000", {"device": "3"})
    assert driver.manifest.beta
    assert (driver.opening(), driver.poll()) == (build_message(3, 3), None)


def test_the_simulator_answers_the_start_and_stops_at_the_end_of_the_converter() -> None:
    simulator = make_simulator("humboldt_hm3000", {"zero_count": "100"})
    assert simulator.answer(build_message(1, 3)) == build_message(1, 71, bytes((3,)) + bytes(16))
    assert simulator.answer(build_message(1, 5)) == b""
    assert simulator.encode(Reading(1.0, 0.0), 0, 0) == build_raw(1, (1100, 0, 0, 0), "big")
    assert simulator.encode(Reading(100.0, 0.0), 0, 0) == build_raw(1, (65535, 0, 0, 0), "big")
