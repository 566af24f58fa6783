"""Tables of reception, and the rules the database keeps by itself: no refused piece becomes a specimen, no tag twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from labdesk.storage.base import Appended, Base, Tracked, key_column
from labdesk.storage.triggers import RuleTrigger


class CommissionRow(Base, Appended):
    """A commission as the platform sent it."""

    __tablename__ = "commissions"
    number: Mapped[str] = key_column()
    project_code: Mapped[str] = mapped_column(String(64), index=True)
    project_name: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()


class TagRow(Base, Tracked):
    """What the platform says of a tag."""

    __tablename__ = "tags"
    tag: Mapped[str] = key_column()
    project_code: Mapped[str] = mapped_column(String(64))
    commission_no: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column()


class ReceptionRow(Base, Appended):
    """A commission at the counter; one reception per commission, however many visits it takes."""

    __tablename__ = "receptions"
    id: Mapped[str] = key_column(36)
    commission_no: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()


class ScanRow(Base, Appended):
    """A scan at the counter, raw, with its verdict."""

    __tablename__ = "reception_scans"
    id: Mapped[str] = key_column(36)
    reception_id: Mapped[str] = mapped_column(String(36), index=True)
    tag: Mapped[str] = mapped_column(String(64), index=True)
    raw: Mapped[str] = mapped_column()
    source: Mapped[str] = mapped_column(String(16))
    look: Mapped[str] = mapped_column(String(16))
    lot_index: Mapped[int] = mapped_column(Integer)
    sample_index: Mapped[int] = mapped_column(Integer)
    verdict: Mapped[str] = mapped_column(String(32))
    finding: Mapped[str] = mapped_column()
    refuses: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[str] = mapped_column(String(36))
    station: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()


class HoldRow(Base, Appended):
    """A commission held for missing papers."""

    __tablename__ = "holds"
    id: Mapped[str] = key_column(36)
    reception_id: Mapped[str] = mapped_column(String(36), index=True)
    papers: Mapped[str] = mapped_column()
    deadline: Mapped[datetime] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()


class HoldEndRow(Base, Appended):
    """The missing papers arrived."""

    __tablename__ = "hold_ends"
    hold_id: Mapped[str] = key_column(36)
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()


class RejectionRow(Base, Appended):
    """Something refused at the counter, with its slip."""

    __tablename__ = "rejections"
    id: Mapped[str] = key_column(36)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    reception_id: Mapped[str] = mapped_column(String(36), index=True)
    commission_no: Mapped[str] = mapped_column(String(64), index=True)
    tag: Mapped[str] = mapped_column(String(64), index=True)
    lot_index: Mapped[int] = mapped_column(Integer)
    sample_index: Mapped[int] = mapped_column(Integer)
    finding: Mapped[str] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column()
    slip_sha256: Mapped[str] = mapped_column(String(64))


class LotRow(Base, Appended):
    """A received lot; ``body`` holds everything but its specimens."""

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("commission_no", "lot_index"),)
    number: Mapped[str] = key_column(32)
    commission_no: Mapped[str] = mapped_column(String(64), index=True)
    lot_index: Mapped[int] = mapped_column(Integer)
    field: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column()


class SpecimenRow(Base, Appended):
    """One piece on its way through the laboratory; several made from one sample (a bag, a sheet) share its tag."""

    __tablename__ = "specimens"
    id: Mapped[str] = key_column(36)
    label: Mapped[str] = mapped_column(String(32), unique=True)
    tag: Mapped[str] = mapped_column(String(64), index=True)
    lot_no: Mapped[str] = mapped_column(String(32), index=True)
    piece: Mapped[int] = mapped_column(Integer)
    tests: Mapped[str] = mapped_column()
    spare: Mapped[int] = mapped_column(Integer)


class FinishRow(Base, Appended):
    """The end of a reception, with receipt and labels; empty hashes where nothing was received."""

    __tablename__ = "reception_ends"
    reception_id: Mapped[str] = key_column(36)
    receipt_no: Mapped[str] = mapped_column(String(32))
    receipt_sha256: Mapped[str] = mapped_column(String(64))
    labels_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column()


_LAST_SCAN = (
    "(SELECT s.verdict FROM reception_scans s JOIN receptions r ON r.id = s.reception_id "
    "JOIN lots l ON l.commission_no = r.commission_no WHERE l.number = NEW.lot_no AND s.tag = NEW.tag "
    "AND s.verdict NOT IN ('look_first', 'already_scanned', 'already_refused') ORDER BY s.id DESC LIMIT 1)"
)
_SEEN_DAMAGED = (
    "EXISTS (SELECT 1 FROM reception_scans s JOIN receptions r ON r.id = s.reception_id "
    "JOIN lots l ON l.commission_no = r.commission_no WHERE l.number = NEW.lot_no AND s.tag = NEW.tag "
    "AND s.verdict IN ('tag_damaged', 'piece_damaged'))"
)
_HELD = (
    "EXISTS (SELECT 1 FROM holds h WHERE h.reception_id = NEW.reception_id "
    "AND NOT EXISTS (SELECT 1 FROM hold_ends e WHERE e.hold_id = h.id))"
)

RULES = (
    RuleTrigger(
        name="specimens_matched",
        table="specimens",
        refuse_when=f"COALESCE({_LAST_SCAN}, '') <> 'match' OR {_SEEN_DAMAGED}",
        key="reception.not_matched",
    ),
    RuleTrigger(
        name="specimens_rejected",
        table="specimens",
        refuse_when="EXISTS (SELECT 1 FROM rejections j WHERE j.tag = NEW.tag OR (j.tag = '' AND EXISTS "
        "(SELECT 1 FROM lots l WHERE l.number = NEW.lot_no AND l.commission_no = j.commission_no "
        "AND l.lot_index = j.lot_index)))",
        key="reception.rejected_piece",
    ),
    RuleTrigger(
        name="specimens_tag_elsewhere",
        table="specimens",
        refuse_when="EXISTS (SELECT 1 FROM specimens s WHERE s.tag = NEW.tag AND s.lot_no <> NEW.lot_no)",
        key="reception.tag_in_other_lot",
    ),
    RuleTrigger(
        name="specimens_tag_active",
        table="specimens",
        refuse_when="NOT EXISTS (SELECT 1 FROM tags t JOIN lots l ON l.commission_no = t.commission_no "
        "WHERE t.tag = NEW.tag AND t.state = 'active' AND l.number = NEW.lot_no)",
        key="reception.tag_not_of_lot",
    ),
    RuleTrigger(
        name="lots_rejected",
        table="lots",
        refuse_when="EXISTS (SELECT 1 FROM rejections j WHERE j.commission_no = NEW.commission_no "
        "AND j.tag = '' AND j.lot_index = NEW.lot_index)",
        key="reception.rejected_piece",
    ),
    RuleTrigger(
        name="reception_scans_look",
        table="reception_scans",
        refuse_when="NEW.verdict = 'match' AND NEW.look <> 'sound'",
        key="reception.scan_needed",
    ),
    RuleTrigger(
        name="lots_held",
        table="lots",
        refuse_when="EXISTS (SELECT 1 FROM receptions r JOIN holds h ON h.reception_id = r.id "
        "WHERE r.commission_no = NEW.commission_no "
        "AND NOT EXISTS (SELECT 1 FROM hold_ends e WHERE e.hold_id = h.id))",
        key="reception.held",
    ),
    RuleTrigger(
        name="reception_ends_held",
        table="reception_ends",
        refuse_when=_HELD,
        key="reception.held",
    ),
    RuleTrigger(
        name="reception_scans_source",
        table="reception_scans",
        refuse_when="NEW.source NOT IN ('wedge', 'serial', 'row') "
        "OR (NEW.source = 'row' AND NEW.verdict NOT IN ('tag_damaged', 'piece_damaged', 'quantity_short'))",
        key="reception.handheld_only",
    ),
)
