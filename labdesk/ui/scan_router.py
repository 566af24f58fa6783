"""One router decides by content where a scan goes; no page asks for focus, no person has to click.

=============  ==========================================================================
badge          the page in front, if it waits for a second person; else sign in, or switch to that person
commission     the reception page opens it
tag, specimen  the page in front, if it takes it; else the page that belongs to the code
inspection     the inspections page
report         the verification page
=============  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from labdesk.domain.codes import Code, CodeKind, parse_code
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.scans import Scan
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.sounds import Sounds, Tone

#: Where a code goes that the page in front does not take; page ids are stage names.
HOME: Mapping[CodeKind, str] = MappingProxyType(
    {
        CodeKind.COMMISSION: "reception",
        CodeKind.TAG: "reception",
        CodeKind.SPECIMEN: "testing",
        CodeKind.INSPECTION: "inspections",
        CodeKind.REPORT: "reporting",
    }
)
_ALWAYS_HOME = frozenset({CodeKind.COMMISSION, CodeKind.REPORT, CodeKind.INSPECTION})


class Destinations(Protocol):
    """What the router needs of the window."""

    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        ...

    def take_badge(self, badge: str) -> None:
        """Begins to sign in or to switch."""
        ...

    def offer_to_current(self, code: Code, scan: Scan) -> bool:
        """Gives the code to the page in front; True = taken."""
        ...

    def offer_to_page(self, page_id: str, code: Code, scan: Scan) -> bool:
        """Opens a page and gives it the code; False = no such page for this person, or not taken."""
        ...


@dataclass(frozen=True)
class RouterParts:
    """What the router works with.

    Attributes:
        errors: where refusals are told.
        sounds: the bad tone for what cannot be routed. Verdicts sound their own.
        keep: stores every scan raw, before it is routed; runs on the main thread and must return at once.
    """

    errors: ErrorDesk
    sounds: Sounds
    keep: Callable[[Scan], None] = field(default=lambda scan: None)


class ScanRouter(QObject):
    """Receives scans from every source. :meth:`submit` may be called from any thread."""

    _arrived = Signal(Scan)

    def __init__(self, destinations: Destinations, parts: RouterParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._to = destinations
        self._parts = parts
        self._arrived.connect(self.route, Qt.ConnectionType.QueuedConnection)

    def submit(self, scan: Scan) -> None:
        """Takes a scan from a scanner's thread; it is routed on the main thread."""
        self._arrived.emit(scan)

    def route(self, scan: Scan) -> None:
        """Decides by content."""
        self._parts.keep(scan)
        try:
            self._send(parse_code(scan.raw), scan)
        except LabDeskError as error:
            self._refuse(error)

    def cut_short(self, scan: Scan) -> None:
        """A scan that broke off: kept, and told loudly with the remedy."""
        self._parts.keep(scan)
        self._refuse(OperatorError("scan.incomplete", text=scan.text[:40]))

    def _send(self, code: Code, scan: Scan) -> None:
        if code.kind is CodeKind.BADGE:
            # A page that waits for a second person takes the badge; otherwise it signs in or switches.
            if not (self._to.signed_in() and self._to.offer_to_current(code, scan)):
                self._to.take_badge(code.body)
            return
        if not self._to.signed_in():
            raise OperatorError("shell.sign_in_first")
        if code.kind not in _ALWAYS_HOME and self._to.offer_to_current(code, scan):
            return
        if not self._to.offer_to_page(HOME[code.kind], code, scan):
            raise OperatorError("shell.scan_not_here", text=code.body)

    def _refuse(self, error: LabDeskError) -> None:
        self._parts.sounds.play(Tone.BAD)
        self._parts.errors.report(error)
