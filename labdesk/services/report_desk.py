"""What the reports page shows: every round of every report with its state, code, copies, and what a refused request lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labdesk.domain.evaluation import Remark, Verdict
from labdesk.domain.messages import ReportRequestBody, natural_key
from labdesk.domain.outbox import MessageKind, OutboxState
from labdesk.domain.ports.reporting import Copies
from labdesk.domain.reporting import ReportState, SignatureRole
from labdesk.domain.review import Draft
from labdesk.domain.store import Store, UnitOfWork
from labdesk.services.receipts import missing_piece, read_receipt

NEWEST = 500


@dataclass(frozen=True)
class ReportRow:
    """One round of one issue of a report.

    Attributes:
        draft_id, report_no, issue_no, round, lot_no: which.
        project, unit, part, material: as people search for it.
        verdict: of the lot.
        state: where it stands.
        request_state: of the message that asks for the code, ``None`` before the approval.
        refusal, missing: why the platform gave no code, and what it lacks.
        code, issued_at: once it is finished.
        copies: printed and exported so far.
        returned_reason: why the round was ended.
        created_at: when the round began.
    """

    draft_id: str
    report_no: str
    issue_no: int
    round: int
    lot_no: str
    project: str
    unit: str
    part: str
    material: str
    verdict: Verdict
    state: ReportState
    created_at: datetime
    request_state: OutboxState | None = None
    refusal: Remark | None = None
    missing: tuple[Remark, ...] = ()
    code: str = ""
    issued_at: datetime | None = None
    copies: tuple[Copies, ...] = ()
    returned_reason: str = ""

    @property
    def printed(self) -> int:
        """Printed copies of the issued report."""
        return sum(item.count for item in self.copies if item.coded and item.kind == "print")

    def speaks_of(self, words: str) -> bool:
        """Whether every word occurs in numbers, code, project, part or material."""
        text = " ".join(
            (self.report_no, self.lot_no, self.code, self.project, self.unit, self.part, self.material)
        ).casefold()
        return all(word in text for word in words.casefold().split())


class ReportDesk:
    """Reads for the reports page; changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def search(self, words: str = "", states: frozenset[ReportState] = frozenset()) -> tuple[ReportRow, ...]:
        """Reports that ``words`` speak of, newest first; without states those of every state."""
        with self._store.read() as uow:
            rows = [_row(uow, draft) for draft in uow.review.newest_drafts(NEWEST)]
        return tuple(row for row in rows if row.speaks_of(words) and (not states or row.state in states))

    def row(self, draft_id: str) -> ReportRow | None:
        """One report as it stands now."""
        with self._store.read() as uow:
            draft = uow.review.draft(draft_id)
            return None if draft is None else _row(uow, draft)

    def draft_of_code(self, code: str) -> str | None:
        """The draft that a report code of this laboratory was given to."""
        with self._store.read() as uow:
            found = (item for item in uow.reporting.newest_issued(NEWEST) if item.code == code)
            return next((item.draft_id for item in found), None)


def _row(uow: UnitOfWork, draft: Draft) -> ReportRow:
    lot = uow.reception.lot(draft.lot_no)
    commission = uow.reception.commission(lot.commission_no) if lot is not None else None
    stored = uow.testing.evaluation(draft.evaluation_id)
    code, issued = uow.reporting.code(draft.id), uow.reporting.issued(draft.id)
    returned = uow.review.return_of(draft.id)
    request_state, refusal, missing = _request(uow, draft)
    return ReportRow(
        draft_id=draft.id,
        report_no=draft.report_no,
        issue_no=draft.issue_no,
        round=draft.round,
        lot_no=draft.lot_no,
        project=commission.project_name if commission is not None else "",
        unit=commission.unit_name if commission is not None else "",
        part=lot.part if lot is not None else "",
        material=lot.material if lot is not None else "",
        verdict=stored.evaluation.verdict if stored is not None else Verdict.NOT_EVALUATED,
        state=_state(uow, draft),
        created_at=draft.created_at,
        request_state=request_state,
        refusal=refusal,
        missing=missing,
        code=code.code if code is not None else "",
        issued_at=issued.issued_at if issued is not None else None,
        copies=tuple(uow.reporting.copies_of(draft.id)),
        returned_reason=returned.reason if returned is not None else "",
    )


def _state(uow: UnitOfWork, draft: Draft) -> ReportState:
    if uow.review.return_of(draft.id) is not None:
        return ReportState.RETURNED
    if uow.reporting.issued(draft.id) is not None:
        later = [item for item in uow.review.drafts_of_lot(draft.lot_no) if item.issue_no > draft.issue_no]
        replaced = any(uow.reporting.issued(item.id) is not None for item in later)
        return ReportState.REPLACED if replaced else ReportState.ISSUED
    if uow.reporting.code(draft.id) is not None:
        return ReportState.CODED
    roles = {signature.role for signature in uow.review.signatures_of(draft.id)}
    for role, state in (
        (SignatureRole.APPROVED, ReportState.APPROVED),
        (SignatureRole.REVIEWED, ReportState.REVIEWED),
        (SignatureRole.TESTED, ReportState.TESTED),
    ):
        if role in roles:
            return state
    return ReportState.DRAFT


def _request(uow: UnitOfWork, draft: Draft) -> tuple[OutboxState | None, Remark | None, tuple[Remark, ...]]:
    """Where the request for the code stands, and the platform's reasons if it refused."""
    request = uow.reporting.request(draft.id)
    if request is None:
        return None, None, ()
    key = natural_key(ReportRequestBody("", "", 0, request.data, request.data_sha256))
    message = uow.outbox.by_key(MessageKind.REPORT_REQUEST, key)
    if message is None:
        return None, None, ()
    if message.state is not OutboxState.REFUSED:
        return message.state, None, ()
    refusal = uow.outbox.newest_refusal(message.id)
    facts = read_receipt(refusal) if refusal is not None else None
    if facts is not None and facts.reason is not None:
        return message.state, facts.reason, facts.missing
    reason, *pieces = message.last_error.split(", ")
    return message.state, Remark(reason), tuple(missing_piece(piece) for piece in pieces)
