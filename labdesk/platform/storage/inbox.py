"""Items waiting for laboratories: offered until acknowledged, without a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from labdesk.domain.sync_ports import InboxKind
from labdesk.platform.storage.tables import InboxAckRow, InboxBlobRow, InboxRow


@dataclass(frozen=True)
class StoredItem:
    """An item with its signed document."""

    id: str
    lab_id: str
    kind: InboxKind
    natural_key: str
    document: bytes
    issued_at: datetime


class InboxItems:
    """Repository of the inbox."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, item: StoredItem, attachments: tuple[str, ...]) -> None:
        """Offer an item; the laboratory may from now on fetch its attachments."""
        self._session.add(
            InboxRow(
                id=item.id,
                lab_id=item.lab_id,
                kind=item.kind.value,
                natural_key=item.natural_key,
                document=item.document,
                issued_at=item.issued_at,
            )
        )
        self._session.flush()
        for sha256 in attachments:
            if not self.may_fetch(item.lab_id, sha256):
                self._session.add(InboxBlobRow(lab_id=item.lab_id, sha256=sha256))
                self._session.flush()

    def pending(self, lab_id: str, limit: int) -> tuple[StoredItem, ...]:
        """The oldest unacknowledged items of a laboratory."""
        query = (
            select(InboxRow)
            .where(InboxRow.lab_id == lab_id, ~exists().where(InboxAckRow.item_id == InboxRow.id))
            .order_by(InboxRow.serial)
            .limit(limit)
        )
        return tuple(
            StoredItem(row.id, row.lab_id, InboxKind(row.kind), row.natural_key, row.document, row.issued_at)
            for row in self._session.scalars(query)
        )

    def acknowledge(self, lab_id: str, item_ids: tuple[str, ...], at: datetime) -> tuple[str, ...]:
        """Mark items as applied; returns those that exist for this laboratory. Told again it changes nothing."""
        known = []
        for item_id in dict.fromkeys(item_ids):
            row = self._session.scalar(select(InboxRow).where(InboxRow.id == item_id, InboxRow.lab_id == lab_id))
            if row is None:
                continue
            known.append(item_id)
            if self._session.get(InboxAckRow, item_id) is None:
                self._session.add(InboxAckRow(item_id=item_id, at=at))
        self._session.flush()
        return tuple(known)

    def may_fetch(self, lab_id: str, sha256: str) -> bool:
        """Whether an item for the laboratory names that blob."""
        return self._session.get(InboxBlobRow, (lab_id, sha256)) is not None
