"""Raw records, drafts, signatures and returns; order, four eyes and signatory scope are triggers here as well as rules above."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Integer, String, UniqueConstraint, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.people import Field
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import ORDER, Draft, RawRecord, Return, Signature, Subject, Viewing
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.gap_reasons import GapReasons
from labdesk.storage.triggers import RuleTrigger

T = TypeVar("T")


class RawRecordRow(Base, Appended):
    """A raw record."""

    __tablename__ = "raw_records"
    id: Mapped[str] = key_column(36)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    evaluation_id: Mapped[str] = mapped_column(String(36))
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()


class DraftRow(Base, Appended):
    """One round of one issue of a report."""

    __tablename__ = "report_drafts"
    __table_args__ = (UniqueConstraint("report_no", "issue_no", "round"),)
    id: Mapped[str] = key_column(36)
    report_no: Mapped[str] = mapped_column(String(32), index=True)
    issue_no: Mapped[int] = mapped_column(Integer)
    round: Mapped[int] = mapped_column(Integer)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    record_id: Mapped[str] = mapped_column(String(36))
    evaluation_id: Mapped[str] = mapped_column(String(36))
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()


class SignatureRow(Base, Appended):
    """A signature."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("subject_id", "role"),)
    id: Mapped[str] = key_column(36)
    subject: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(36), index=True)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    field: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()
    content_sha256: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(80))


class ReturnRow(Base, Appended):
    """A raw record or draft given back; once each."""

    __tablename__ = "returns"
    __table_args__ = (UniqueConstraint("subject_id"),)
    id: Mapped[str] = key_column(36)
    subject_id: Mapped[str] = mapped_column(String(36))
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    reason: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()


class ViewingRow(Base, Appended):
    """A page of a subject that somebody opened."""

    __tablename__ = "viewings"
    __table_args__ = (UniqueConstraint("subject_id", "person_id", "item"),)
    id: Mapped[str] = key_column(36)
    subject_id: Mapped[str] = mapped_column(String(36), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    item: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()


def _signed(role: str, subject: str = "NEW.subject_id") -> str:
    return f"EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = {subject} AND s.role = '{role}')"


# Who loaded, typed a measured value or read a display has tested the lot.
_TESTED_BY_SIGNER = (
    "SELECT 1 FROM runs r WHERE r.lot_no = NEW.lot_no AND r.operator_id = NEW.person_id "
    "UNION ALL SELECT 1 FROM entries e WHERE e.lot_no = NEW.lot_no AND e.person_id = NEW.person_id "
    "UNION ALL SELECT 1 FROM lost_run_findings f JOIN runs q ON q.id = f.run_id WHERE q.lot_no = NEW.lot_no "
    "AND NEW.person_id IN (f.reader_id, f.second_id)"
)

# A raw record of the lot that bears a signature and was not given back, neither itself nor as the report made of it.
_STANDING_SIGNATURE = (
    "SELECT 1 FROM raw_records k JOIN signatures s ON s.subject_id = k.id WHERE k.lot_no = NEW.lot_no "
    "AND NOT EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = k.id) "
    "AND NOT EXISTS (SELECT 1 FROM returns b JOIN report_drafts d ON d.id = b.subject_id WHERE d.record_id = k.id)"
)

RULES = (
    RuleTrigger(
        name="raw_records_evaluation",
        table="raw_records",
        refuse_when="NOT EXISTS (SELECT 1 FROM evaluations v WHERE v.id = NEW.evaluation_id AND v.lot_no = NEW.lot_no)",
        key="review.subject_db",
    ),
    RuleTrigger(
        name="signatures_main_tester",
        table="signatures",
        refuse_when=f"NEW.role = 'tested' AND NOT EXISTS ({_TESTED_BY_SIGNER})",
        key="review.not_tester_db",
    ),
    RuleTrigger(
        name="signatures_same_person",
        table="signatures",
        refuse_when="EXISTS (SELECT 1 FROM signatures s WHERE s.subject_id = NEW.subject_id AND s.person_id = NEW.person_id)",
        key="review.same_person_db",
    ),
    RuleTrigger(
        name="signatures_own_test",
        table="signatures",
        refuse_when=f"NEW.role IN ('checked', 'reviewed', 'approved') AND EXISTS ({_TESTED_BY_SIGNER})",
        key="review.own_test_db",
    ),
    RuleTrigger(
        name="signatures_order",
        table="signatures",
        refuse_when=f"(NEW.role IN ('checked', 'reviewed') AND NOT {_signed('tested')}) "
        f"OR (NEW.role = 'approved' AND NOT {_signed('reviewed')})",
        key="review.order_db",
    ),
    RuleTrigger(
        name="signatures_subject",
        table="signatures",
        refuse_when="(NEW.subject = 'record' AND NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.subject_id "
        "AND k.lot_no = NEW.lot_no AND k.content_sha256 = NEW.content_sha256 AND NEW.role IN ('tested', 'checked'))) "
        "OR (NEW.subject = 'report' AND NOT EXISTS (SELECT 1 FROM report_drafts d WHERE d.id = NEW.subject_id "
        "AND d.lot_no = NEW.lot_no AND d.content_sha256 = NEW.content_sha256 "
        "AND NEW.role IN ('tested', 'reviewed', 'approved'))) OR NEW.subject NOT IN ('record', 'report')",
        key="review.subject_db",
    ),
    RuleTrigger(
        name="signatures_signatory",
        table="signatures",
        refuse_when="NEW.role = 'approved' AND NOT EXISTS (SELECT 1 FROM signatory_scopes c WHERE c.person_id = NEW.person_id "
        "AND c.field = NEW.field AND c.valid_from <= substr(NEW.at, 1, 10) AND c.valid_to >= substr(NEW.at, 1, 10))",
        key="review.not_signatory_db",
    ),
    RuleTrigger(
        name="signatures_field",
        table="signatures",
        refuse_when="EXISTS (SELECT 1 FROM lots l WHERE l.number = NEW.lot_no AND l.field <> NEW.field)",
        key="review.not_signatory_db",
    ),
    RuleTrigger(
        name="signatures_returned",
        table="signatures",
        refuse_when="EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.subject_id)",
        key="review.returned",
    ),
    RuleTrigger(
        name="report_drafts_record",
        table="report_drafts",
        refuse_when=f"NOT {_signed('tested', 'NEW.record_id')} OR NOT {_signed('checked', 'NEW.record_id')} "
        "OR EXISTS (SELECT 1 FROM returns t WHERE t.subject_id = NEW.record_id)",
        key="review.record_unsigned",
    ),
    RuleTrigger(
        name="report_drafts_content",
        table="report_drafts",
        refuse_when="NOT EXISTS (SELECT 1 FROM raw_records k WHERE k.id = NEW.record_id AND k.lot_no = NEW.lot_no "
        "AND k.evaluation_id = NEW.evaluation_id AND k.content_sha256 = NEW.content_sha256)",
        key="review.subject_db",
    ),
    RuleTrigger(
        name="entries_marks_signed",
        table="entries",
        refuse_when=f"substr(NEW.name, 1, 5) = 'mark_' AND (EXISTS ({_STANDING_SIGNATURE}) "
        "OR EXISTS (SELECT 1 FROM issued_reports i WHERE i.lot_no = NEW.lot_no))",
        key="marks.signed_db",
    ),
    RuleTrigger(
        name="returns_approved",
        table="returns",
        refuse_when=_signed("approved"),
        key="review.approved_already",
    ),
)


def _to_row(row_type: type[Any], fact: Any) -> Any:
    values = {name: value.value if hasattr(value, "value") else value for name, value in vars(fact).items()}
    return row_type(**values)


def _record(row: RawRecordRow) -> RawRecord:
    return RawRecord(row.id, row.number, row.lot_no, row.evaluation_id, row.content_sha256, row.created_at)


def _draft(row: DraftRow) -> Draft:
    return Draft(
        id=row.id,
        report_no=row.report_no,
        issue_no=row.issue_no,
        round=row.round,
        lot_no=row.lot_no,
        record_id=row.record_id,
        evaluation_id=row.evaluation_id,
        content_sha256=row.content_sha256,
        created_at=row.created_at,
    )


def _signature(row: SignatureRow) -> Signature:
    return Signature(
        id=row.id,
        subject=Subject(row.subject),
        subject_id=row.subject_id,
        lot_no=row.lot_no,
        field=Field(row.field),
        role=SignatureRole(row.role),
        person_id=row.person_id,
        person_name=row.person_name,
        at=row.at,
        content_sha256=row.content_sha256,
        reference=row.reference,
    )


class Review:
    """Repository of the stage."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.gap_reasons = GapReasons(session)

    def add_record(self, record: RawRecord) -> None:
        """Keep a raw record."""
        self._session.add(_to_row(RawRecordRow, record))

    def record(self, record_id: str) -> RawRecord | None:
        """A raw record by key."""
        row = self._session.get(RawRecordRow, record_id)
        return None if row is None else _record(row)

    def records_of_lot(self, lot_no: str) -> list[RawRecord]:
        """Raw records of a lot, oldest first."""
        query = select(RawRecordRow).where(RawRecordRow.lot_no == lot_no).order_by(RawRecordRow.id)
        return [_record(row) for row in self._session.scalars(query)]

    def add_draft(self, draft: Draft) -> None:
        """Keep a draft."""
        self._session.add(_to_row(DraftRow, draft))

    def draft(self, draft_id: str) -> Draft | None:
        """A draft by key."""
        row = self._session.get(DraftRow, draft_id)
        return None if row is None else _draft(row)

    def drafts_of_lot(self, lot_no: str) -> list[Draft]:
        """Drafts of a lot, oldest first."""
        query = select(DraftRow).where(DraftRow.lot_no == lot_no).order_by(DraftRow.id)
        return [_draft(row) for row in self._session.scalars(query)]

    def add_signature(self, signature: Signature) -> None:
        """Keep a signature; the database's rules see it at once."""
        self._session.add(_to_row(SignatureRow, signature))

    def signatures_of(self, subject_id: str) -> list[Signature]:
        """Signatures on a subject in order."""
        query = select(SignatureRow).where(SignatureRow.subject_id == subject_id).order_by(SignatureRow.id)
        return [_signature(row) for row in self._session.scalars(query)]

    def add_return(self, returned: Return) -> None:
        """Keep a return."""
        self._session.add(_to_row(ReturnRow, returned))

    def return_of(self, subject_id: str) -> Return | None:
        """The return of a subject."""
        row = self._session.scalar(select(ReturnRow).where(ReturnRow.subject_id == subject_id))
        if row is None:
            return None
        return Return(row.id, row.subject_id, row.lot_no, row.reason, row.person_id, row.person_name, row.at)

    def add_viewing(self, viewing: Viewing) -> None:
        """Keep a viewing; a second one of the same page adds nothing."""
        if viewing.item not in self.viewings_of(viewing.subject_id, viewing.person_id):
            self._session.add(_to_row(ViewingRow, viewing))

    def viewings_of(self, subject_id: str, person_id: str) -> set[str]:
        """What a person opened of a subject."""
        query = select(ViewingRow.item).where(ViewingRow.subject_id == subject_id, ViewingRow.person_id == person_id)
        return set(self._session.scalars(query))

    def open_records(self) -> list[RawRecord]:
        """Raw records waiting for a signature."""
        query = select(RawRecordRow).where(*_open(RawRecordRow.id, Subject.RECORD)).order_by(RawRecordRow.id)
        return [_record(row) for row in self._session.scalars(query)]

    def open_drafts(self) -> list[Draft]:
        """Drafts waiting for a signature."""
        query = select(DraftRow).where(*_open(DraftRow.id, Subject.REPORT)).order_by(DraftRow.id)
        return [_draft(row) for row in self._session.scalars(query)]

    def newest_drafts(self, limit: int) -> list[Draft]:
        """Drafts of every state, newest first."""
        query = select(DraftRow).order_by(DraftRow.id.desc()).limit(limit)
        return [_draft(row) for row in self._session.scalars(query)]


def _open(key: Any, subject: Subject) -> tuple[Any, Any]:
    count = select(func.count()).where(SignatureRow.subject_id == key).scalar_subquery()
    return (count < len(ORDER[subject]), ~exists().where(ReturnRow.subject_id == key))
