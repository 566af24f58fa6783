"""A tap: a port that is only listened to, because another program talks with the machine on this line.

It is written into the port itself, so that nobody who opens ports can mistake it: ``tap:COM3`` hears what the machine sends,
``tap:COM3,shared`` one wire on which both sides talk (RS-485), ``tap:COM3,host=COM4`` each side on a receive wire of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "tap:"
_TAP = re.compile(r"tap:(?P<device>.+?)(?:,(?P<shared>shared)|,host=(?P<host>.+))?", re.S)


class TapWires(StrEnum):
    """What is wired to what."""

    ANSWERS = "answers"
    """One receive wire on the machine's TX: what the other program asks is not heard."""
    SHARED = "shared"
    """One receive wire on which both sides talk: RS-485, or both TX joined."""
    BOTH = "both"
    """Two receive wires, one on the machine's TX and one on the other program's."""


@dataclass(frozen=True)
class Tap:
    """Where a tap listens.

    Attributes:
        device: port whose receive wire hangs on the machine's TX, or on the shared pair.
        wires: what is wired to what.
        host: port whose receive wire hangs on the other program's TX; empty without one.
    """

    device: str
    wires: TapWires = TapWires.ANSWERS
    host: str = ""

    def url(self) -> str:
        """As :attr:`labdesk.domain.machines.Machine.port_url` has it."""
        tail = {TapWires.SHARED: ",shared", TapWires.BOTH: f",host={self.host}"}.get(self.wires, "")
        return f"{PREFIX}{self.device}{tail}"


def tap_sentence(trouble: str) -> str:
    """Key of the sentence that says what is wrong with a tap and what to do; empty for a trouble that is not a tap's own."""
    return trouble.replace("-", ".", 1) if trouble.startswith("tap-") else ""


def parse_tap(url: str) -> Tap | None:
    """The tap that a port is; ``None`` for a port that LabDesk may talk on."""
    found = _TAP.fullmatch(url)
    if found is None:
        return None
    if found["host"]:
        return Tap(found["device"], TapWires.BOTH, found["host"])
    return Tap(found["device"], TapWires.SHARED if found["shared"] else TapWires.ANSWERS)
