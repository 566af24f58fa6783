"""Statements of acceptance, only ever added; groups are read in pages with one question each, however large the project."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.acceptance import AcceptanceStatement, FrozenGroup, GroupRecord
from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.domain.plain import from_plain, parse_moment
from labdesk.evidence.canonical import canonical_bytes, sha256_hex
from labdesk.storage.base import Appended, Base, key_column
from labdesk.storage.reception_tables import CommissionRow, LotRow
from labdesk.storage.testing import EvaluationRow
from labdesk.storage.triggers import RuleTrigger

_AT_ONCE = 500

#: Key, canonical bytes and number of a lot's evaluations; the newest one's.
Newest = tuple[str, bytes, int]
_NONE: Newest = ("", b"", 0)


class AcceptanceRow(Base, Appended):
    """A statement over a selection of groups."""

    __tablename__ = "acceptance_statements"
    number: Mapped[str] = key_column(32)
    project_code: Mapped[str] = mapped_column(String(64), index=True)
    lot: Mapped[bytes] = mapped_column()
    evaluation: Mapped[bytes] = mapped_column()
    groups: Mapped[bytes] = mapped_column()
    person_id: Mapped[str] = mapped_column(String(36))
    person_name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column()
    note: Mapped[str] = mapped_column()


RULES = (
    RuleTrigger(
        name="acceptance_author",
        table="acceptance_statements",
        refuse_when="NEW.person_id = '' OR NOT EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.person_id)",
        key="acceptance.no_author",
    ),
    RuleTrigger(
        name="acceptance_project",
        table="acceptance_statements",
        refuse_when="NOT EXISTS (SELECT 1 FROM projects p WHERE p.code = NEW.project_code)",
        key="acceptance.no_project",
    ),
)


class Acceptance:
    """Repository of the stage."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, project_code: str) -> int:
        """How many received lots the project has."""
        query = (
            select(func.count())
            .select_from(LotRow)
            .join(CommissionRow, CommissionRow.number == LotRow.commission_no)
            .where(CommissionRow.project_code == project_code)
        )
        return self._session.scalar(query) or 0

    def groups(self, project_code: str, after: str, limit: int) -> list[GroupRecord]:
        """Received lots behind ``after`` with their newest evaluation, by number."""
        lots = _lots(project_code).where(LotRow.number > after).order_by(LotRow.number).limit(limit)
        return self._records(lots)

    def around(self, project_code: str, lot_no: str, reach: int) -> list[GroupRecord]:
        """The lot with up to ``reach`` lots of the project before and behind it by number."""
        before = _lots(project_code).where(LotRow.number < lot_no).order_by(LotRow.number.desc()).limit(reach)
        behind = _lots(project_code).where(LotRow.number >= lot_no).order_by(LotRow.number).limit(reach + 1)
        return [*reversed(self._records(before)), *self._records(behind)]

    def _records(self, lots: Select[str, bytes]) -> list[GroupRecord]:
        found = self._session.execute(lots).all()
        newest = self._newest([number for number, _ in found])
        return [_record(number, bytes(body), newest.get(number, _NONE)) for number, body in found]

    def newest_ids(self, lot_nos: Sequence[str]) -> dict[str, str]:
        """The newest evaluation of each lot that has one."""
        found: dict[str, str] = {}
        for part in _parts(lot_nos):
            query = select(EvaluationRow.lot_no, func.max(EvaluationRow.id)).where(EvaluationRow.lot_no.in_(part))
            found |= {row.lot_no: row[1] for row in self._session.execute(query.group_by(EvaluationRow.lot_no))}
        return found

    def hash_of(self, evaluation_id: str) -> str:
        """SHA-256 of an evaluation as it is stored now; empty where there is none."""
        body = self._session.scalar(select(EvaluationRow.evaluation).where(EvaluationRow.id == evaluation_id))
        return "" if body is None else sha256_hex(bytes(body))

    def add(self, statement: AcceptanceStatement) -> None:
        """Keep a statement."""
        plain = vars(statement)
        bodies = {name: canonical_bytes(plain[name]) for name in ("lot", "evaluation", "groups")}
        self._session.add(AcceptanceRow(**{**plain, **bodies}))

    def get(self, number: str) -> AcceptanceStatement | None:
        """A statement by number."""
        row = self._session.get(AcceptanceRow, number)
        return None if row is None else _statement(row)

    def of_project(self, project_code: str) -> list[AcceptanceStatement]:
        """All statements of a project, newest first."""
        query = select(AcceptanceRow).where(AcceptanceRow.project_code == project_code)
        return [_statement(row) for row in self._session.scalars(query.order_by(AcceptanceRow.number.desc()))]

    def _newest(self, lot_nos: Sequence[str]) -> dict[str, Newest]:
        last = (
            select(
                EvaluationRow.lot_no.label("lot_no"),
                func.count().label("count"),
                func.max(EvaluationRow.id).label("id"),
            )
            .where(EvaluationRow.lot_no.in_(lot_nos))
            .group_by(EvaluationRow.lot_no)
            .subquery()
        )
        query = select(last.c.lot_no, last.c.count, EvaluationRow.id, EvaluationRow.evaluation)
        rows = self._session.execute(query.join(EvaluationRow, EvaluationRow.id == last.c.id))
        return {lot_no: (key, bytes(body), count) for lot_no, count, key, body in rows}


def _lots(project_code: str) -> Select[str, bytes]:
    return (
        select(LotRow.number, LotRow.body)
        .join(CommissionRow, CommissionRow.number == LotRow.commission_no)
        .where(CommissionRow.project_code == project_code)
    )


def _parts(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _record(number: str, body: bytes, newest: Newest) -> GroupRecord:
    lot = json.loads(body)
    cast, age = lot.get("cast_at"), lot.get("age_days")
    return GroupRecord(
        lot_no=number,
        method=str(lot["method"]),
        part=str(lot["part"]),
        settings={str(name): str(text) for name, text in lot["settings"].items()},
        cast_at=parse_moment(cast) if cast else None,
        age_days=None if age is None else int(age),
        evaluation_id=newest[0],
        evaluation=newest[1],
        evaluations=newest[2],
    )


def _statement(row: AcceptanceRow) -> AcceptanceStatement:
    return AcceptanceStatement(
        number=row.number,
        project_code=row.project_code,
        lot=from_plain(LotInput, json.loads(row.lot)),
        evaluation=from_plain(Evaluation, json.loads(row.evaluation)),
        groups=tuple(from_plain(FrozenGroup, item) for item in json.loads(row.groups)),
        person_id=row.person_id,
        person_name=row.person_name,
        at=row.at,
        note=row.note,
    )
