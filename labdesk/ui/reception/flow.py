"""The counter's flow: look, scan, decide; every key and scan goes through here, every answer comes from the service.

One declared look serves one scan. While a red verdict waits for a decision nothing else is scanned, so that no piece that does
not match slips by unnoticed (YK-7.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from labdesk.domain.errors import OperatorError
from labdesk.domain.reception import (
    OF_LOT,
    Finding,
    Look,
    ReceptionState,
    ReceptionView,
    Rejection,
    ScanVerdict,
)
from labdesk.domain.scans import Scan
from labdesk.services.receiving import Received, Receiving
from labdesk.services.reception import ReceptionDesk
from labdesk.ui.ops import Command
from labdesk.ui.page import PageContext
from labdesk.ui.reception import verdicts
from labdesk.ui.sounds import Tone
from labdesk.ui.widgets.banner import Verdict

translate = QCoreApplication.translate
_GOOD = frozenset({ScanVerdict.MATCH})


@dataclass(frozen=True)
class Pending:
    """What waits for refuse or mis-scan; an empty tag is the whole lot."""

    tag: str
    lot_index: int


class CounterFlow(QObject):
    """The open commission and what is being done with it.

    Signals:
        changed(): view, look or pending changed.
        said(): there is another verdict, see :meth:`verdict`.
        finished(Received): the reception is complete.
    """

    changed = Signal()
    said = Signal()
    finished = Signal(object)

    def __init__(self, context: PageContext, desk: ReceptionDesk, receiving: Receiving, parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self.desk = desk
        self.receiving = receiving
        self._say: Callable[[], Verdict] | None = None
        self.view: ReceptionView | None = None
        self.look: Look | None = None
        self.pending: Pending | None = None
        self.last_tag = ""

    # ---- what is there --------------------------------------------------------------------------------------------------

    def take(self, view: ReceptionView | None) -> None:
        """Another commission is open, or none."""
        self.view, self.look, self.pending, self.last_tag = view, None, None, ""
        self._say_state()

    def verdict(self) -> Verdict | None:
        """What the banner shows, in the current language."""
        return self._say() if self._say is not None else None

    @property
    def open(self) -> bool:
        """Whether pieces can be judged now."""
        return self.view is not None and self.view.state is ReceptionState.OPEN

    @property
    def slip(self) -> Rejection | None:
        """The newest slip."""
        return self.view.rejections[-1] if self.view is not None and self.view.rejections else None

    # ---- look and scan --------------------------------------------------------------------------------------------------

    def declare(self, look: Look) -> None:
        """What the eyes said; serves the next scan or row."""
        self.look = look
        self._say_state()

    def scan(self, scan: Scan) -> None:
        """A tag was scanned."""
        view = self.view
        if view is None:
            return
        if self.pending is not None:
            self.context.sounds.play(Tone.BAD)
            self._tell_decide()
            return
        look, self.look = self.look, None
        number, session = view.commission.number, self.context.session()
        self.run(lambda: self.desk.scan(number, scan, look, session), self._judged)

    def mark(self, place: tuple[int, int]) -> None:
        """The declared damage is that of a row."""
        view, look = self.view, self.look
        if view is None or look not in (Look.TAG_DAMAGED, Look.PIECE_DAMAGED):
            return
        self.look = None
        number, session = view.commission.number, self.context.session()
        self.run(lambda: self.desk.mark(number, place, look, session), self._judged)

    def absent(self, place: tuple[int, int]) -> None:
        """A piece is not here."""
        view = self.view
        if view is not None and self.pending is None:
            number, session = view.commission.number, self.context.session()
            self.run(lambda: self.desk.absent(number, place, session), self._judged)

    # ---- decisions ------------------------------------------------------------------------------------------------------

    def reject(self, what: Pending) -> None:
        """Refuse a piece or lot: a slip is written."""
        view = self.view
        if view is not None:
            number, session = view.commission.number, self.context.session()
            self.run(lambda: self.desk.reject(number, what.tag, what.lot_index, session), self._rejected)

    def dismiss(self) -> bool:
        """Mis-scan, or the declared look is taken back; False where there is nothing to take back."""
        if self.pending is None and self.look is None:
            return False
        self.pending, self.look = None, None
        self._say_state()
        return True

    # ---- answers --------------------------------------------------------------------------------------------------------

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Writes off the screen's thread; a refusal becomes a verdict."""
        Command(self.context.ops, self, work).then(then).otherwise(self._not_taken).start()

    def _judged(self, answer: tuple[Finding, ReceptionView]) -> None:
        finding, view = answer
        self.view = view
        scan = view.scans[-1] if view.scans else None
        self.last_tag = scan.tag if scan is not None else ""
        decides = finding.refuses() and finding.verdict not in OF_LOT | {ScanVerdict.QUANTITY_SHORT}
        self.pending = Pending(scan.tag, scan.lot_index) if decides and scan is not None else None
        pending = self.pending
        acts = (lambda: self.reject(pending), self.dismiss) if pending is not None else None
        self.context.sounds.play(Tone.OK if finding.verdict in _GOOD else Tone.BAD)
        self._utter(lambda: verdicts.for_finding(finding, view, scan, acts))

    def _rejected(self, answer: tuple[Rejection, ReceptionView]) -> None:
        slip, view = answer
        self.view, self.pending = view, None
        self._utter(lambda: verdicts.for_refusal(slip, view))

    def done(self, answer: tuple[Received, ReceptionView]) -> None:
        """The reception is over."""
        received, self.view = answer
        self.look, self.pending = None, None
        self.context.sounds.play(Tone.OK if received.lots else Tone.BAD)
        self.finished.emit(received)

    def _not_taken(self, error: Exception) -> None:
        view = self.view
        if view is None or not isinstance(error, OperatorError):
            self.context.errors.report(error)
            return
        self.context.sounds.play(Tone.BAD)
        self._utter(lambda: verdicts.for_error(self.context.errors.sentence(error), view))

    def _tell_decide(self) -> None:
        view = self.view
        if view is not None and self.pending is not None:
            pending = self.pending
            self._utter(lambda: verdicts.for_undecided(view, (lambda: self.reject(pending), self.dismiss)))

    def _say_state(self) -> None:
        view, look = self.view, self.look
        if view is None or view.state is ReceptionState.DONE:
            self._say = None
            self.changed.emit()
            self.said.emit()
            return
        self._utter(lambda: verdicts.for_state(view, look))

    def _utter(self, say: Callable[[], Verdict]) -> None:
        self._say = say
        self.said.emit()
        self.changed.emit()
