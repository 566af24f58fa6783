"""From the approving signature to the finished report: ask for the code, render with it, sign, keep, tell (YK-7.2b).

Every step leaves a state from which the next start goes on: requested without a code, coded without a report. The bytes of the
request are frozen; asking again sends the same message, which the platform judges anew with what has arrived meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.custody import CustodyEvent, CustodyKind
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.messages import ReportIssuedBody, ReportRequestBody, natural_key
from labdesk.domain.outbox import MessageKind, OutboxMessage, OutboxState
from labdesk.domain.people import Session
from labdesk.domain.plain import parse_moment
from labdesk.domain.ports.reporting import Copies, IssuedReport, RequestedReport
from labdesk.domain.reporting import (
    DocumentRenderer,
    IssuedCode,
    OwnTableFile,
    PdfSigner,
    ReportData,
    ReportDocument,
    SealedRunFile,
)
from labdesk.domain.review import Draft, Subject
from labdesk.domain.sealed_run import decode_run
from labdesk.domain.sentences import Language, say
from labdesk.domain.specimens import Lot
from labdesk.domain.store import SYSTEM, Actor, Blobs, Store, UnitOfWork
from labdesk.evidence.canonical import canonical_hash
from labdesk.evidence.keys import Signer
from labdesk.services.drawings import draw_specimen
from labdesk.services.outgoing import Outgoing
from labdesk.services.own_tables import hashes_of
from labdesk.services.receipts import read_receipt
from labdesk.services.report_data import ReportFacts, build_report_data, laboratory_from
from labdesk.services.review_facts import load_subject
from labdesk.services.verification import report_qr_text

PDF = "application/pdf"
_log = logging.getLogger(__name__)


class ReportKeys(Protocol):
    """The laboratory's key for report codes, as far as it was certified by the platform."""

    @property
    def signer(self) -> Signer:
        """The key; raises EnvironmentFault when it cannot be used."""
        ...

    @property
    def certificate(self) -> bytes:
        """The platform's certificate of the key (COSE), attached to every report."""
        ...


@dataclass(frozen=True)
class ReportTools:
    """What reports are made with.

    Attributes:
        renderer, signer: print and sign the PDF.
        keys: the key of the QR's payload.
    """

    renderer: DocumentRenderer
    signer: PdfSigner
    keys: ReportKeys


class ReportingService:
    """Codes, reports and their copies."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock, ids: IdSource, tools: ReportTools) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._ids = ids
        self._tools = tools
        self._outgoing = Outgoing(clock, ids)

    def approved(self, uow: UnitOfWork, draft: Draft, at: datetime) -> None:
        """In the transaction of the approving signature: freeze the report's data and ask for the code."""
        uow.flush()
        data = self.data(uow, draft.id)
        digest = canonical_hash(data)
        lot = _lot(uow, draft.lot_no)
        request = RequestedReport(draft.id, draft.report_no, draft.issue_no, draft.lot_no, data, digest, at)
        uow.reporting.add_request(request)
        self._outgoing.queue(uow, ReportRequestBody(lot.commission_no, lot.project_code, lot.lot_index, data, digest))

    def data(self, uow: UnitOfWork, draft_id: str) -> ReportData:
        """The data of a draft as they stand; raises OperatorError ``reporting.no_commission``."""
        review = load_subject(uow, Subject.REPORT, draft_id)
        hashes = [piece.run_hash for piece in review.stored.lot.specimens if piece.run_hash]
        headers = {digest: decode_run(self._blobs.get(digest)).header for digest in hashes}
        return build_report_data(
            ReportFacts(
                review=review,
                laboratory=laboratory_from(uow.facts.get("laboratory")),
                project=uow.projects.get(review.lot.project_code),
                headers=headers,
                deliverer=_deliverer(uow, review.lot),
            )
        )

    def on_result(self, message: OutboxMessage, result: Mapping[str, str]) -> None:
        """Told of every acknowledged message; a report request's answer becomes code and report.

        The receipt is stored already. What fails here is taken up at the next start or by hand, so it never holds up the sync.
        """
        draft_id = self._draft_of(message) if message.kind is MessageKind.REPORT_REQUEST else None
        if draft_id is None:
            return
        try:
            self.on_acknowledged(draft_id, result)
            self.issue(draft_id)
        except (OperatorError, EnvironmentFault) as error:
            _log.warning("report %s is not finished: %s", message.natural_key, error)

    def on_acknowledged(self, draft_id: str, result: Mapping[str, str]) -> IssuedCode:
        """Keep the code the platform gave; a second telling of the same changes nothing.

        Raises:
            OperatorError: ``reporting.not_requested``, ``reporting.code_for_other_data``, ``reporting.other_code``.
            EnvironmentFault: ``reporting.bad_answer`` where the answer lacks code or grant.
        """
        with self._store.read() as uow:
            request, known = uow.reporting.request(draft_id), uow.reporting.code(draft_id)
        if request is None:
            raise OperatorError("reporting.not_requested")
        said = result.get("report_code", "")
        if known is not None:
            if known.code != said:
                raise OperatorError("reporting.other_code", number=request.report_no, known=known.code, code=said)
            return known
        code = self._code(request, result)
        with self._store.write(SYSTEM) as uow:
            uow.reporting.add_code(draft_id, code, self._clock.now())
            uow.commit()
        return code

    def issue(self, draft_id: str) -> IssuedReport:
        """Render with the code, sign, keep, tell the platform; a report that is finished already is returned as it is.

        Raises:
            OperatorError: ``reporting.no_code`` without the platform's code (YK-7.2b).
            EnvironmentFault: renderer, key or disk failed; the next start goes on from the code.
        """
        with self._store.read() as uow:
            done, code = uow.reporting.issued(draft_id), uow.reporting.code(draft_id)
            request = uow.reporting.request(draft_id)
        if done is not None:
            return done
        if code is None or request is None:
            raise OperatorError("reporting.no_code")
        document = self._document(request.data, code)
        now = self._clock.now()
        reason = say("reporting.signing_reason", Language.ZH, number=request.report_no)
        pdf = self._tools.signer.sign(self._tools.renderer.report(document), now, reason)
        sha256 = self._blobs.put(pdf)
        report = IssuedReport(
            draft_id, request.report_no, request.issue_no, request.lot_no, code.code, sha256, self._clock.now()
        )
        self._keep_issued(report, code, len(pdf))
        with self._store.read() as uow:
            kept = uow.reporting.issued(draft_id)
        if kept != report or self._blobs.get(sha256) != pdf:
            raise EnvironmentFault("reporting.not_kept", number=report.report_no)
        return report

    def take_up(self) -> tuple[LabDeskError, ...]:
        """At the start: codes that came but were not kept, reports that were coded but not finished. Returns what failed."""
        failed: list[LabDeskError] = []
        with self._store.read() as uow:
            waiting = [
                (draft_id, uow.outbox.by_key(MessageKind.REPORT_REQUEST, _request_key(request)))
                for draft_id in uow.reporting.requested_not_coded()
                if (request := uow.reporting.request(draft_id)) is not None
            ]
        for draft_id, message in waiting:
            receipt = read_receipt(message.receipt) if message is not None and message.receipt is not None else None
            if message is not None and message.state is OutboxState.ACKNOWLEDGED and receipt is not None:
                _attempt(failed, partial(self.on_acknowledged, draft_id, receipt.result))
        with self._store.read() as uow:
            coded = uow.reporting.coded_not_issued()
        for draft_id in coded:
            _attempt(failed, partial(self.issue, draft_id))
        return tuple(failed)

    def draft_pdf(self, draft_id: str) -> bytes:
        """The watermarked draft, without a code, at any time."""
        with self._store.read() as uow:
            data = self.data(uow, draft_id)
        return self._tools.renderer.report(self._document(data, None))

    def report_pdf(self, draft_id: str) -> bytes:
        """The finished report, bytes as issued; raises OperatorError ``reporting.not_issued``."""
        with self._store.read() as uow:
            report = uow.reporting.issued(draft_id)
        if report is None:
            raise OperatorError("reporting.not_issued")
        return self._blobs.get(report.pdf_sha256)

    def ask_again(self, draft_id: str, session: Session) -> None:
        """Send the refused request again: the same bytes, judged anew; raises OperatorError ``reporting.nothing_to_ask``."""
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            request = uow.reporting.request(draft_id)
            key = _request_key(request) if request is not None else ""
            message = uow.outbox.by_key(MessageKind.REPORT_REQUEST, key)
            if message is None or message.state not in (OutboxState.REFUSED, OutboxState.NEEDS_PERSON):
                raise OperatorError("reporting.nothing_to_ask")
            uow.outbox.update(replace(message, state=OutboxState.QUEUED, next_try_at=None))
            uow.commit()

    def count_copies(self, draft_id: str, kind: str, count: int, session: Session) -> None:
        """Keep that copies left the program; raises OperatorError ``reporting.copies_number`` for less than 1 or over 99."""
        if not 1 <= count <= 99:
            raise OperatorError("reporting.copies_number", count=count)
        person = session.person
        with self._store.write(Actor(person.id, session.station)) as uow:
            coded = uow.reporting.issued(draft_id) is not None
            copies = Copies(self._ids.new_id(), draft_id, kind, count, coded, person.id, person.name, self._clock.now())
            uow.reporting.add_copies(copies)
            uow.commit()

    def _draft_of(self, message: OutboxMessage) -> str | None:
        _, _, rest = message.natural_key.partition(":")
        report_no, _, issue_no = rest.rpartition(":")
        if not issue_no.isdigit():
            return None
        with self._store.read() as uow:
            request = uow.reporting.request_of(report_no, int(issue_no))
        return None if request is None else request.draft_id

    def _code(self, request: RequestedReport, result: Mapping[str, str]) -> IssuedCode:
        """The code with its QR, whose payload the laboratory signs."""
        if result.get("data_sha256", request.data_sha256) != request.data_sha256:
            raise OperatorError("reporting.code_for_other_data", number=request.report_no)
        code, platform = result.get("report_code", ""), result.get("platform", "")
        try:
            grant = base64.b64decode(result.get("grant", ""), validate=True)
            granted_at = parse_moment(result["granted_at"])
        except (binascii.Error, ValueError, KeyError) as error:
            raise EnvironmentFault("reporting.bad_answer", number=request.report_no) from error
        if not (code and platform and grant):
            raise EnvironmentFault("reporting.bad_answer", number=request.report_no)
        keys = self._tools.keys
        qr_text = report_qr_text(request.data, request.data_sha256, code, granted_at, keys.signer, platform)
        return IssuedCode(code, qr_text, grant, keys.certificate)

    def _document(self, data: ReportData, code: IssuedCode | None) -> ReportDocument:
        curves, files = [], []
        for piece in data.lot.specimens:
            if piece.run_hash is None:
                continue
            content = self._blobs.get(piece.run_hash)
            curves.append(draw_specimen(content, piece, data.lot, data.evaluation, Language.ZH))
            files.append(SealedRunFile(piece.label, piece.run_hash, content, f"{piece.label}.ldrun"))
        tables = tuple(OwnTableFile(digest, self._blobs.get(digest)) for digest in hashes_of(data.evaluation))
        return ReportDocument(data, tuple(curves), tuple(files), code, tables)

    def _keep_issued(self, report: IssuedReport, code: IssuedCode, size: int) -> None:
        with self._store.write(SYSTEM) as uow:
            lot = _lot(uow, report.lot_no)
            uow.blobs.add(report.pdf_sha256, size, PDF, report.issued_at)
            uow.reporting.add_issued(report)
            uow.custody.add(
                CustodyEvent(
                    id=self._ids.new_id(),
                    kind=CustodyKind.ISSUED,
                    commission_no=lot.commission_no,
                    subject=lot.number,
                    person="LabDesk",
                    station=SYSTEM.station,
                    at=report.issued_at,
                    detail={"number": report.report_no, "issue": str(report.issue_no), "code": report.code},
                )
            )
            self._outgoing.queue(
                uow,
                ReportIssuedBody(
                    commission_no=lot.commission_no,
                    project_code=lot.project_code,
                    report_code=report.code,
                    report_no=report.report_no,
                    issue_no=report.issue_no,
                    pdf_sha256=report.pdf_sha256,
                    qr_text=code.qr_text,
                    issued_at=report.issued_at,
                ),
            )
            uow.commit()


def _attempt(failed: list[LabDeskError], step: Callable[[], object]) -> None:
    """Run one step of taking up; a failure is told and does not keep the others back."""
    try:
        step()
    except (OperatorError, EnvironmentFault) as error:
        failed.append(error)


def _request_key(request: RequestedReport) -> str:
    return natural_key(ReportRequestBody("", "", 0, request.data, request.data_sha256))


def _lot(uow: UnitOfWork, number: str) -> Lot:
    lot = uow.reception.lot(number)
    if lot is None:
        raise OperatorError("review.no_such_subject", id=number)
    return lot


def _deliverer(uow: UnitOfWork, lot: Lot) -> str:
    """Who stood at the counter, as the reception's custody event names them."""
    events = uow.custody.of_subjects([lot.number, *(piece.label for piece in lot.specimens)])
    return next((event.detail["deliverer"] for event in events if event.detail.get("deliverer")), "")
