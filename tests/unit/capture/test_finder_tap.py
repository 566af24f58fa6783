"""Finding and listening where another program talks: everybody is heard, nobody is asked."""

from __future__ import annotations

import pytest

from labdesk.capture.finder import PortFinder
from labdesk.devices.manifest import LineSettings
from labdesk.devices.registry import make_driver
from labdesk.devices.usb_ports import identity, resolve
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.finding import Found, LineChoice
from tests.contract.test_every_tap import conversation
from tests.helpers.machines import wait_until
from tests.unit.capture.test_finder import FakePort, babble
from tests.unit.devices.test_usb_ports import FTDI, PLAIN, TWIN

CHECKED = [
    name
    for name in ("yaohua_xk3190a9_command", "flintec_dad141_modbus", "laumas_tlb_modbus")
    if not make_driver(name, {}).check.weak
]


class Line:
    """A line at 9600, whose two sides are heard or one of them."""

    def __init__(self, said: bytes) -> None:
        self.said = said
        self.opened: list[tuple[str, FakePort]] = []

    def open(self, url: str, line: LineSettings) -> FakePort:
        port = FakePort(line, lambda each: self.said if each.baud == 9600 and each.parity == "N" else babble(each), {})
        self.opened.append((url, port))
        return port

    def find(self, url: str, named: str = "") -> Found:
        found = PortFinder(self.open, hear_s=0.02, answer_s=0.02).find(url, lambda progress: True, named)
        assert not [sent for _, port in self.opened for sent in port.sent]
        return found


@pytest.mark.parametrize("driver_id", CHECKED)
def test_a_device_that_is_asked_by_another_is_found_without_a_question(driver_id: str) -> None:
    said = conversation(driver_id, 12)
    line = Line(b"".join(question + answer for question, answer in said))
    found = line.find("tap:COM7,shared")
    assert driver_id in [each.driver_id for each in found.proposals]
    assert {url for url, _ in line.opened} == {"tap:COM7,shared"}


def test_of_two_wires_the_machines_own_is_searched() -> None:
    line = Line(b"".join(answer for _, answer in conversation("yaohua_xk3190a9_command", 12)))
    found = line.find("tap:COM7,host=COM8", "yaohua_xk3190a9_command")
    assert found.proposals
    assert {url for url, _ in line.opened} == {"tap:COM7"}


def test_a_wire_on_the_wrong_side_and_a_silent_one_are_told() -> None:
    questions = Line(b"".join(question for question, _ in conversation("yaohua_xk3190a9_command", 40)))
    assert questions.find("tap:COM7", "yaohua_xk3190a9_command").trouble == LinkTrouble.TAP_QUESTIONS.value
    assert PortFinder(lambda url, line: FakePort(line, lambda each: b"", {}), hear_s=0.01).find(
        "tap:COM7", lambda progress: True
    ) == Found(trouble=LinkTrouble.TAP_SILENT.value)


def test_listening_asks_nobody_and_tells_a_silent_tap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labdesk.capture.listening.TAP_S", 0.0)
    port = FakePort(LineSettings(), lambda line: b"", {})
    listening = PortFinder(lambda url, line: port).listen(LineChoice("tap:COM7", "mark10_gauge"))
    try:
        wait_until(lambda: listening.heard().trouble == LinkTrouble.TAP_SILENT.value)
    finally:
        listening.close()
    assert port.sent == []


def test_a_tap_follows_its_adapter() -> None:
    ports = lambda: [TWIN, PLAIN, FTDI]  # noqa: E731 - two words
    assert resolve("tap:usb://0403:6001:A50285BI,shared", ports) == "tap:COM5,shared"
    assert identity("tap:COM6", ports) == "tap:usb://0403:6001:A50285BJ"
    assert identity("tap:COM1", ports) == ""
