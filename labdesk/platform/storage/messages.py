"""Messages as they arrived, refusals, delivered blobs and countersigned log heads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UnaryExpression, func, select
from sqlalchemy.orm import Session

from labdesk.domain.outbox import MessageKind
from labdesk.evidence.canonical import loads
from labdesk.platform.storage.tables import AttachmentRow, BlobRow, HeadRow, MessageRow, RefusalRow
from labdesk.wire.bodies import Body, read_body
from labdesk.wire.envelope import Envelope


@dataclass(frozen=True)
class StoredMessage:
    """A message as kept, with its receipt."""

    lab_id: str
    id: str
    kind: MessageKind
    natural_key: str
    sha256: str
    project_code: str
    commission_no: str
    body: Body
    attachments: tuple[str, ...]
    received_at: datetime
    receipt: bytes


@dataclass(frozen=True)
class Arrival:
    """A message about to be kept: the envelope as text (body left out), the decoded body and the signed receipt."""

    envelope: Envelope
    envelope_text: str
    body: Body
    received_at: datetime
    receipt: bytes


@dataclass(frozen=True)
class Head:
    """A countersigned head."""

    lab_id: str
    origin: str
    size: int
    root: str
    note: str


class Messages:
    """Repository of what laboratories have sent."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def one_at_a_time(self, lab_id: str) -> None:
        """Until the end of the transaction no other one takes a message of this laboratory.

        SQLite has one writer anyway; PostgreSQL would let two look before either writes.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            number = int.from_bytes(hashlib.sha256(lab_id.encode("utf-8")).digest()[:8], "big", signed=True)
            self._session.execute(select(func.pg_advisory_xact_lock(number)))

    def add(self, arrival: Arrival) -> None:
        """Keep a message; the database refuses a second one of the same id, or of the same kind and natural key."""
        envelope = arrival.envelope
        self._session.add(
            MessageRow(
                lab_id=envelope.lab_id,
                id=envelope.id,
                kind=envelope.kind.value,
                natural_key=envelope.natural_key,
                stream=envelope.stream,
                sha256=envelope.sha256,
                project_code=arrival.body.project_code,
                commission_no=arrival.body.commission_no,
                day=envelope.created_at.strftime("%Y-%m-%d"),
                body=envelope.body,
                envelope=arrival.envelope_text,
                received_at=arrival.received_at,
                receipt=arrival.receipt,
            )
        )
        self._session.flush()
        for sha256 in envelope.attachments:
            self._session.add(AttachmentRow(lab_id=envelope.lab_id, message_id=envelope.id, sha256=sha256))
        self._session.flush()

    def get(self, lab_id: str, message_id: str) -> StoredMessage | None:
        """One message."""
        row = self._session.get(MessageRow, (lab_id, message_id))
        return None if row is None else self._message(row)

    def by_key(self, lab_id: str, kind: MessageKind, natural_key: str) -> StoredMessage | None:
        """The message of a laboratory about something."""
        query = select(MessageRow).where(
            MessageRow.lab_id == lab_id, MessageRow.kind == kind.value, MessageRow.natural_key == natural_key
        )
        row = self._session.scalar(query)
        return None if row is None else self._message(row)

    def of_commission(self, lab_id: str, commission_no: str) -> tuple[StoredMessage, ...]:
        """Everything a laboratory sent about a commission, in order of arrival."""
        query = select(MessageRow).where(MessageRow.commission_no == commission_no, MessageRow.lab_id == lab_id)
        return self._all(query.order_by(MessageRow.received_at, MessageRow.id))

    def of_project(self, project_code: str, limit: int = 2000) -> tuple[StoredMessage, ...]:
        """Everything that arrived about a project, newest first."""
        query = select(MessageRow).where(MessageRow.project_code == project_code)
        return self._all(query.order_by(MessageRow.received_at.desc(), MessageRow.id.desc()).limit(limit))

    def day_list(self, lab_id: str, day: str) -> dict[str, str]:
        """Id -> SHA-256 of a laboratory's messages made on a day."""
        query = select(MessageRow.id, MessageRow.sha256).where(MessageRow.lab_id == lab_id, MessageRow.day == day)
        return {row.id: row.sha256 for row in self._session.execute(query)}

    def add_refusal(self, envelope: Envelope, reason: str, receipt: bytes, at: datetime) -> None:
        """Keep a refusal, so that it can be shown that and why something was not taken."""
        self._session.add(
            RefusalRow(
                lab_id=envelope.lab_id,
                message_id=envelope.id,
                sha256=envelope.sha256,
                reason=reason,
                at=at,
                receipt=receipt,
            )
        )

    def refusals(self, lab_id: str) -> tuple[tuple[str, str], ...]:
        """Message id and reason of every refusal of a laboratory, in order."""
        query = select(RefusalRow).where(RefusalRow.lab_id == lab_id).order_by(RefusalRow.serial)
        return tuple((row.message_id, row.reason) for row in self._session.scalars(query))

    def add_blob(self, lab_id: str, sha256: str, size: int, at: datetime) -> None:
        """A blob arrived completely; told again it changes nothing."""
        if self._session.get(BlobRow, (lab_id, sha256)) is None:
            self._session.add(BlobRow(lab_id=lab_id, sha256=sha256, size=size, arrived_at=at))
            self._session.flush()

    def missing_blobs(self, lab_id: str, hashes: Iterable[str]) -> tuple[str, ...]:
        """Those of ``hashes`` that the laboratory has not delivered."""
        wanted = tuple(hashes)
        query = select(BlobRow.sha256).where(BlobRow.lab_id == lab_id, BlobRow.sha256.in_(wanted))
        there = set(self._session.scalars(query)) if wanted else set()
        return tuple(item for item in wanted if item not in there)

    def add_head(self, head: Head, at: datetime) -> None:
        """Keep a countersigned head; one per size of a log, held by the database."""
        self._session.add(
            HeadRow(lab_id=head.lab_id, origin=head.origin, size=head.size, root=head.root, note=head.note, at=at)
        )
        self._session.flush()

    def head(self, lab_id: str, origin: str, size: int) -> Head | None:
        """The countersigned head of that size."""
        return _head(self._session.get(HeadRow, (lab_id, origin, size)))

    def smallest_head(self, lab_id: str, origin: str) -> Head | None:
        """The first size of a log that was ever countersigned."""
        return self._end_head(lab_id, origin, HeadRow.size.asc())

    def largest_head(self, lab_id: str, origin: str) -> Head | None:
        """The largest size of a log that was countersigned."""
        return self._end_head(lab_id, origin, HeadRow.size.desc())

    def _end_head(self, lab_id: str, origin: str, order: UnaryExpression[int]) -> Head | None:
        query = select(HeadRow).where(HeadRow.lab_id == lab_id, HeadRow.origin == origin).order_by(order).limit(1)
        return _head(self._session.scalar(query))

    def _all(self, query: object) -> tuple[StoredMessage, ...]:
        return tuple(self._message(row) for row in self._session.scalars(query))  # type: ignore[call-overload]

    def _message(self, row: MessageRow) -> StoredMessage:
        query = select(AttachmentRow.sha256).where(
            AttachmentRow.lab_id == row.lab_id, AttachmentRow.message_id == row.id
        )
        kind = MessageKind(row.kind)
        return StoredMessage(
            lab_id=row.lab_id,
            id=row.id,
            kind=kind,
            natural_key=row.natural_key,
            sha256=row.sha256,
            project_code=row.project_code,
            commission_no=row.commission_no,
            body=read_body(kind, loads(row.body.encode("utf-8"))),
            attachments=tuple(self._session.scalars(query.order_by(AttachmentRow.sha256))),
            received_at=row.received_at,
            receipt=row.receipt,
        )


def _head(row: HeadRow | None) -> Head | None:
    return None if row is None else Head(row.lab_id, row.origin, row.size, row.root, row.note)
