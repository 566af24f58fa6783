"""Repository of reception: commissions, tags, scans, holds, rejections, lots and specimens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from labdesk.domain.commission import Commission, TagRecord, TagState
from labdesk.domain.evaluation import TestKind
from labdesk.domain.plain import from_plain
from labdesk.domain.reception import Finding, Hold, Look, ReceptionPapers, Rejection, Scanned
from labdesk.domain.specimens import Lot, Specimen
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.reception_tables import (
    CommissionRow,
    FinishRow,
    HoldEndRow,
    HoldRow,
    LotRow,
    ReceptionRow,
    RejectionRow,
    ScanRow,
    SpecimenRow,
    TagRow,
)
from labdesk.storage.testing import EvaluationRow


class Counter:
    """What happens at the counter: receptions, scans, holds, rejections."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_reception(self, reception_id: str, commission_no: str, person_id: str, at: datetime) -> None:
        """Begin a visit to the counter."""
        self._session.add(ReceptionRow(id=reception_id, commission_no=commission_no, person_id=person_id, at=at))

    def reception_of(self, commission_no: str) -> str | None:
        """Key of the commission's reception."""
        return self._session.scalar(select(ReceptionRow.id).where(ReceptionRow.commission_no == commission_no))

    def add_scan(self, scan: Scanned) -> None:
        """Keep a scan with its verdict."""
        values = {
            field.name: getattr(scan, field.name) for field in dataclasses.fields(scan) if field.name != "finding"
        }
        values["look"] = scan.look.value
        self._session.add(
            ScanRow(
                **values,
                verdict=scan.finding.verdict.value,
                finding=canonical_bytes(scan.finding).decode(),
                refuses=int(scan.finding.refuses()),
            )
        )

    def scans_of(self, reception_id: str) -> list[Scanned]:
        """Scans of a reception in order."""
        query = select(ScanRow).where(ScanRow.reception_id == reception_id).order_by(ScanRow.id)
        return [_scan(row) for row in self._session.scalars(query)]

    def add_hold(self, hold: Hold) -> None:
        """Keep that a commission is held."""
        self._session.add(HoldRow(**{**vars(hold), "papers": json.dumps(list(hold.papers))}))

    def end_hold(self, hold_id: str, person_id: str, at: datetime) -> None:
        """Keep that the missing papers arrived."""
        self._session.add(HoldEndRow(hold_id=hold_id, person_id=person_id, at=at))

    def open_hold(self, reception_id: str) -> Hold | None:
        """The hold in force."""
        ended = exists().where(HoldEndRow.hold_id == HoldRow.id)
        row = self._session.scalar(select(HoldRow).where(HoldRow.reception_id == reception_id, ~ended).limit(1))
        return None if row is None else _hold(row)

    def held(self) -> list[tuple[str, Hold]]:
        """All holds in force with their commissions, the nearest deadline first."""
        ended = exists().where(HoldEndRow.hold_id == HoldRow.id)
        query = select(ReceptionRow.commission_no, HoldRow).join(ReceptionRow, ReceptionRow.id == HoldRow.reception_id)
        rows = self._session.execute(query.where(~ended).order_by(HoldRow.deadline))
        return [(number, _hold(row)) for number, row in rows]

    def add_rejection(self, rejection: Rejection) -> None:
        """Keep a rejection with its slip."""
        values = {**vars(rejection), "finding": canonical_bytes(rejection.finding).decode()}
        self._session.add(RejectionRow(**values))

    def rejections_of(self, reception_id: str) -> list[Rejection]:
        """Rejections of a reception in order."""
        query = select(RejectionRow).where(RejectionRow.reception_id == reception_id).order_by(RejectionRow.id)
        return [_rejection(row) for row in self._session.scalars(query)]

    def rejection_of_tag(self, tag: str) -> Rejection | None:
        """The slip under which a tag was refused, at whichever commission's reception."""
        row = self._session.scalar(select(RejectionRow).where(RejectionRow.tag == tag).limit(1)) if tag else None
        return None if row is None else _rejection(row)

    def finish(self, reception_id: str, papers: ReceptionPapers, at: datetime) -> None:
        """Close a reception with its papers."""
        self._session.add(FinishRow(reception_id=reception_id, **vars(papers), at=at))

    def papers_of(self, reception_id: str) -> ReceptionPapers | None:
        """Receipt and labels."""
        row = self._session.get(FinishRow, reception_id)
        return None if row is None else ReceptionPapers(row.receipt_no, row.receipt_sha256, row.labels_sha256)


class Reception(Counter):
    """Repository of the stage: the counter, what arrives from the platform, and what is in the racks."""

    def put_commission(self, commission: Commission, received_at: datetime) -> None:
        """Keep a commission as the platform sent it."""
        if self._session.get(CommissionRow, commission.number) is None:
            self._session.add(
                CommissionRow(
                    number=commission.number,
                    project_code=commission.project_code,
                    project_name=commission.project_name,
                    body=canonical_bytes(commission),
                    received_at=received_at,
                )
            )

    def commission(self, number: str) -> Commission | None:
        """A commission that has arrived."""
        row = self._session.get(CommissionRow, number)
        return None if row is None else _commission(row)

    def waiting(self, words: str, limit: int) -> list[Commission]:
        """Commissions whose reception is not finished, newest first."""
        done = (
            exists()
            .where(ReceptionRow.commission_no == CommissionRow.number)
            .where(FinishRow.reception_id == ReceptionRow.id)
        )
        pattern = f"%{words.strip()}%"
        found = or_(CommissionRow.number.like(pattern), CommissionRow.project_name.like(pattern))
        query = select(CommissionRow).where(~done, found).order_by(CommissionRow.received_at.desc()).limit(limit)
        return [_commission(row) for row in self._session.scalars(query)]

    def commissions_of(self, project_code: str) -> list[Commission]:
        """Commissions of a project, newest first."""
        query = select(CommissionRow).where(CommissionRow.project_code == project_code)
        return [_commission(row) for row in self._session.scalars(query.order_by(CommissionRow.received_at.desc()))]

    def put_tag(self, record: TagRecord) -> None:
        """Keep what the platform says of a tag; a void tag never becomes active again."""
        row = self._session.get(TagRow, record.tag)
        if row is None:
            self._session.add(TagRow(**{**vars(record), "state": record.state.value}))
        elif row.state != TagState.VOID.value:
            row.state, row.reason = record.state.value, record.reason

    def tag(self, tag: str) -> TagRecord | None:
        """What the platform said of a tag."""
        row = self._session.get(TagRow, tag)
        if row is None:
            return None
        return TagRecord(row.tag, row.project_code, row.commission_no, TagState(row.state), row.reason)

    def add_lot(self, lot: Lot) -> None:
        """Keep a received lot with its specimens."""
        body = canonical_bytes(dataclasses.replace(lot, specimens=()))
        self._session.add(
            LotRow(
                number=lot.number,
                commission_no=lot.commission_no,
                lot_index=lot.lot_index,
                field=lot.field.value,
                body=body,
            )
        )
        self._session.flush()
        for piece in lot.specimens:
            tests = json.dumps([kind.value for kind in piece.tests])
            self._session.add(SpecimenRow(**{**vars(piece), "tests": tests, "spare": int(piece.spare)}))
        self._session.flush()

    def lot(self, number: str) -> Lot | None:
        """A received lot with its specimens."""
        row = self._session.get(LotRow, number)
        return None if row is None else self._lots([row])[0]

    def lots_of(self, commission_no: str) -> list[Lot]:
        """Received lots of a commission."""
        query = select(LotRow).where(LotRow.commission_no == commission_no).order_by(LotRow.number)
        return self._lots(self._session.scalars(query))

    def recent_lots(self, limit: int) -> list[Lot]:
        """The newest lots, newest first."""
        newest = select(LotRow).join(SpecimenRow, SpecimenRow.lot_no == LotRow.number).where(SpecimenRow.piece == 1)
        return self._lots(self._session.scalars(newest.order_by(SpecimenRow.id.desc()).limit(limit)))

    def unevaluated_lots(self, since: datetime, limit: int) -> list[Lot]:
        """Lots received since a moment and not evaluated yet, oldest first."""
        # Keys are UUIDv7: those made since a moment are a range of the primary key, however large the table has grown.
        query = (
            select(LotRow)
            .join(SpecimenRow, SpecimenRow.lot_no == LotRow.number)
            .where(SpecimenRow.piece == 1, SpecimenRow.id >= _first_key(since))
            .where(~exists().where(EvaluationRow.lot_no == LotRow.number))
        )
        return self._lots(self._session.scalars(query.order_by(SpecimenRow.id).limit(limit)))

    def specimen(self, label: str) -> Specimen | None:
        """A specimen by its blind number."""
        row = self._session.scalar(select(SpecimenRow).where(SpecimenRow.label == label))
        return None if row is None else _specimen(row)

    def specimen_of_tag(self, tag: str) -> Specimen | None:
        """The specimen that came with a tag."""
        row = self._session.scalar(select(SpecimenRow).where(SpecimenRow.tag == tag))
        return None if row is None else _specimen(row)

    def _lots(self, rows: Iterable[LotRow]) -> list[Lot]:
        found = list(rows)
        numbers = [row.number for row in found]
        pieces: dict[str, list[Specimen]] = {number: [] for number in numbers}
        query = select(SpecimenRow).where(SpecimenRow.lot_no.in_(numbers)).order_by(SpecimenRow.piece)
        for row in self._session.scalars(query):
            pieces[row.lot_no].append(_specimen(row))
        return [
            dataclasses.replace(from_plain(Lot, json.loads(row.body)), specimens=tuple(pieces[row.number]))
            for row in found
        ]


def _first_key(moment: datetime) -> str:
    """The smallest UUIDv7 that can have been made at a moment."""
    stamp = f"{int(moment.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"


def _commission(row: CommissionRow) -> Commission:
    return _read_commission(bytes(row.body))


@lru_cache(maxsize=32)
def _read_commission(body: bytes) -> Commission:
    """A commission from its bytes; kept at hand, as every scan at the counter asks for the open one."""
    return from_plain(Commission, json.loads(body))


def _hold(row: HoldRow) -> Hold:
    return Hold(row.id, row.reception_id, tuple(json.loads(row.papers)), row.deadline, row.person_id, row.at)


def _scan(row: ScanRow) -> Scanned:
    return Scanned(
        id=row.id,
        reception_id=row.reception_id,
        tag=row.tag,
        raw=row.raw,
        source=row.source,
        look=Look(row.look),
        lot_index=row.lot_index,
        sample_index=row.sample_index,
        finding=from_plain(Finding, json.loads(row.finding)),
        person_id=row.person_id,
        station=row.station,
        at=row.at,
    )


def _rejection(row: RejectionRow) -> Rejection:
    return Rejection(
        id=row.id,
        number=row.number,
        reception_id=row.reception_id,
        commission_no=row.commission_no,
        tag=row.tag,
        lot_index=row.lot_index,
        sample_index=row.sample_index,
        finding=from_plain(Finding, json.loads(row.finding)),
        person_id=row.person_id,
        at=row.at,
        slip_sha256=row.slip_sha256,
    )


def _specimen(row: SpecimenRow) -> Specimen:
    return Specimen(
        id=row.id,
        label=row.label,
        tag=row.tag,
        lot_no=row.lot_no,
        piece=row.piece,
        tests=tuple(TestKind(kind) for kind in json.loads(row.tests)),
        spare=bool(row.spare),
    )
