"""Raw record, review and signatures: who may sign what, in which order, and what a return does. All of it is only ever added.

A *raw record* holds one evaluation for signing by main tester and checker. A *draft* is one round of one issue of a report;
tested, reviewed and approved are signed on it by three different people. A return ends the round; the next one starts with a
new raw record, and the earlier round stays on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Field, Person, Role
from labdesk.domain.reporting import SignatureRole


class Subject(StrEnum):
    """What a signature stands under."""

    RECORD = "record"
    REPORT = "report"


ORDER = {
    Subject.RECORD: (SignatureRole.TESTED, SignatureRole.CHECKED),
    Subject.REPORT: (SignatureRole.TESTED, SignatureRole.REVIEWED, SignatureRole.APPROVED),
}
NEEDED_ROLE = {
    SignatureRole.TESTED: Role.TECHNICIAN,
    SignatureRole.CHECKED: Role.CHECKER,
    SignatureRole.REVIEWED: Role.REVIEWER,
    SignatureRole.APPROVED: Role.SIGNATORY,
}


@dataclass(frozen=True)
class RawRecord:
    """The raw record (原始记录) of one evaluation.

    Attributes:
        id: UUIDv7.
        number: continuous per year (``YS-2026-00012``).
        lot_no, evaluation_id: what it records.
        content_sha256: canonical hash of the stored evaluation with its input: what is signed.
        created_at: when.
    """

    id: str
    number: str
    lot_no: str
    evaluation_id: str
    content_sha256: str
    created_at: datetime


@dataclass(frozen=True)
class Draft:
    """One round of one issue of a report.

    Attributes:
        report_no: ``BG-2026-03311``.
        issue_no: 1, then 2 ... when an issue replaces an earlier one.
        round: 1, then 2 ... after returns.
        record_id, evaluation_id, content_sha256: what it reports.
    """

    id: str
    report_no: str
    issue_no: int
    round: int
    lot_no: str
    record_id: str
    evaluation_id: str
    content_sha256: str
    created_at: datetime


@dataclass(frozen=True)
class Signature:
    """One signature, given with the PIN typed again.

    Attributes:
        subject, subject_id: raw record or draft.
        lot_no, field: the lot and its field, for the rules in the database.
        content_sha256: what was on the screen.
        reference: letter of authorisation, for an approval.
    """

    id: str
    subject: Subject
    subject_id: str
    lot_no: str
    field: Field
    role: SignatureRole
    person_id: str
    person_name: str
    at: datetime
    content_sha256: str
    reference: str = ""


@dataclass(frozen=True)
class Return:
    """A draft or raw record given back with a reason."""

    id: str
    subject_id: str
    lot_no: str
    reason: str
    person_id: str
    person_name: str
    at: datetime


@dataclass(frozen=True)
class Viewing:
    """Somebody opened one page of a subject (a curve, the photos, the custody): no blind signature."""

    id: str
    subject_id: str
    person_id: str
    item: str
    at: datetime


def next_role(subject: Subject, signatures: Iterable[Signature]) -> SignatureRole | None:
    """The role whose signature is next, ``None`` when all have signed."""
    signed = {signature.role for signature in signatures}
    return next((role for role in ORDER[subject] if role not in signed), None)


@dataclass(frozen=True)
class SigningCase:
    """Everything the rule needs to say whether ``person`` may sign now."""

    subject: Subject
    role: SignatureRole
    person: Person
    field: Field
    day: date
    signatures: tuple[Signature, ...]
    testers: frozenset[str]
    returned: bool
    unseen: tuple[str, ...]


def check_may_sign(case: SigningCase) -> None:
    """Raise the sentence of the first rule that stands against the signature.

    Raises:
        OperatorError: ``review.returned``, ``review.signed_already``, ``review.not_turn``, ``review.role_missing``,
            ``review.same_person``, ``review.own_test``, ``review.not_tester``, ``review.not_signatory``, ``review.not_seen``.
    """
    person = case.person
    if case.returned:
        raise OperatorError("review.returned")
    if any(signature.role is case.role for signature in case.signatures):
        raise OperatorError("review.signed_already", role=_role(case.role))
    turn = next_role(case.subject, case.signatures)
    if turn is not case.role:
        raise OperatorError("review.not_turn", role=_role(case.role), turn=_role(turn) if turn else "-")
    if not person.may(NEEDED_ROLE[case.role]):
        raise OperatorError("review.role_missing", name=person.name, role=_role(case.role))
    if any(signature.person_id == person.id for signature in case.signatures):
        raise OperatorError("review.same_person", name=person.name)
    _check_testing(case)
    if case.role is SignatureRole.APPROVED and not person.may_approve(case.field, case.day):
        raise OperatorError("review.not_signatory", name=person.name, field=f"@review.field.{case.field.value}")
    if case.role is not SignatureRole.TESTED and case.unseen:
        raise OperatorError("review.not_seen", count=len(case.unseen), item=case.unseen[0])


def _role(role: SignatureRole) -> str:
    """The role as a word of the sentence's language."""
    return f"@review.role.{role.value}"


def _check_testing(case: SigningCase) -> None:
    tested = case.person.id in case.testers
    if case.role is SignatureRole.TESTED:
        if not tested:
            raise OperatorError("review.not_tester", name=case.person.name)
    elif tested:
        raise OperatorError("review.own_test", name=case.person.name)
