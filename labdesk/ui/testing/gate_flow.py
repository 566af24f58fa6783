"""From a scanned label to an armed machine: the gate's answers as banners, never a dialogue."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from labdesk.domain.bench import GateResult
from labdesk.domain.capture import RunClass
from labdesk.domain.testing import Run
from labdesk.services.bench import Bench, BenchCase
from labdesk.services.lost_runs import LostRuns
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.sounds import Tone
from labdesk.ui.testing.words import class_word, kind_word, said, said_error
from labdesk.ui.widgets.banner import Compared, Verdict, VerdictState

translate = QCoreApplication.translate


class GateFlow(QObject):
    """What happens between a scan and the first kilonewton.

    Signals:
        said(object): a :class:`Verdict` for the banner, or None.
        opened(): ``case`` is another one: what the live view measures against.
        lost_found(Run): the scanned piece was loaded before, and nobody has said what became of that run.
    """

    said = Signal(object)
    opened = Signal()
    lost_found = Signal(object)

    def __init__(self, context: PageContext, bench: Bench, lost: LostRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._bench, self._lost = context, bench, lost
        self.case: BenchCase | None = None
        self._verdict: Callable[[], Verdict] | None = None

    def open(self, label: str, machine_id: str) -> None:
        """A label was scanned."""
        session = self._context.session()

        def look() -> tuple[BenchCase, Run | None]:
            case = self._bench.open(label, machine_id, session)
            return case, self._lost.open_run(case.lot.number)

        Query(self._context.ops, self, look).then(self._on_opened).otherwise(self.refuse).start()

    def adopt(self, label: str, machine_id: str) -> None:
        """A run that was going on when this page opened: only what it is measured against is asked."""
        session = self._context.session()
        Query(self._context.ops, self, lambda: self._bench.open(label, machine_id, session)).then(
            self._on_adopted
        ).otherwise(lambda error: None).start()

    def scan_tag(self, tag: str) -> None:
        """The piece's site tag was scanned."""
        case = self.case
        if case is None or case.scanned_tag == case.specimen.tag:
            self.say(_label_first)
            return
        session = self._context.session()
        Command(self._context.ops, self, lambda: self._bench.scan_tag(case, tag, session)).then(
            self._on_case
        ).otherwise(self.refuse).start()

    def declare(self, run_class: RunClass, machine_id: str) -> None:
        """A run without a specimen: warm-up, check, verification, trial."""
        self.case = None
        session = self._context.session()
        Command(self._context.ops, self, lambda: self._bench.arm_without_specimen(machine_id, run_class, session)).then(
            lambda request: self._on_armed(class_word(run_class), "")
        ).otherwise(self.refuse).start()

    def forget(self) -> None:
        """Back to the list."""
        self.case = None
        self._verdict = None
        self.said.emit(None)

    def quiet(self) -> None:
        """Takes the banner away and keeps the case."""
        self._verdict = None
        self.said.emit(None)

    def say(self, verdict: Callable[[], Verdict]) -> None:
        """Shows a verdict, in the language of the moment."""
        self._verdict = verdict
        self.said.emit(verdict())

    def repeat(self) -> None:
        """Says the same in another language."""
        if self._verdict is not None:
            self.said.emit(self._verdict())

    def refuse(self, error: Exception) -> None:
        """Says an error as a red banner."""
        self._context.sounds.play(Tone.BAD)
        self.say(lambda: Verdict(VerdictState.MISMATCH, translate("Bench", "Not now"), said_error(error)))

    def _on_adopted(self, case: BenchCase) -> None:
        self.case = case
        self.opened.emit()

    def _on_opened(self, found: tuple[BenchCase, Run | None]) -> None:
        case, lost = found
        if lost is not None and lost.specimen_label == case.specimen.label:
            self.case = None
            self.lost_found.emit(lost)
            return
        self._on_case(case)

    def _on_case(self, case: BenchCase) -> None:
        self.case = case
        self.opened.emit()
        if case.gate.may_load():
            session = self._context.session()
            warnings = _warnings(case.gate)
            Command(self._context.ops, self, lambda: self._bench.arm(case, session)).then(
                lambda request: self._on_armed(case.specimen.label, warnings)
            ).otherwise(self.refuse).start()
            return
        if case.gate.refused() or case.gate.test is None:
            self._context.sounds.play(Tone.BAD)
        self.say(lambda: _answer(case))

    def _on_armed(self, what: str, warnings: str) -> None:
        self._context.sounds.play(Tone.OK)
        self.say(lambda: _armed(what, warnings))
        self.opened.emit()


def _label_first() -> Verdict:
    return Verdict(
        VerdictState.INFO,
        translate("Bench", "Scan the label first"),
        translate("Bench", "The laboratory's label says which piece it is; the site tag confirms it."),
    )


def _armed(what: str, warnings: str) -> Verdict:
    reason = what if not warnings else f"{what} · {warnings}"
    face = VerdictState.HOLD if warnings else VerdictState.MATCH
    return Verdict(face, translate("Bench", "Armed: load now"), reason)


def _warnings(gate: GateResult) -> str:
    return " ".join(said(found.key, found.params) for found in gate.findings)


def _answer(case: BenchCase) -> Verdict:
    """The gate's answer where the piece may not be loaded yet."""
    gate = case.gate
    if not gate.refused() and gate.needs_tag:
        kind = kind_word(gate.test.value) if gate.test is not None else ""
        reason = translate("Bench", "{0} · {1} · everything else is right.").format(case.specimen.label, kind)
        return Verdict(VerdictState.INFO, translate("Bench", "Now scan its site tag"), reason)
    worst = gate.findings[0]
    word = translate("Bench", "Do not load")
    if worst.key == "bench.other_tag":
        sides = (
            Compared(translate("Bench", "Tag received"), worst.params["expected"]),
            Compared(translate("Bench", "Scanned"), worst.params["found"]),
        )
        return Verdict(VerdictState.MISMATCH, translate("Bench", "Another piece: do not load"), compared=sides)
    return Verdict(VerdictState.MISMATCH, word, said(worst.key, worst.params))
