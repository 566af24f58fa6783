"""From runs, readings and entries of a lot to an evaluation that anyone can repeat; a new one stands beside the old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from labdesk.domain.bench import age_text, loading_run, open_lost_run
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Verdict
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import EvaluationBody, FailingResultBody
from labdesk.domain.people import Session
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor, UnitOfWork
from labdesk.domain.testing import Disposition, Entry, Invalidation, LostRunFinding, Run, StoredEvaluation
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.entries import Entries, newest, planned_tests
from labdesk.services.outgoing import Outgoing
from labdesk.services.runs import RunDeps

#: Methods whose single groups a region's trigger watches.
LOW_GROUPS = frozenset({"concrete-cube", "concrete-same-condition"})


class EvaluateRuns(Protocol):
    """Evaluates a lot from the bytes of its sealed runs."""

    def __call__(self, lot: LotInput, runs: Mapping[str, bytes]) -> Evaluation:
        """The evaluation; raises OperatorError for input that cannot be evaluated."""
        ...


@dataclass(frozen=True)
class Missing:
    """Something a lot still lacks before it can be reported: key of a sentence with its parameters."""

    key: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class LotFacts:
    """A lot with everything the bench added to it; ``low_group_percent`` is that of the region when it was received."""

    lot: Lot
    runs: tuple[Run, ...]
    findings: tuple[LostRunFinding, ...]
    invalidations: tuple[Invalidation, ...]
    entries: tuple[Entry, ...]
    low_group_percent: Decimal | None = None

    def planned(self) -> dict[str, tuple[TestKind, ...]]:
        """Tests per label that count: an invalid piece's test moves to its replacement; unused spares have none."""
        return planned_tests(self.lot, self.runs, self.invalidations)

    def counted_run(self, label: str) -> Run | None:
        """The run that counts for a piece."""
        return loading_run(label, self.runs, self.findings)

    def reading(self, run: Run) -> LostRunFinding | None:
        """The manual reading that stands for a lost run."""
        for finding in self.findings:
            if finding.run_id == run.id and finding.disposition is Disposition.PEAK_ON_DISPLAY:
                return finding
        return None


@dataclass(frozen=True)
class Addition:
    """Entries that are kept together with the evaluation they cause, or not at all.

    Attributes:
        entries: in the order they count.
        check: looks at the lot inside the transaction that writes; raises OperatorError where nothing may be added.
    """

    entries: tuple[Entry, ...]
    check: Callable[[UnitOfWork], None]


def read_lot(uow: UnitOfWork, lot_no: str) -> LotFacts:
    """Everything about a lot; raises OperatorError ``testing.no_such_lot``."""
    lot = uow.reception.lot(lot_no)
    if lot is None:
        raise OperatorError("testing.no_such_lot", lot=lot_no)
    return LotFacts(
        lot=lot,
        runs=tuple(uow.testing.runs_of_lot(lot_no)),
        findings=tuple(uow.testing.findings_of_lot(lot_no)),
        invalidations=tuple(uow.testing.invalidations_of_lot(lot_no)),
        entries=tuple(uow.testing.entries_of_lot(lot_no)),
        low_group_percent=uow.profiles.current(lot.received_at).low_group_percent if lot.method in LOW_GROUPS else None,
    )


def lot_input(facts: LotFacts) -> LotInput:
    """What the standard's rules get to see: settings, entries as typed, hashes of the runs that count."""
    entries = newest(facts.entries)
    settings = {name: text for name, text in facts.lot.settings.items() if name not in ("product_standard", "curing")}
    settings |= {name: entry.text for (label, name), entry in entries.items() if not label}
    if facts.lot.age_days is not None:
        settings["age_d"] = str(facts.lot.age_days)
    if facts.low_group_percent is not None:
        settings["low_group_percent"] = f"{facts.low_group_percent.normalize():f}"
    planned = facts.planned()
    specimens = tuple(
        _specimen_input(facts, piece, planned[piece.label], entries)
        for piece in facts.lot.specimens
        if piece.label in planned
    )
    return LotInput(facts.lot.method, facts.lot.settings.get("rules", ""), settings, specimens)


def _specimen_input(
    facts: LotFacts, piece: Specimen, tests: tuple[TestKind, ...], entries: Mapping[tuple[str, str], Entry]
) -> SpecimenInput:
    run = facts.counted_run(piece.label)
    reading = facts.reading(run) if run else None
    ended_well = run is not None and not _lost(facts, run)
    age = ""
    if run is not None and facts.lot.cast_at is not None:
        age = age_text(run.started_at - facts.lot.cast_at)
    return SpecimenInput(
        label=piece.label,
        tests=tests,
        entries={name: entry.text for (label, name), entry in entries.items() if label == piece.label},
        run_hash=run.sealed_sha256 if run is not None and ended_well else None,
        manual_peak_kn=reading.peak_kn if reading else None,
        age_text=age,
    )


def _lost(facts: LotFacts, run: Run) -> bool:
    return any(finding.run_id == run.id for finding in facts.findings)


def missing(facts: LotFacts, fields_missing: list[tuple[str, str]]) -> list[Missing]:
    """What a lot still lacks: loadings, words about lost runs, entries."""
    found = []
    lost = open_lost_run(facts.runs, facts.findings)
    if lost is not None:
        found.append(Missing("testing.missing_finding", {"label": lost.specimen_label, "number": lost.number}))
    for label, tests in facts.planned().items():
        wants = [kind for kind in tests if kind in (TestKind.TENSION, TestKind.COMPRESSION)]
        if wants and facts.counted_run(label) is None:
            found.append(Missing("testing.missing_run", {"label": label, "test": wants[0].value}))
    found += [Missing("testing.missing_entry", {"label": label or "-", "name": name}) for label, name in fields_missing]
    return found


class Evaluating:
    """The use case: evaluate a lot, keep it, tell the platform."""

    def __init__(self, deps: RunDeps, entries: Entries, evaluate: EvaluateRuns) -> None:
        self._deps = deps
        self._entries = entries
        self._evaluate = evaluate
        self._notes = CustodyNotes(deps.clock, deps.ids)
        self._outgoing = Outgoing(deps.clock, deps.ids)

    def missing(self, lot_no: str) -> list[Missing]:
        """What the lot still lacks; empty when it can be evaluated for a report."""
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
        lacking = [
            (field.label, field.name) for field in self._entries.fields(lot_no) if field.needed and not field.current
        ]
        return missing(facts, lacking)

    def newest(self, lot_no: str) -> StoredEvaluation | None:
        """The evaluation that would be reported."""
        with self._deps.store.read() as uow:
            found = uow.testing.evaluations_of_lot(lot_no)
        return found[-1] if found else None

    def preview(self, lot_no: str) -> Evaluation:
        """The evaluation of what is there now, without keeping it; raises OperatorError when it cannot be done."""
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
        lot = lot_input(facts)
        return self._evaluate(lot, self._runs(lot))

    def evaluate(
        self, lot_no: str, session: Session, reason: str = "", addition: Addition | None = None
    ) -> StoredEvaluation:
        """Evaluate and keep; the same input as the newest evaluation adds nothing. An ``addition`` is kept with it.

        Raises:
            OperatorError: ``testing.incomplete`` naming the first thing that is missing; ``testing.reason_needed`` when an
                evaluation exists and this one differs without a reason; what the standard's rules refuse.
        """
        lacking = self.missing(lot_no)
        if lacking:
            first = lacking[0].params
            raise OperatorError("testing.incomplete", count=len(lacking), first=" ".join(first.values()))
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
        added = addition.entries if addition is not None else ()
        lot = lot_input(replace(facts, entries=(*facts.entries, *added)))
        evaluation = self._evaluate(lot, self._runs(lot))
        before = self.newest(lot_no)
        if before is not None and (before.lot, before.evaluation) == (lot, evaluation):
            return before
        if before is not None and not reason.strip():
            raise OperatorError("testing.reason_needed")
        return self._keep(facts.lot, (lot, evaluation), (session, reason.strip()), addition)

    def _runs(self, lot: LotInput) -> dict[str, bytes]:
        hashes = [piece.run_hash for piece in lot.specimens if piece.run_hash is not None]
        return {digest: self._deps.blobs.get(digest) for digest in hashes}

    def _keep(
        self,
        of: Lot,
        found: tuple[LotInput, Evaluation],
        by: tuple[Session, str],
        addition: Addition | None,
    ) -> StoredEvaluation:
        session, reason = by
        lot, evaluation = found
        stored = StoredEvaluation(
            id=self._deps.ids.new_id(),
            lot_no=of.number,
            lot=lot,
            evaluation=evaluation,
            person_id=session.person.id,
            at=self._deps.clock.now(),
            reason=reason,
        )
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            if addition is not None:
                self._add(uow, of, addition, session)
            uow.testing.add_evaluation(stored)
            self._tell(uow, of, stored, session)
            uow.commit()
        with self._deps.store.read() as uow:
            kept = uow.testing.evaluation(stored.id)
        if kept != stored:
            raise OperatorError("testing.not_kept", lot=of.number)
        return stored

    def _add(self, uow: UnitOfWork, lot: Lot, addition: Addition, session: Session) -> None:
        addition.check(uow)
        for entry in addition.entries:
            uow.testing.add_entry(entry)
            detail = {"name": entry.name, "text": entry.text, "reason": entry.reason}
            where = (lot.commission_no, entry.specimen_label or lot.number)
            self._notes.note(uow, CustodyKind.MEASURED, where, session, detail)

    def _tell(self, uow: UnitOfWork, lot: Lot, stored: StoredEvaluation, session: Session) -> None:
        teller = Teller(session.person.id, session.person.name)
        where = {"commission_no": lot.commission_no, "project_code": lot.project_code, "lot_index": lot.lot_index}
        self._outgoing.queue(
            uow,
            EvaluationBody(
                **where,  # type: ignore[arg-type]
                lot_no=lot.number,
                input=stored.lot,
                evaluation=stored.evaluation,
                evaluated_at=stored.at,
                evaluated_by=teller,
            ),
        )
        if stored.evaluation.verdict is Verdict.FAIL:
            # O57: the ledger of failing results opens when the value is evaluated, not when a report is written.
            self._outgoing.queue(
                uow,
                FailingResultBody(
                    **where,  # type: ignore[arg-type]
                    lot_no=lot.number,
                    verdict=stored.evaluation.verdict,
                    values=tuple(value for value in stored.evaluation.values if value.verdict is Verdict.FAIL),
                    evaluation_sha256=canonical_hash(stored.evaluation),
                    found_at=stored.at,
                ),
            )
        detail = {"rules": stored.evaluation.rules, "verdict": stored.evaluation.verdict.value}
        self._notes.note(uow, CustodyKind.EVALUATED, (lot.commission_no, lot.number), session, detail)
