"""A tap that hears nothing, only questions, or answers without their questions: told apart."""

from __future__ import annotations

import pytest
from labdesk_drivers.generic_modbus_rtu.protocol import build_answer

from labdesk.capture.gauges import LineHealth
from labdesk.capture.tap_health import health_of
from labdesk.devices.registry import make_driver
from labdesk.devices.session import LineEvent
from labdesk.devices.tap import TapDriver
from labdesk.domain.capture import LinkTrouble, MachineState
from labdesk.domain.taps import TapWires

S = 1_000_000_000
MODBUS_ANSWER = build_answer(1, 3, bytes(4))


@pytest.mark.parametrize(
    ("driver_id", "wires", "said", "trouble"),
    [
        ("mark10_gauge", TapWires.ANSWERS, b"", LinkTrouble.TAP_SILENT),
        ("mark10_gauge", TapWires.ANSWERS, b"?C\r\n" * 9, LinkTrouble.TAP_QUESTIONS),
        ("mark10_gauge", TapWires.SHARED, b"?C\r\n" * 9, LinkTrouble.TAP_QUESTIONS),
        ("mark10_gauge", TapWires.SHARED, b"1.5 N\r\n" * 9, LinkTrouble.TAP_ANSWERS),
        ("mark10_gauge", TapWires.BOTH, b"1.5 N\r\n" * 9, LinkTrouble.TAP_ANSWERS),
        ("mark10_gauge", TapWires.ANSWERS, b"\xff\x81" * 30, LinkTrouble.GARBAGE),
        ("generic_modbus_rtu", TapWires.ANSWERS, MODBUS_ANSWER * 9, LinkTrouble.TAP_ANSWERS),
        ("labdesk_utm", TapWires.ANSWERS, b"\xff\x81" * 30, LinkTrouble.GARBAGE),
    ],
)
def test_what_is_wrong_is_told(driver_id: str, wires: TapWires, said: bytes, trouble: LinkTrouble) -> None:
    driver = TapDriver(make_driver(driver_id, {}), wires)
    health = health_of(driver, 0)
    health.change(LineEvent(1, opened=True))
    decoder = driver.new_decoder()
    assert decoder.feed(said) == []
    if said:
        health.heard(5 * S, good=False)
    health.watch(4 * S)
    assert health.trouble is LinkTrouble.NONE, "the other program may pause"
    health.watch(6 * S)
    assert health.trouble is trouble
    assert health.deaf
    assert health.state(busy=False) is MachineState.LOST
    health.heard(7 * S, good=True)
    health.watch(7 * S)
    assert health.trouble is LinkTrouble.NONE


def test_a_line_that_is_asked_is_as_it_was() -> None:
    assert type(health_of(make_driver("mark10_gauge", {}), 0)) is LineHealth
