"""From runs, readings and entries of a lot to an evaluation that anyone can repeat; a new one stands beside the old."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from labdesk.domain.bench import MACHINE_TESTS, age_text, loading_run, open_lost_run
from labdesk.domain.clock import WALL
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind, Verdict
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import EvaluationBody, FailingResultBody
from labdesk.domain.people import Session
from labdesk.domain.run_gaps import GapReason, open_gaps
from labdesk.domain.specimens import Lot, piece_label
from labdesk.domain.store import Actor, UnitOfWork
from labdesk.domain.testing import Disposition, Entry, Invalidation, LostRunFinding, Run, StoredEvaluation
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.entries import Entries, EntryField, checked_text, newest, pieces_of, planned_tests
from labdesk.services.lot_forms import form_of, row_labels, sheet_cells, sheet_settings
from labdesk.services.method_info import LotForm
from labdesk.services.outgoing import Outgoing
from labdesk.services.own_tables import keep_tables
from labdesk.services.repeating import own_texts_of
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
    gap_reasons: tuple[GapReason, ...] = ()

    def planned(self) -> dict[str, tuple[TestKind, ...]]:
        """Tests per label that count: an invalid piece's test moves to its replacement; unused spares have none."""
        return planned_tests(self.lot, self.runs, self.invalidations)

    def counted_run(self, label: str) -> Run | None:
        """The run that counts for a piece."""
        return loading_run(label, self.runs, self.findings)

    def open_gaps(self) -> tuple[Run, ...]:
        """Runs with samples missing where they matter that nobody has decided about: they do not count."""
        return open_gaps(self.runs, (*self.findings, *self.invalidations, *self.gap_reasons))

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
        gap_reasons=tuple(uow.review.gap_reasons.of_lot(lot_no)),
        low_group_percent=uow.profiles.current(lot.received_at).low_group_percent if lot.method in LOW_GROUPS else None,
    )


def lot_input(facts: LotFacts) -> LotInput:
    """What the standard's rules get to see: settings, entries as typed, hashes of the runs that count."""
    entries = newest(facts.entries)
    form = form_of(facts.lot, entries, _received_on(facts.lot))
    if form is not None:
        return _sheet_input(facts, form, entries)
    settings = {name: text for name, text in facts.lot.settings.items() if name not in ("product_standard", "curing")}
    settings |= {name: entry.text for (label, name), entry in entries.items() if not label}
    if facts.lot.age_days is not None:
        settings["age_d"] = str(facts.lot.age_days)
    if facts.low_group_percent is not None:
        settings["low_group_percent"] = f"{facts.low_group_percent.normalize():f}"
    planned = facts.planned()
    specimens = tuple(
        _specimen_input(facts, piece.label, planned[piece.label], entries)
        for piece in facts.lot.specimens
        if piece.label in planned
    )
    return LotInput(facts.lot.method, facts.lot.settings.get("rules", ""), settings, specimens)


def _received_on(lot: Lot) -> date:
    return lot.received_at.astimezone(WALL).date()


def _sheet_input(facts: LotFacts, form: LotForm, entries: Mapping[tuple[str, str], Entry]) -> LotInput:
    """The same of a lot with an entry sheet: what the method asks for and nothing else, one specimen a determination."""
    lot, planned = facts.lot, facts.planned()
    pieces = pieces_of(lot, planned)
    cells = sheet_cells(lot, form, pieces, entries)
    begun = {label for label, _ in entries if label}
    labels = [label for label in row_labels(form, pieces, begun) if label in begun]
    specimens = tuple(_specimen_input(facts, label, planned[piece_label(label)], entries) for label in labels or pieces)
    settings = sheet_settings(lot, form, entries, _received_on(lot), cells)
    return LotInput(lot.method, lot.settings.get("rules", ""), settings, specimens)


def _specimen_input(
    facts: LotFacts, label: str, tests: tuple[TestKind, ...], entries: Mapping[tuple[str, str], Entry]
) -> SpecimenInput:
    run = facts.counted_run(label)
    reading = facts.reading(run) if run else None
    ended_well = run is not None and not _lost(facts, run) and run not in facts.open_gaps()
    age = ""
    if run is not None and facts.lot.cast_at is not None:
        age = age_text(run.started_at - facts.lot.cast_at)
    return SpecimenInput(
        label=label,
        tests=tests,
        entries={name: entry.text for (of, name), entry in entries.items() if of == label},
        run_hash=run.sealed_sha256 if run is not None and ended_well else None,
        manual_peak_kn=reading.peak_kn if reading else None,
        age_text=age,
    )


def _lost(facts: LotFacts, run: Run) -> bool:
    return any(finding.run_id == run.id for finding in facts.findings)


def missing(facts: LotFacts, fields_missing: list[EntryField]) -> list[Missing]:
    """What a lot still lacks: loadings, words about lost runs, entries."""
    found = []
    lost = open_lost_run(facts.runs, facts.findings)
    if lost is not None:
        found.append(Missing("testing.missing_finding", {"label": lost.specimen_label, "number": lost.number}))
    found += [Missing("gaps.open", {"label": run.specimen_label, "number": run.number}) for run in facts.open_gaps()]
    for label, tests in facts.planned().items():
        wants = [kind for kind in tests if kind in MACHINE_TESTS]
        if wants and facts.counted_run(label) is None:
            found.append(Missing("testing.missing_run", {"label": label, "test": wants[0].value}))
    found += [Missing("testing.missing_entry", {"label": item.label or "-", **item.named}) for item in fields_missing]
    return found


def _left(fields: Iterable[EntryField], typed: Collection[tuple[str, str]] = ()) -> list[EntryField]:
    """Needed fields in which nothing stands."""
    return [item for item in fields if item.needed and not item.current and (item.label, item.name) not in typed]


@dataclass(frozen=True)
class Live:
    """What would come out now: the evaluation, or what it still needs."""

    evaluation: Evaluation | None
    missing: tuple[Missing, ...]


def _first(item: Missing) -> dict[str, str]:
    """What is missing first as parameters of a sentence: in both languages where it has a name in both."""
    where = item.params["label"]
    rest = [text for name, text in item.params.items() if name not in ("label", "name_zh", "name_en")]
    found = {"first": " ".join((where, *rest))}
    for language in ("zh", "en"):
        if f"name_{language}" in item.params:
            found[f"first_{language}"] = f"{where} {item.params[f'name_{language}']}"
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
        return missing(facts, _left(self._entries.fields(lot_no)))

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

    def live(self, lot_no: str, typed: Mapping[tuple[str, str], str]) -> Live:
        """What the entries would give together with what is typed and not stored yet; nothing is kept.

        Texts that would be refused are left out: their field says so itself.

        Raises:
            OperatorError: what the standard's rules refuse.
        """
        with self._deps.store.read() as uow:
            facts = read_lot(uow, lot_no)
        fields = self._entries.fields(lot_no)
        drafts = tuple(self._drafts(lot_no, fields, typed))
        facts = replace(facts, entries=(*facts.entries, *drafts))
        lacking = missing(facts, _left(fields, {(item.specimen_label, item.name) for item in drafts}))
        if lacking:
            return Live(None, tuple(lacking))
        lot = lot_input(facts)
        return Live(self._evaluate(lot, self._runs(lot)), ())

    def _drafts(
        self, lot_no: str, fields: Iterable[EntryField], typed: Mapping[tuple[str, str], str]
    ) -> Iterator[Entry]:
        now = self._deps.clock.now()
        for item in fields:
            text = typed.get((item.label, item.name), "")
            if text.strip() and not item.given:
                with contextlib.suppress(OperatorError):
                    yield Entry("", lot_no, item.label, item.name, checked_text(item, text), "", now)

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
            raise OperatorError("testing.incomplete", count=len(lacking), **_first(lacking[0]))
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
        own = own_texts_of(evaluation)
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
            keep_tables(uow, self._deps.blobs, own, stored.at)
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
