"""Runs, findings, entries and evaluations: only ever added; a second loading of a specimen is refused by the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Integer, String, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.evaluation import Evaluation, LotInput, TestKind, Verdict
from labdesk.domain.plain import from_plain
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.testing import Disposition, Entry, Invalidation, LostRunFinding, LotWork, Run, StoredEvaluation
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.triggers import RuleTrigger

Fact = TypeVar("Fact")


class RunRow(Base, Appended):
    """One loading on one machine."""

    __tablename__ = "runs"
    id: Mapped[str] = key_column(36)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    specimen_label: Mapped[str] = mapped_column(String(32), index=True)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    test: Mapped[str] = mapped_column(String(24))
    run_class: Mapped[str] = mapped_column(String(24))
    machine_id: Mapped[str] = mapped_column(String(36))
    machine_number: Mapped[str] = mapped_column(String(40))
    operator_id: Mapped[str] = mapped_column(String(36))
    operator_name: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column()
    sealed_at: Mapped[datetime] = mapped_column()
    sealed_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    end_reason: Mapped[str] = mapped_column(String(24))
    peak_kn: Mapped[str | None] = mapped_column(String(32))
    loaded: Mapped[int] = mapped_column(Integer)
    marked: Mapped[int] = mapped_column(Integer)
    marks: Mapped[str] = mapped_column(String(200), default="")


class FindingRow(Base, Appended):
    """What people found after a run was lost in mid-test; one per run."""

    __tablename__ = "lost_run_findings"
    __table_args__ = (UniqueConstraint("run_id"),)
    id: Mapped[str] = key_column(36)
    run_id: Mapped[str] = mapped_column(String(36))
    disposition: Mapped[str] = mapped_column(String(24))
    peak_kn: Mapped[str | None] = mapped_column(String(32))
    photo_sha256: Mapped[str] = mapped_column(String(64))
    reader_id: Mapped[str] = mapped_column(String(36))
    second_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column()
    at: Mapped[datetime] = mapped_column()


class InvalidationRow(Base, Appended):
    """A run declared invalid and the spare that takes its place; one per run, one per spare."""

    __tablename__ = "invalidations"
    __table_args__ = (UniqueConstraint("run_id"), UniqueConstraint("replacement_label"))
    id: Mapped[str] = key_column(36)
    run_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column()
    replacement_label: Mapped[str | None] = mapped_column(String(32))
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()


class EntryRow(Base, Appended):
    """A hand entry as typed."""

    __tablename__ = "entries"
    id: Mapped[str] = key_column(36)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    specimen_label: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()
    reason: Mapped[str] = mapped_column()


class EvaluationRow(Base, Appended):
    """An evaluation with its input."""

    __tablename__ = "evaluations"
    id: Mapped[str] = key_column(36)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    lot: Mapped[bytes] = mapped_column()
    evaluation: Mapped[bytes] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()
    reason: Mapped[str] = mapped_column()


_LOADED_BEFORE = (
    "EXISTS (SELECT 1 FROM runs r WHERE r.specimen_label = NEW.specimen_label AND r.run_class = 'test' AND r.loaded = 1 "
    "AND NOT EXISTS (SELECT 1 FROM lost_run_findings f WHERE f.run_id = r.id AND f.disposition = 'unbroken'))"
)

RULES = (
    RuleTrigger(
        name="runs_second_loading",
        table="runs",
        refuse_when=f"NEW.run_class = 'test' AND NEW.loaded = 1 AND {_LOADED_BEFORE}",
        key="testing.second_loading",
    ),
    RuleTrigger(
        name="runs_specimen",
        table="runs",
        refuse_when="NEW.run_class = 'test' AND (NEW.specimen_label = '' OR NEW.lot_no = '')",
        key="testing.run_without_specimen",
    ),
    RuleTrigger(
        name="findings_two_people",
        table="lost_run_findings",
        refuse_when="NEW.reader_id = NEW.second_id OR NEW.reader_id = '' OR NEW.second_id = ''",
        key="testing.two_people",
    ),
    RuleTrigger(
        name="findings_evidence",
        table="lost_run_findings",
        refuse_when="(NEW.disposition = 'peak-on-display' AND (NEW.peak_kn IS NULL OR NEW.photo_sha256 = '')) "
        "OR (NEW.disposition <> 'peak-on-display' AND NEW.peak_kn IS NOT NULL)",
        key="testing.reading_needs_photo",
    ),
    RuleTrigger(
        name="findings_reason",
        table="lost_run_findings",
        refuse_when="NEW.reason = ''",
        key="testing.reason_needed",
    ),
    RuleTrigger(
        name="findings_lost_run",
        table="lost_run_findings",
        refuse_when="NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = NEW.run_id AND r.run_class = 'test' "
        "AND r.end_reason <> 'break')",
        key="testing.run_not_lost",
    ),
    RuleTrigger(
        name="invalidations_reason",
        table="invalidations",
        refuse_when="NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = NEW.run_id)",
        key="testing.invalidation_reason",
    ),
    RuleTrigger(
        name="invalidations_fresh_spare",
        table="invalidations",
        refuse_when="NEW.replacement_label IS NOT NULL AND EXISTS (SELECT 1 FROM runs r WHERE r.run_class = 'test' "
        "AND r.specimen_label = NEW.replacement_label AND r.loaded = 1)",
        key="testing.replacement_used",
    ),
)


class Testing:
    """Repository of the stage."""

    __test__: ClassVar[bool] = False

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_run(self, run: Run) -> None:
        """Keep a sealed run."""
        values = _plain_values(run)
        values["test"] = run.test.value if run.test else ""
        values["loaded"], values["marked"] = int(run.loaded), int(run.marked)
        values["marks"] = " ".join(mark.value for mark in run.marks)
        self._session.add(RunRow(**values))

    def run(self, run_id: str) -> Run | None:
        """A run by key."""
        row = self._session.get(RunRow, run_id)
        return None if row is None else _run(row)

    def runs_of_lot(self, lot_no: str) -> list[Run]:
        """All runs of a lot's specimens in order of number."""
        query = select(RunRow).where(RunRow.lot_no == lot_no).order_by(RunRow.number)
        return [_run(row) for row in self._session.scalars(query)]

    def runs_of_specimen(self, label: str) -> list[Run]:
        """All runs of a specimen in order of number."""
        query = select(RunRow).where(RunRow.specimen_label == label).order_by(RunRow.number)
        return [_run(row) for row in self._session.scalars(query)]

    def work_of(self, lot_nos: Sequence[str]) -> list[LotWork]:
        """What was done with each of many lots, in the order asked for."""
        mine = RunRow.lot_no.in_(lot_nos)
        runs = select(RunRow).where(mine).order_by(RunRow.number)
        findings = select(RunRow.lot_no, FindingRow).join(RunRow, RunRow.id == FindingRow.run_id).where(mine)
        invalid = select(RunRow.lot_no, InvalidationRow).join(RunRow, RunRow.id == InvalidationRow.run_id).where(mine)
        verdicts = select(EvaluationRow.lot_no, EvaluationRow.evaluation).where(EvaluationRow.lot_no.in_(lot_nos))
        by_lot = _grouped((row.lot_no, _run(row)) for row in self._session.scalars(runs))
        found = _grouped((no, _finding(row)) for no, row in self._session.execute(findings.order_by(FindingRow.id)))
        gone = _grouped(
            (no, _invalidation(row)) for no, row in self._session.execute(invalid.order_by(InvalidationRow.id))
        )
        newest = {no: bytes(body) for no, body in self._session.execute(verdicts.order_by(EvaluationRow.id))}
        return [
            LotWork(no, by_lot.get(no, ()), found.get(no, ()), gone.get(no, ()), _verdict(newest.get(no)))
            for no in lot_nos
        ]

    def newest_runs(self, limit: int) -> list[Run]:
        """The newest runs of every class, newest first."""
        query = select(RunRow).order_by(RunRow.number.desc()).limit(limit)
        return [_run(row) for row in self._session.scalars(query)]

    def find_runs(self, words: str, limit: int) -> list[Run]:
        """Runs whose number, specimen, lot, machine or operator has all of ``words``, newest first."""
        query = select(RunRow).order_by(RunRow.number.desc()).limit(limit)
        told = (RunRow.number, RunRow.specimen_label, RunRow.lot_no, RunRow.machine_number, RunRow.operator_name)
        for word in words.split():
            query = query.where(or_(*(column.contains(word, autoescape=True) for column in told)))
        return [_run(row) for row in self._session.scalars(query)]

    def count_of_machine(self, machine_id: str) -> int:
        """How many runs of every class a machine has made."""
        query = select(func.count()).select_from(RunRow).where(RunRow.machine_id == machine_id)
        return self._session.scalar(query) or 0

    def add_finding(self, finding: LostRunFinding) -> None:
        """Keep what people found."""
        self._session.add(FindingRow(**_plain_values(finding)))

    def findings_of_lot(self, lot_no: str) -> list[LostRunFinding]:
        """Findings after lost runs of a lot."""
        query = select(FindingRow).join(RunRow, RunRow.id == FindingRow.run_id).where(RunRow.lot_no == lot_no)
        return [_finding(row) for row in self._session.scalars(query.order_by(FindingRow.id))]

    def finding_of_run(self, run_id: str) -> LostRunFinding | None:
        """What people found after a run."""
        row = self._session.scalar(select(FindingRow).where(FindingRow.run_id == run_id))
        return None if row is None else _finding(row)

    def add_invalidation(self, invalidation: Invalidation) -> None:
        """Keep that a run is invalid."""
        values = _plain_values(invalidation)
        values["replacement_label"] = invalidation.replacement_label or None
        self._session.add(InvalidationRow(**values))

    def invalidations_of_lot(self, lot_no: str) -> list[Invalidation]:
        """Invalid runs of a lot."""
        query = select(InvalidationRow).join(RunRow, RunRow.id == InvalidationRow.run_id).where(RunRow.lot_no == lot_no)
        return [_invalidation(row) for row in self._session.scalars(query.order_by(InvalidationRow.id))]

    def add_entry(self, entry: Entry) -> None:
        """Keep a hand entry."""
        self._session.add(EntryRow(**_plain_values(entry)))

    def entries_of_lot(self, lot_no: str) -> list[Entry]:
        """All entries of a lot, oldest first."""
        query = select(EntryRow).where(EntryRow.lot_no == lot_no).order_by(EntryRow.id)
        return [_entry(row) for row in self._session.scalars(query)]

    def add_evaluation(self, evaluation: StoredEvaluation) -> None:
        """Keep an evaluation."""
        self._session.add(
            EvaluationRow(
                id=evaluation.id,
                lot_no=evaluation.lot_no,
                lot=canonical_bytes(evaluation.lot),
                evaluation=canonical_bytes(evaluation.evaluation),
                person_id=evaluation.person_id,
                at=evaluation.at,
                reason=evaluation.reason,
            )
        )

    def evaluations_of_lot(self, lot_no: str) -> list[StoredEvaluation]:
        """All evaluations of a lot, oldest first."""
        query = select(EvaluationRow).where(EvaluationRow.lot_no == lot_no).order_by(EvaluationRow.id)
        return [_evaluation(row) for row in self._session.scalars(query)]

    def evaluation(self, evaluation_id: str) -> StoredEvaluation | None:
        """An evaluation by key."""
        row = self._session.get(EvaluationRow, evaluation_id)
        return None if row is None else _evaluation(row)


def _grouped(pairs: Iterable[tuple[str, Fact]]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for lot_no, fact in pairs:
        found[lot_no] = (*found.get(lot_no, ()), fact)
    return found


def _verdict(evaluation: bytes | None) -> Verdict | None:
    return None if evaluation is None else Verdict(json.loads(evaluation)["verdict"])


def _plain_values(fact: object) -> dict[str, Any]:
    values = dict(vars(fact))
    for name, value in values.items():
        if isinstance(value, Decimal):
            values[name] = str(value)
        elif hasattr(value, "value"):
            values[name] = value.value
    return values


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _run(row: RunRow) -> Run:
    return Run(
        id=row.id,
        number=row.number,
        specimen_label=row.specimen_label,
        lot_no=row.lot_no,
        test=TestKind(row.test) if row.test else None,
        run_class=RunClass(row.run_class),
        machine_id=row.machine_id,
        machine_number=row.machine_number,
        operator_id=row.operator_id,
        operator_name=row.operator_name,
        started_at=row.started_at,
        sealed_at=row.sealed_at,
        sealed_sha256=row.sealed_sha256,
        end_reason=EndReason(row.end_reason),
        peak_kn=_decimal(row.peak_kn),
        loaded=bool(row.loaded),
        marked=bool(row.marked),
        marks=tuple(RunMark(mark) for mark in row.marks.split()),
    )


def _finding(row: FindingRow) -> LostRunFinding:
    return LostRunFinding(
        id=row.id,
        run_id=row.run_id,
        disposition=Disposition(row.disposition),
        peak_kn=_decimal(row.peak_kn),
        photo_sha256=row.photo_sha256,
        reader_id=row.reader_id,
        second_id=row.second_id,
        reason=row.reason,
        at=row.at,
    )


def _invalidation(row: InvalidationRow) -> Invalidation:
    return Invalidation(row.id, row.run_id, row.reason, row.replacement_label or "", row.person_id, row.at)


def _entry(row: EntryRow) -> Entry:
    return Entry(
        id=row.id,
        lot_no=row.lot_no,
        specimen_label=row.specimen_label,
        name=row.name,
        text=row.text,
        person_id=row.person_id,
        at=row.at,
        reason=row.reason,
    )


def _evaluation(row: EvaluationRow) -> StoredEvaluation:
    return StoredEvaluation(
        id=row.id,
        lot_no=row.lot_no,
        lot=from_plain(LotInput, json.loads(row.lot)),
        evaluation=from_plain(Evaluation, json.loads(row.evaluation)),
        person_id=row.person_id,
        at=row.at,
        reason=row.reason,
    )
