"""A tap as a port is written."""

from __future__ import annotations

import pytest

from labdesk.domain.capture import LinkTrouble
from labdesk.domain.sentences import Language, say
from labdesk.domain.taps import Tap, TapWires, parse_tap, tap_sentence


@pytest.mark.parametrize(
    ("url", "tap"),
    [
        ("tap:COM3", Tap("COM3")),
        ("tap:/dev/ttyUSB0,shared", Tap("/dev/ttyUSB0", TapWires.SHARED)),
        ("tap:COM3,host=COM4", Tap("COM3", TapWires.BOTH, "COM4")),
        (
            "tap:usb://0403:6001:A5,host=usb://0403:6001:A6",
            Tap("usb://0403:6001:A5", TapWires.BOTH, "usb://0403:6001:A6"),
        ),
        ("tap:socket://10.0.0.7:4001", Tap("socket://10.0.0.7:4001")),
    ],
)
def test_a_tap_is_read_as_it_is_written(url: str, tap: Tap) -> None:
    assert parse_tap(url) == tap
    assert tap.url() == url


@pytest.mark.parametrize("url", ["COM3", "socket://tap:1", "/dev/tap:COM3", "tap:", "press-pc@tap:COM3"])
def test_other_ports_are_none(url: str) -> None:
    assert parse_tap(url) is None


def test_every_trouble_of_a_tap_has_its_sentence() -> None:
    keys = [tap_sentence(trouble.value) for trouble in LinkTrouble if trouble.value.startswith("tap-")]
    assert len(keys) == 3
    for key in keys:
        assert say(key, Language.ZH) != key
        assert "RX" in say(key, Language.EN)
    assert tap_sentence(LinkTrouble.SILENT.value) == ""
