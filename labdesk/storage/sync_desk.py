"""Closures of messages: nothing leaves the outbox by deletion, and none is closed without a person and a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.ports.sync_desk import Closure
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.triggers import RuleTrigger


class ClosureRow(Base, Appended):
    """Why a message is not sent any more."""

    __tablename__ = "message_closures"
    __table_args__ = (UniqueConstraint("message_id"),)
    id: Mapped[str] = key_column(36)
    message_id: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()


RULES = (
    RuleTrigger(
        name="message_closures_stuck",
        table="message_closures",
        refuse_when="NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = NEW.message_id "
        "AND o.state IN ('refused', 'needs-person'))",
        key="sync_desk.not_stuck",
    ),
    RuleTrigger(
        name="outbox_closed_with_reason",
        table="outbox",
        refuse_when="NEW.state = 'closed' AND OLD.state <> 'closed' AND NOT EXISTS "
        "(SELECT 1 FROM message_closures c WHERE c.message_id = NEW.id)",
        key="sync_desk.no_reason",
        event="UPDATE",
    ),
    RuleTrigger(
        name="outbox_closed_stays",
        table="outbox",
        refuse_when="OLD.state = 'closed' AND NEW.state <> 'closed'",
        key="sync_desk.closed_already",
        event="UPDATE",
    ),
)


class SyncDesk:
    """Repository of closures."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_closure(self, closure: Closure) -> None:
        """Keep a closure."""
        self._session.add(ClosureRow(**vars(closure)))

    def closures_of(self, message_ids: list[str]) -> dict[str, Closure]:
        """Closures by message."""
        query = select(ClosureRow).where(ClosureRow.message_id.in_(message_ids))
        return {
            row.message_id: Closure(row.id, row.message_id, row.reason, row.person_id, row.person_name, row.at)
            for row in self._session.scalars(query)
        }
