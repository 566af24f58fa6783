"""Everything that is known about one lot when it is signed: read once, then judged by the rules of ``domain/review.py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Draft, RawRecord, Return, Signature, SigningCase, Subject, next_role
from labdesk.domain.run_gaps import GapReason, open_gaps
from labdesk.domain.specimens import Lot
from labdesk.domain.store import UnitOfWork
from labdesk.domain.testing import Entry, Invalidation, LostRunFinding, Run, StoredEvaluation
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.lot_forms import form_by

CUSTODY_ITEM = "custody"
ENTRIES_ITEM = "entries"
"""What was typed, for methods whose values come from an entry sheet."""


def curve_item(label: str) -> str:
    """Name of a specimen's curve among the pages to open."""
    return f"curve:{label}"


def photo_item(sha256: str) -> str:
    """Name of a photo among the pages to open."""
    return f"photo:{sha256}"


@dataclass(frozen=True)
class BenchFacts:
    """What the bench added to a lot: every run, also invalid and lost ones, and every entry, also corrected ones."""

    runs: tuple[Run, ...]
    findings: tuple[LostRunFinding, ...]
    invalidations: tuple[Invalidation, ...]
    entries: tuple[Entry, ...]
    gap_reasons: tuple[GapReason, ...] = ()

    def open_gaps(self) -> tuple[Run, ...]:
        """Runs that do not count until somebody decides about their gap."""
        return open_gaps(self.runs, (*self.findings, *self.invalidations, *self.gap_reasons))

    def testers(self) -> frozenset[str]:
        """Everybody who loaded, read or measured something: they may not check, review or approve it."""
        people = {run.operator_id for run in self.runs} | {entry.person_id for entry in self.entries}
        for finding in self.findings:
            people |= {finding.reader_id, finding.second_id}
        return frozenset(people)


@dataclass(frozen=True)
class ReviewFacts:
    """A raw record or draft with all it stands on.

    Attributes:
        subject, subject_id: what is signed; an empty id while the raw record is not made yet.
        number: of the raw record or report; the lot's number while there is neither.
        record, draft: ``None`` where not made (draft: also for the raw record itself).
        stored: the evaluation that is signed.
        newest_evaluation_id: the newest one of the lot; signing an older one is refused.
    """

    subject: Subject
    subject_id: str
    number: str
    lot: Lot
    commission: Commission | None
    record: RawRecord | None
    draft: Draft | None
    stored: StoredEvaluation
    newest_evaluation_id: str
    bench: BenchFacts
    signatures: tuple[Signature, ...]
    record_signatures: tuple[Signature, ...]
    returned: Return | None

    @property
    def content_sha256(self) -> str:
        """Hash of the evaluation with its input as it is stored now."""
        return canonical_hash(self.stored)

    @property
    def expected_sha256(self) -> str:
        """Hash that record or draft were made for."""
        holder = self.draft or self.record
        return holder.content_sha256 if holder is not None else self.content_sha256

    def order(self) -> LotOrder | None:
        """The lot as it was commissioned."""
        orders = self.commission.lots if self.commission is not None else ()
        return next((order for order in orders if order.index == self.lot.lot_index), None)

    def photos(self) -> tuple[tuple[str, str], ...]:
        """Hash and caption of every photo: of the sampling on site, and of displays read by hand."""
        order = self.order()
        site = [(photo.sha256, photo.caption) for photo in order.sampling.photos] if order is not None else []
        displays = [(item.photo_sha256, item.reason) for item in self.bench.findings if item.photo_sha256]
        return tuple(dict([*site, *displays]).items())

    def items(self) -> tuple[str, ...]:
        """The pages that must be opened before signing: every curve, every photo, a sheet's entries, the custody."""
        curves = [curve_item(piece.label) for piece in self.stored.lot.specimens if piece.run_hash is not None]
        by_sheet = form_by(self.stored.lot.method, self.stored.evaluation.rules) is not None
        entries = (ENTRIES_ITEM,) if by_sheet else ()
        return (*curves, *(photo_item(sha256) for sha256, _ in self.photos()), *entries, CUSTODY_ITEM)

    def next_role(self) -> SignatureRole | None:
        """Whose signature is next."""
        return next_role(self.subject, self.signatures)

    def case(self, role: SignatureRole, person: Person, seen: set[str], at: datetime) -> SigningCase:
        """The question whether ``person`` may sign as ``role`` now."""
        return SigningCase(
            subject=self.subject,
            role=role,
            person=person,
            field=self.lot.field,
            day=at.astimezone(UTC).date(),
            signatures=self.signatures,
            testers=self.bench.testers(),
            returned=self.returned is not None,
            unseen=tuple(item for item in self.items() if item not in seen),
        )


def load_subject(uow: UnitOfWork, subject: Subject, subject_id: str) -> ReviewFacts:
    """The facts of a raw record or draft; raises OperatorError ``review.no_such_subject``."""
    draft = uow.review.draft(subject_id) if subject is Subject.REPORT else None
    record = uow.review.record(draft.record_id if draft is not None else subject_id)
    if record is None or (subject is Subject.REPORT and draft is None):
        raise OperatorError("review.no_such_subject", id=subject_id[:36])
    stored = uow.testing.evaluation(record.evaluation_id)
    if stored is None:
        raise OperatorError("review.not_evaluated", lot=record.lot_no)
    return _facts(uow, stored, record, draft)


def load_unsubmitted(uow: UnitOfWork, stored: StoredEvaluation) -> ReviewFacts:
    """The facts of an evaluated lot whose raw record is still to be made."""
    return _facts(uow, stored, None, None)


def _facts(uow: UnitOfWork, stored: StoredEvaluation, record: RawRecord | None, draft: Draft | None) -> ReviewFacts:
    lot = uow.reception.lot(stored.lot_no)
    if lot is None:
        raise OperatorError("review.no_such_subject", id=stored.lot_no)
    subject_id = draft.id if draft is not None else record.id if record is not None else ""
    number = draft.report_no if draft is not None else record.number if record is not None else lot.number
    evaluations = uow.testing.evaluations_of_lot(lot.number)
    return ReviewFacts(
        subject=Subject.REPORT if draft is not None else Subject.RECORD,
        subject_id=subject_id,
        number=number,
        lot=lot,
        commission=uow.reception.commission(lot.commission_no),
        record=record,
        draft=draft,
        stored=stored,
        newest_evaluation_id=evaluations[-1].id if evaluations else stored.id,
        bench=load_bench(uow, lot.number),
        signatures=tuple(uow.review.signatures_of(subject_id)) if subject_id else (),
        record_signatures=tuple(uow.review.signatures_of(record.id)) if record is not None else (),
        returned=uow.review.return_of(subject_id) if subject_id else None,
    )


def load_bench(uow: UnitOfWork, lot_no: str) -> BenchFacts:
    """What the bench added to a lot."""
    return BenchFacts(
        runs=tuple(uow.testing.runs_of_lot(lot_no)),
        findings=tuple(uow.testing.findings_of_lot(lot_no)),
        invalidations=tuple(uow.testing.invalidations_of_lot(lot_no)),
        entries=tuple(uow.testing.entries_of_lot(lot_no)),
        gap_reasons=tuple(uow.review.gap_reasons.of_lot(lot_no)),
    )


def check_content(facts: ReviewFacts) -> None:
    """Refuse to sign what stands on a run that does not count, is not what the record was made for, or has a newer one beside it.

    Raises:
        OperatorError: ``gaps.open``, ``review.content_changed``, ``review.newer_evaluation``.
    """
    for run in facts.bench.open_gaps():
        raise OperatorError("gaps.open", label=run.specimen_label, number=run.number)
    if facts.content_sha256 != facts.expected_sha256:
        raise OperatorError("review.content_changed", number=facts.number)
    if facts.newest_evaluation_id != facts.stored.id:
        raise OperatorError("review.newer_evaluation", number=facts.number, lot=facts.lot.number)
