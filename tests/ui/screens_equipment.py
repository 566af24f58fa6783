"""Pictures of connecting a machine on whose line another program talks: chosen, understood, and wired to the wrong side."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from labdesk.domain.capture import LinkTrouble
from labdesk.domain.finding import Listened, Shown
from labdesk.domain.taps import TapWires
from labdesk.ui.equipment.equipment_page import EquipmentPage
from tests.ui.screens_testing import equipment

ANSWER = b"\x02+0012342\x30\x37\x03"
HEARD = Listened(1200, ANSWER * 8, (Shown("force", Decimal("12.34"), "kN"),), 100, 0, 3)
WRONG = Listened(480, b"?C\r\n" * 40, trouble=LinkTrouble.TAP_QUESTIONS.value)


def tapped(said: Listened, wires: TapWires) -> Callable[[EquipmentPage], None]:
    def act(page: EquipmentPage) -> None:
        sheet = page.registering.connecting
        sheet.ask()
        sheet.port.setEditText("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0")
        sheet.driver.choose("mark10_gauge")
        sheet.tap.choose(wires)
        sheet.tap.host.setText("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BJ-if00-port0")
        sheet.heard = said
        sheet._hear()
        sheet._place()

    return act


SCREENS: dict[str, Callable[[], QWidget]] = {
    "equipment-tap": lambda: equipment(tapped(HEARD, TapWires.BOTH)),
    "equipment-tap-wrong": lambda: equipment(tapped(WRONG, TapWires.ANSWERS)),
}
