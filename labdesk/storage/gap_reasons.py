"""Why runs count although samples are missing where they matter; no evaluation, signature or report goes past such a run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.run_gaps import GapReason
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.testing import RunRow
from labdesk.storage.triggers import RuleTrigger


class GapReasonRow(Base, Appended):
    """A quality supervisor's reason for one run."""

    __tablename__ = "gap_reasons"
    __table_args__ = (UniqueConstraint("run_id"),)
    id: Mapped[str] = key_column(36)
    run_id: Mapped[str] = mapped_column(String(36))
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    reason: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()


# Whether a list of words holds one: written with replace(), which both databases know.
_GAP_RUN = "r.run_class = 'test' AND r.loaded = 1 AND replace(r.marks, 'gap-critical', '') <> r.marks"
_SETTLED = (
    "EXISTS (SELECT 1 FROM gap_reasons g WHERE g.run_id = r.id) "
    "OR EXISTS (SELECT 1 FROM invalidations i WHERE i.run_id = r.id) "
    "OR EXISTS (SELECT 1 FROM lost_run_findings f WHERE f.run_id = r.id)"
)
_OPEN_GAP = f"EXISTS (SELECT 1 FROM runs r WHERE r.lot_no = NEW.lot_no AND {_GAP_RUN} AND NOT ({_SETTLED}))"
# Roles are a list in the person's body: its items stand behind a bracket or a comma, other texts behind a colon.
_QUALITY = (
    "EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id AND p.name = NEW.person_name "
    "AND replace(p.body, '\"active\":true', '') <> p.body "
    "AND (replace(p.body, '[\"quality\"', '') <> p.body OR replace(p.body, ',\"quality\"', '') <> p.body))"
)
_HELD = ("evaluations", "raw_records", "signatures", "report_drafts", "report_requests", "issued_reports")

RULES = (
    *(RuleTrigger(f"{table}_open_gap", table, _OPEN_GAP, "gaps.open_db") for table in _HELD),
    RuleTrigger(
        name="gap_reasons_right",
        table="gap_reasons",
        refuse_when=f"NOT {_QUALITY}",
        key="gaps.role_db",
    ),
    RuleTrigger(
        name="gap_reasons_own_test",
        table="gap_reasons",
        refuse_when="EXISTS (SELECT 1 FROM runs r WHERE r.id = NEW.run_id AND r.operator_id = NEW.person_id) "
        "OR EXISTS (SELECT 1 FROM entries e WHERE e.lot_no = NEW.lot_no AND e.person_id = NEW.person_id)",
        key="gaps.own_test_db",
    ),
    RuleTrigger(
        name="gap_reasons_reason",
        table="gap_reasons",
        refuse_when="length(trim(NEW.reason)) < 2",
        key="gaps.reason",
    ),
    RuleTrigger(
        name="gap_reasons_run",
        table="gap_reasons",
        refuse_when=f"NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = NEW.run_id AND r.lot_no = NEW.lot_no AND {_GAP_RUN}) "
        "OR EXISTS (SELECT 1 FROM invalidations i WHERE i.run_id = NEW.run_id)",
        key="gaps.not_critical_db",
    ),
)


class GapReasons:
    """Repository of the reasons."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reason: GapReason) -> None:
        """Keep a reason; the database refuses it from anybody without the right."""
        self._session.add(GapReasonRow(**vars(reason)))

    def of_run(self, run_id: str) -> GapReason | None:
        """The reason of a run."""
        row = self._session.scalar(select(GapReasonRow).where(GapReasonRow.run_id == run_id))
        return None if row is None else _reason(row)

    def of_lot(self, lot_no: str) -> list[GapReason]:
        """Reasons of a lot's runs, oldest first."""
        query = select(GapReasonRow).where(GapReasonRow.lot_no == lot_no).order_by(GapReasonRow.id)
        return [_reason(row) for row in self._session.scalars(query)]

    def lots_with_gaps(self) -> list[str]:
        """Lots with a run of a critical gap that has no reason yet; invalid and hand-read ones among them."""
        with_reason = select(GapReasonRow.run_id)
        query = select(RunRow.lot_no).where(RunRow.marks.contains("gap-critical"), RunRow.id.not_in(with_reason))
        return sorted(set(self._session.scalars(query.where(RunRow.lot_no != ""))))


def _reason(row: GapReasonRow) -> GapReason:
    return GapReason(row.id, row.run_id, row.lot_no, row.reason, row.person_id, row.person_name, row.at)
