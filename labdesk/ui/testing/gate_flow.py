"""From a scanned label to an armed machine: the gate's answers as banners, never a dialogue."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from labdesk.domain.bench import GateResult
from labdesk.domain.capture import RunClass
from labdesk.domain.people import Person
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
        self.loader: Callable[[], Person | None] = lambda: None
        self._front = ""
        self._cases: dict[str, BenchCase] = {}
        self._verdicts: dict[str, Callable[[], Verdict]] = {}

    @property
    def case(self) -> BenchCase | None:
        """The piece at the machine in front."""
        return self._cases.get(self._front)

    def turn_to(self, machine_id: str) -> None:
        """Another machine comes to the front, with its own piece and what was said of it."""
        self._front = machine_id
        verdict = self._verdicts.get(machine_id)
        self.said.emit(verdict() if verdict is not None else None)

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
        self._cases.pop(machine_id, None)
        session = self._context.session()
        Command(self._context.ops, self, lambda: self._bench.arm_without_specimen(machine_id, run_class, session)).then(
            lambda request: self._on_armed(machine_id, class_word(run_class), "")
        ).otherwise(self.refuse).start()

    def forget(self) -> None:
        """Back to the list."""
        self._cases.pop(self._front, None)
        self.quiet()

    def done(self, machine_id: str) -> None:
        """A machine's run is stored: its piece is done with."""
        self._cases.pop(machine_id, None)
        self._verdicts.pop(machine_id, None)

    def quiet(self) -> None:
        """Takes the banner away and keeps the case."""
        self._verdicts.pop(self._front, None)
        self.said.emit(None)

    def say(self, verdict: Callable[[], Verdict]) -> None:
        """Shows a verdict about the machine in front, in the language of the moment."""
        self._say_of(self._front, verdict)

    def repeat(self) -> None:
        """Says the same in another language."""
        verdict = self._verdicts.get(self._front)
        if verdict is not None:
            self.said.emit(verdict())

    def refuse(self, error: Exception) -> None:
        """Says an error as a red banner."""
        self._context.sounds.play(Tone.BAD)
        self.say(lambda: Verdict(VerdictState.MISMATCH, translate("Bench", "Not now"), said_error(error)))

    def go_on(self, case: BenchCase) -> None:
        """The gate was asked again, for a piece that was taken over."""
        self._on_case(case)

    def _say_of(self, machine_id: str, verdict: Callable[[], Verdict]) -> None:
        """Keeps what is said of a machine; it is shown while that machine is in front."""
        self._verdicts[machine_id] = verdict
        if machine_id == self._front:
            self.said.emit(verdict())

    def _on_adopted(self, case: BenchCase) -> None:
        self._cases[case.machine.id] = case
        self.opened.emit()

    def _on_opened(self, found: tuple[BenchCase, Run | None]) -> None:
        case, lost = found
        if lost is not None and lost.specimen_label == case.specimen.label:
            self._cases.pop(case.machine.id, None)
            self.lost_found.emit(lost)
            return
        self._on_case(case)

    def _on_case(self, case: BenchCase) -> None:
        machine_id = case.machine.id
        self._cases[machine_id] = case
        self.opened.emit()
        if case.gate.may_load():
            session, loader = self._context.session(), self.loader()
            warnings = _warnings(case.gate)
            Command(self._context.ops, self, lambda: self._bench.arm(case, session, loader)).then(
                lambda request: self._on_armed(machine_id, case.specimen.label, warnings)
            ).otherwise(self.refuse).start()
            return
        if case.gate.refused() or case.gate.test is None:
            self._context.sounds.play(Tone.BAD)
        self._say_of(machine_id, lambda: _answer(case))

    def _on_armed(self, machine_id: str, what: str, warnings: str) -> None:
        self._context.sounds.play(Tone.OK)
        self._say_of(machine_id, lambda: _armed(what, warnings))
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
