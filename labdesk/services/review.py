"""Raw record, signatures and returns as transactions: what is signed, told to the platform and kept is one thing or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.messages import Actor as Signer
from labdesk.domain.messages import SignatureBody
from labdesk.domain.numbers import RECORD_PREFIX, REPORT_PREFIX
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import (
    NEEDED_ROLE,
    Draft,
    RawRecord,
    Return,
    Signature,
    Subject,
    Viewing,
    check_may_sign,
)
from labdesk.domain.store import Actor, Store, UnitOfWork
from labdesk.domain.testing import StoredEvaluation
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.outgoing import Outgoing
from labdesk.services.review_facts import ReviewFacts, check_content, load_bench, load_subject


class PinCheck(Protocol):
    """The PIN typed again for a signature (``services/sign_in.py``)."""

    def check_pin(self, person: Person, pin: str) -> None:
        """Raises OperatorError unless the PIN is the person's."""
        ...


class ReportRequester(Protocol):
    """Asks for the report code in the transaction of the approval (``services/reporting.py``)."""

    def approved(self, uow: UnitOfWork, draft: Draft, at: datetime) -> None:
        """The draft has its last signature."""
        ...


class ReviewService:
    """Submitting, signing, returning, and keeping what was opened."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource, pins: PinCheck, requester: ReportRequester) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._pins = pins
        self._requester = requester
        self._outgoing = Outgoing(clock, ids)

    def submit_record(self, lot_no: str, session: Session) -> RawRecord:
        """Make the raw record of a lot's newest evaluation, to be signed by main tester and checker.

        Raises:
            OperatorError: ``review.not_evaluated``, ``review.record_exists``, ``review.role_missing`` or ``review.not_tester``.
        """
        person = self._present(session)
        if not person.may(Role.TECHNICIAN):
            raise OperatorError("review.role_missing", name=person.name, role="@review.role.tested")
        with self._store.write(Actor(person.id, session.station)) as uow:
            stored = submittable(uow, lot_no)
            if person.id not in load_bench(uow, lot_no).testers():
                raise OperatorError("review.not_tester", name=person.name)
            now = self._clock.now()
            record_id = self._ids.new_id()
            number = uow.numbers.take(RECORD_PREFIX, now.year, record_id, now).text()
            record = RawRecord(record_id, number, lot_no, stored.id, canonical_hash(stored), now)
            uow.review.add_record(record)
            uow.commit()
        with self._store.read() as uow:
            kept = uow.review.record(record.id)
        if kept != record:
            raise EnvironmentFault("review.not_kept", number=record.number)
        return record

    def submit_and_sign(self, lot_no: str, session: Session, pin: str) -> Signature:
        """Main tester: make the raw record and sign it. A wrong PIN leaves nothing behind."""
        self._pins.check_pin(self._present(session), pin)
        record = self.submit_record(lot_no, session)
        return self._sign_checked(Subject.RECORD, record.id, SignatureRole.TESTED, session)

    def may_sign(self, subject: Subject, subject_id: str, role: SignatureRole, person: Person) -> None:
        """Raise the sentence of the first rule against this person's signature now."""
        with self._store.read() as uow:
            facts = load_subject(uow, subject, subject_id)
            self._check(uow, facts, role, person)

    def sign(self, subject: Subject, subject_id: str, role: SignatureRole, session: Session, pin: str) -> Signature:
        """Sign with the PIN typed again; CHECKED makes the draft, APPROVED asks for the report code, in the same transaction.

        Raises:
            OperatorError: a rule of ``check_may_sign``, a wrong PIN, content that changed; or the database's own refusal.
            EnvironmentFault: ``review.not_kept`` where it cannot be read back.
        """
        person = self._present(session)
        self.may_sign(subject, subject_id, role, person)
        self._pins.check_pin(person, pin)
        return self._sign_checked(subject, subject_id, role, session)

    def give_back(self, subject: Subject, subject_id: str, reason: str, session: Session) -> Return:
        """Give a raw record or draft back with a reason; it ends this round, nothing is deleted.

        Raises:
            OperatorError: ``review.no_reason``, ``review.may_not_return``, ``review.returned``, ``review.approved_already``.
        """
        person = self._present(session)
        if not reason.strip():
            raise OperatorError("review.no_reason")
        with self._store.write(Actor(person.id, session.station)) as uow:
            facts = load_subject(uow, subject, subject_id)
            role = facts.next_role()
            if facts.returned is not None:
                raise OperatorError("review.returned")
            if role is None:
                raise OperatorError("review.approved_already")
            if not (person.may(NEEDED_ROLE[role]) or person.may(Role.QUALITY)):
                raise OperatorError("review.may_not_return", name=person.name, number=facts.number)
            now = self._clock.now()
            returned = Return(
                self._ids.new_id(), subject_id, facts.lot.number, reason.strip(), person.id, person.name, now
            )
            uow.review.add_return(returned)
            detail = {"number": facts.number, "reason": returned.reason}
            self._custody(uow, facts, CustodyKind.RETURNED, session, detail)
            uow.commit()
        with self._store.read() as uow:
            if uow.review.return_of(subject_id) != returned:
                raise EnvironmentFault("review.not_kept", number=facts.number)
        return returned

    def view(self, subject: Subject, subject_id: str, item: str, session: Session) -> None:
        """Keep that the person opened a page of the subject; unknown pages are not kept."""
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            facts = load_subject(uow, subject, subject_id)
            if item in facts.items():
                viewing = Viewing(self._ids.new_id(), subject_id, session.person.id, item, self._clock.now())
                uow.review.add_viewing(viewing)
                uow.commit()

    def _present(self, session: Session) -> Person:
        """The person as registered now, not as when the session began: roles may have been taken away since."""
        with self._store.read() as uow:
            person = uow.people.get(session.person.id)
        if person is None or not person.active:
            raise OperatorError("review.not_active", name=session.person.name)
        return person

    def _check(self, uow: UnitOfWork, facts: ReviewFacts, role: SignatureRole, person: Person) -> None:
        seen = uow.review.viewings_of(facts.subject_id, person.id)
        check_may_sign(facts.case(role, person, seen, self._clock.now()))
        check_content(facts)

    def _sign_checked(self, subject: Subject, subject_id: str, role: SignatureRole, session: Session) -> Signature:
        person = self._present(session)
        with self._store.write(Actor(person.id, session.station)) as uow:
            facts = load_subject(uow, subject, subject_id)
            self._check(uow, facts, role, person)
            now = self._clock.now()
            signature = self._signature(facts, role, person, now)
            uow.review.add_signature(signature)
            uow.flush()
            self._custody(uow, facts, CustodyKind.SIGNED, session, {"role": role.value, "number": facts.number})
            self._outgoing.queue(uow, _body(facts, signature))
            if role is SignatureRole.CHECKED:
                uow.review.add_draft(self._draft(uow, facts, now))
            if role is SignatureRole.APPROVED and facts.draft is not None:
                self._requester.approved(uow, facts.draft, now)
            uow.commit()
        with self._store.read() as uow:
            if signature not in uow.review.signatures_of(subject_id):
                raise EnvironmentFault("review.not_kept", number=facts.number)
        return signature

    def _signature(self, facts: ReviewFacts, role: SignatureRole, person: Person, at: datetime) -> Signature:
        letters = [item for item in person.signatory if item.covers(facts.lot.field, at.astimezone(UTC).date())]
        return Signature(
            id=self._ids.new_id(),
            subject=facts.subject,
            subject_id=facts.subject_id,
            lot_no=facts.lot.number,
            field=facts.lot.field,
            role=role,
            person_id=person.id,
            person_name=person.name,
            at=at,
            content_sha256=facts.content_sha256,
            reference=letters[0].reference if role is SignatureRole.APPROVED and letters else "",
        )

    def _draft(self, uow: UnitOfWork, facts: ReviewFacts, at: datetime) -> Draft:
        """The next round: of a new report, of the same issue after a return, or of a further issue that replaces one."""
        draft_id = self._ids.new_id()
        earlier = uow.review.drafts_of_lot(facts.lot.number)
        report_no, issue_no, number = "", 1, 1
        if earlier:
            last = earlier[-1]
            issued = uow.reporting.issued(last.id) is not None
            report_no, issue_no, number = last.report_no, last.issue_no + issued, 1 if issued else last.round + 1
        else:
            report_no = uow.numbers.take(REPORT_PREFIX, at.year, draft_id, at).text()
        return Draft(
            id=draft_id,
            report_no=report_no,
            issue_no=issue_no,
            round=number,
            lot_no=facts.lot.number,
            record_id=facts.subject_id,
            evaluation_id=facts.stored.id,
            content_sha256=facts.content_sha256,
            created_at=at,
        )

    def _custody(
        self, uow: UnitOfWork, facts: ReviewFacts, kind: CustodyKind, session: Session, detail: dict[str, str]
    ) -> None:
        uow.custody.add(
            CustodyEvent(
                id=self._ids.new_id(),
                kind=kind,
                commission_no=facts.lot.commission_no,
                subject=facts.lot.number,
                person=session.person.name,
                station=session.station,
                at=self._clock.now(),
                detail=detail,
            )
        )


def submittable(uow: UnitOfWork, lot_no: str) -> StoredEvaluation:
    """The evaluation a new raw record of the lot would hold.

    A new record is possible when there is none, when the last round was returned, or when the last report was issued and a
    newer evaluation with a reason stands beside the reported one.

    Raises:
        OperatorError: ``review.not_evaluated``, ``review.record_exists``.
    """
    evaluations = uow.testing.evaluations_of_lot(lot_no)
    if not evaluations:
        raise OperatorError("review.not_evaluated", lot=lot_no)
    newest = evaluations[-1]
    records = uow.review.records_of_lot(lot_no)
    if records and not _ended(uow, records[-1], newest):
        raise OperatorError("review.record_exists", lot=lot_no, number=records[-1].number)
    return newest


def _ended(uow: UnitOfWork, record: RawRecord, newest: StoredEvaluation) -> bool:
    if uow.review.return_of(record.id) is not None:
        return True
    draft = next(
        (item for item in reversed(uow.review.drafts_of_lot(record.lot_no)) if item.record_id == record.id), None
    )
    if draft is None:
        return False
    if uow.review.return_of(draft.id) is not None:
        return True
    replaced = newest.id != record.evaluation_id and bool(newest.reason.strip())
    return replaced and uow.reporting.issued(draft.id) is not None


def _body(facts: ReviewFacts, signature: Signature) -> SignatureBody:
    draft = facts.draft
    return SignatureBody(
        commission_no=facts.lot.commission_no,
        project_code=facts.lot.project_code,
        lot_index=facts.lot.lot_index,
        signature_id=signature.id,
        subject=facts.subject.value,
        role=signature.role,
        signer=Signer(signature.person_id, signature.person_name),
        signed_at=signature.at,
        evaluation_sha256=canonical_hash(facts.stored.evaluation),
        report_no=draft.report_no if draft is not None else "",
        issue_no=draft.issue_no if draft is not None else 0,
        authorisation=signature.reference,
    )
