"""What the measuring page shows: the lots in work, and one lot with its fields, loadings and newest evaluation. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.bench import MACHINE_TESTS, loading_run
from labdesk.domain.capture import RunClass
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.specimens import Lot
from labdesk.domain.testing import Disposition, LostRunFinding, LotWork, Run, StoredEvaluation
from labdesk.services.bench import IN_THE_RACKS
from labdesk.services.entries import Entries, EntryField, planned_tests
from labdesk.services.evaluating import Evaluating, LotFacts, Missing, read_lot
from labdesk.services.lot_forms import method_words
from labdesk.services.method_info import LotForm
from labdesk.services.runs import RunDeps
from labdesk.standards.methods.schema import Words

_LIMIT = 100
_OPEN_LIMIT = 2000


class RunStanding(StrEnum):
    """What a loading is worth to its lot."""

    COUNTS = "counts"
    INVALID = "invalid"
    NOT_LOADED = "not-loaded"
    GAP = "gap"
    """Samples are missing near the largest force or the yield, and nobody has decided about it: it does not count."""
    OPEN = "open"
    """Lost in mid-test, and nobody has said what was found."""
    UNBROKEN = "unbroken"
    READING = "reading"
    """Its peak was read from the display; there is no curve to the break."""
    LOST = "lost"


@dataclass(frozen=True)
class LotLine:
    """A line of the list of lots: blind, so neither project nor maker.

    Attributes:
        size: ``20`` or ``150``, in mm; ``grade``: as commissioned.
        loaded, to_load: machine tests done and planned.
        verdict: of the newest evaluation, ``None`` before the first.
        words: name of the method, where it has an entry sheet.
    """

    number: str
    material: str
    grade: str
    size: str
    due: datetime | None
    loaded: int
    to_load: int
    verdict: Verdict | None
    words: Words | None = None


@dataclass(frozen=True)
class RunLine:
    """A loading and what it is worth.

    Attributes:
        reason, replacement: where it was declared invalid or lost.
        reading_kn: peak read from the display, where there is one.
    """

    run: Run
    standing: RunStanding
    reason: str = ""
    replacement: str = ""
    reading_kn: Decimal | None = None


@dataclass(frozen=True)
class LotView:
    """One lot as measured: blind.

    Attributes:
        line: its line in the list.
        fields: what is measured by hand, with what was entered so far.
        runs: loadings in order of number.
        spares: labels of spares that may still replace a piece.
        missing: what it lacks for a report.
        newest: the evaluation that would be reported.
        form: the entry sheet, ``None`` where the fields come from the tests of the pieces.
    """

    line: LotLine
    fields: tuple[EntryField, ...]
    runs: tuple[RunLine, ...]
    spares: tuple[str, ...]
    missing: tuple[Missing, ...]
    newest: StoredEvaluation | None
    form: LotForm | None = None


class LotDesk:
    """The use case: find a lot and look at it."""

    def __init__(self, deps: RunDeps, entries: Entries, evaluating: Evaluating) -> None:
        self._deps = deps
        self._entries = entries
        self._evaluating = evaluating

    def lots(self, words: str = "") -> list[LotLine]:
        """Lots with part of number, material, grade or a specimen's label, the earliest due first, evaluated ones last.

        Everything that is not evaluated yet, however long ago it came (cubes wait 28 days), and the newest of the others.
        """
        wanted = words.strip().upper()
        since = self._deps.clock.now() - IN_THE_RACKS
        with self._deps.store.read() as uow:
            open_lots = uow.reception.unevaluated_lots(since, _OPEN_LIMIT)
            both = {lot.number: lot for lot in (*open_lots, *uow.reception.recent_lots(_LIMIT))}
            fitting = [
                lot
                for lot in both.values()
                if wanted in " ".join((lot.number, lot.material, *lot.settings.values(), *_names(lot))).upper()
                or any(wanted in piece.label for piece in lot.specimens)
            ]
            work = uow.testing.work_of([lot.number for lot in fitting])
        found = [_line(lot, done) for lot, done in zip(fitting, work, strict=True)]
        return sorted(found, key=lambda line: (line.verdict is not None, _due_key(line), line.number))

    def lot_of_label(self, label: str) -> str:
        """The lot a label belongs to; raises OperatorError ``bench.unknown_label``."""
        with self._deps.store.read() as uow:
            specimen = uow.reception.specimen(label)
        if specimen is None:
            raise OperatorError("bench.unknown_label", label=label)
        return specimen.lot_no

    def view(self, lot_no: str) -> LotView:
        """A lot with everything; raises OperatorError ``testing.no_such_lot``."""
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
            (work,) = uow.testing.work_of([lot_no])
        sheet = self._entries.sheet(lot_no)
        return LotView(
            line=_line(facts.lot, work),
            fields=sheet.fields,
            runs=tuple(_run_lines(facts)),
            spares=_free_spares(facts),
            missing=tuple(self._evaluating.missing(lot_no)),
            newest=self._evaluating.newest(lot_no),
            form=sheet.form,
        )


def _names(lot: Lot) -> tuple[str, ...]:
    words = method_words(lot.method)
    return () if words is None else (words.zh, words.en)


def _due_key(line: LotLine) -> str:
    return "" if line.due is None else line.due.isoformat()


def _line(lot: Lot, work: LotWork) -> LotLine:
    planned = planned_tests(lot, work.runs, work.invalidations)
    to_load = [label for label, tests in planned.items() if MACHINE_TESTS.intersection(tests)]
    return LotLine(
        number=lot.number,
        material=lot.material,
        grade=lot.settings.get("grade") or lot.settings.get("design_grade") or "",
        size=lot.settings.get("diameter_mm") or lot.settings.get("side_mm") or "",
        words=method_words(lot.method),
        due=lot.due_at,
        loaded=sum(loading_run(label, work.runs, work.findings) is not None for label in to_load),
        to_load=len(to_load),
        verdict=work.verdict,
    )


def _run_lines(facts: LotFacts) -> list[RunLine]:
    invalid = {item.run_id: item for item in facts.invalidations}
    told = {item.run_id: item for item in facts.findings}
    gaps, taken_on = facts.open_gaps(), {item.run_id: item.reason for item in facts.gap_reasons}
    found = []
    for run in facts.runs:
        if run.id in invalid:
            item = invalid[run.id]
            found.append(RunLine(run, RunStanding.INVALID, item.reason, item.replacement_label))
        else:
            finding = told.get(run.id)
            reason, reading = (finding.reason, finding.peak_kn) if finding else ("", None)
            standing = RunStanding.GAP if run in gaps else _standing(run, finding)
            found.append(RunLine(run, standing, reason or taken_on.get(run.id, ""), reading_kn=reading))
    return found


_FOUND: Mapping[Disposition, RunStanding] = {
    Disposition.UNBROKEN: RunStanding.UNBROKEN,
    Disposition.PEAK_ON_DISPLAY: RunStanding.READING,
    Disposition.LOST: RunStanding.LOST,
}


def _standing(run: Run, finding: LostRunFinding | None) -> RunStanding:
    if not run.loaded or run.run_class is not RunClass.TEST:
        return RunStanding.NOT_LOADED
    if run.ended_with_break():
        return RunStanding.COUNTS
    return RunStanding.OPEN if finding is None else _FOUND[finding.disposition]


def _free_spares(facts: LotFacts) -> tuple[str, ...]:
    used = {item.replacement_label for item in facts.invalidations}
    return tuple(
        piece.label
        for piece in facts.lot.specimens
        if piece.spare and piece.label not in used and facts.counted_run(piece.label) is None
    )
