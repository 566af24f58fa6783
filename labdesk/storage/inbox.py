"""What the platform sent, verbatim: the signed document of every item that changed something here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.sync_ports import InboxItem
from labdesk.evidence.canonical import sha256_hex
from labdesk.storage.base import Appended, Base, key_column


class InboxRow(Base, Appended):
    """An item of the platform as it came; commissions, tags and projects here are copies of what these documents say."""

    __tablename__ = "inbox_items"
    id: Mapped[str] = key_column(200)
    kind: Mapped[str] = mapped_column(String(16))
    natural_key: Mapped[str] = mapped_column(String(200), index=True)
    issued_at: Mapped[datetime] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()


class Inbox:
    """Repository of what came."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hash_of(self, item_id: str) -> str | None:
        """SHA-256 of the document of an item that was taken before."""
        row = self._session.get(InboxRow, item_id)
        return None if row is None else row.sha256

    def keep(self, item: InboxItem, received_at: datetime) -> None:
        """Keep an item's document in the transaction of what it changes."""
        self._session.add(
            InboxRow(
                id=item.id,
                kind=item.kind.value,
                natural_key=item.natural_key,
                issued_at=item.issued_at,
                sha256=sha256_hex(item.document),
                document=item.document,
                received_at=received_at,
            )
        )

    def document(self, item_id: str) -> bytes | None:
        """The signed document of an item."""
        row = self._session.get(InboxRow, item_id)
        return None if row is None else row.document
