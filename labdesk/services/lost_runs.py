"""When a run was lost in mid-test: unbroken, broken with the peak on the display, or lost; and runs declared invalid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from labdesk.domain.bench import loading_run, open_lost_run
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.messages import Actor as Teller
from labdesk.domain.messages import ManualReadingBody
from labdesk.domain.people import Person, Session
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor, UnitOfWork
from labdesk.domain.testing import Disposition, Invalidation, LostRunFinding, Run
from labdesk.services.custody_notes import CustodyNotes
from labdesk.services.outgoing import Outgoing
from labdesk.services.runs import RunDeps

_PHOTO_LIMIT = 20 * 1024 * 1024
_NEWEST = 200


class PinCheck(Protocol):
    """Asks a person for the PIN again."""

    def check_pin(self, person: Person, pin: str) -> None:
        """Raise OperatorError unless the PIN is this person's."""
        ...


@dataclass(frozen=True)
class Found:
    """What the people at the machine found.

    Attributes:
        disposition: what became of the piece.
        reason: in words.
        second_badge, second_pin: of the second person, who confirms.
        peak_text: peak as read from the display, kN; only with ``PEAK_ON_DISPLAY``.
        photo: photo of the display (JPEG or PNG); only with ``PEAK_ON_DISPLAY``.
    """

    disposition: Disposition
    reason: str
    second_badge: str
    second_pin: str
    peak_text: str = ""
    photo: bytes = b""


class LostRuns:
    """The use cases around runs that did not end as they should."""

    def __init__(self, deps: RunDeps, pins: PinCheck) -> None:
        self._deps = deps
        self._pins = pins
        self._notes = CustodyNotes(deps.clock, deps.ids)
        self._outgoing = Outgoing(deps.clock, deps.ids)

    def open_run(self, lot_no: str) -> Run | None:
        """A lost run of a lot that nobody has said anything about."""
        with self._deps.store.read() as uow:
            return open_lost_run(uow.testing.runs_of_lot(lot_no), uow.testing.findings_of_lot(lot_no))

    def waiting(self, machine_id: str) -> Run | None:
        """The newest run lost on a machine that nobody has said anything about, also one that came home while nobody looked."""
        with self._deps.store.read() as uow:
            for run in uow.testing.newest_runs(_NEWEST):
                if run.machine_id != machine_id:
                    continue
                finding = uow.testing.finding_of_run(run.id)
                if open_lost_run((run,), (finding,) if finding is not None else ()) is not None:
                    return run
        return None

    def record(self, run_id: str, found: Found, session: Session) -> LostRunFinding:
        """Keep what was found; two different people, and for a reading the photo.

        Raises:
            OperatorError: ``testing.two_people``, ``testing.reading_needs_photo``, ``testing.bad_peak``,
                ``testing.reason_needed``, a wrong PIN, or what the database refuses.
        """
        if not found.reason.strip():
            raise OperatorError("testing.reason_needed")
        second = self._second(found, session)
        peak = self._peak(found)
        photo = self._photo(found)
        finding = LostRunFinding(
            id=self._deps.ids.new_id(),
            run_id=run_id,
            disposition=found.disposition,
            peak_kn=peak,
            photo_sha256=photo,
            reader_id=session.person.id,
            second_id=second.id,
            reason=found.reason.strip(),
            at=self._deps.clock.now(),
        )
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            run, lot = self._run_and_lot(uow, run_id)
            if photo:
                uow.blobs.add(photo, len(found.photo), "image/jpeg", finding.at)
            uow.testing.add_finding(finding)
            detail = {"disposition": found.disposition.value, "second": second.name, "reason": finding.reason}
            if peak is not None:
                detail["peak_kn"] = str(peak)
                self._outgoing.queue(uow, self._body(finding, (run, lot), (session.person, second)))
            self._notes.note(uow, CustodyKind.INVALIDATED, (lot.commission_no, run.specimen_label), session, detail)
            uow.commit()
        return finding

    def invalidate(self, run_id: str, reason: str, replacement_label: str, session: Session) -> Invalidation:
        """Declare a run invalid (break at the grip, device fault); a spare may take its place, never the same piece.

        Raises:
            OperatorError: ``testing.reason_needed``, ``testing.not_a_spare``, ``testing.replacement_used``.
        """
        if not reason.strip():
            raise OperatorError("testing.reason_needed")
        invalid = Invalidation(
            id=self._deps.ids.new_id(),
            run_id=run_id,
            reason=reason.strip(),
            replacement_label=replacement_label,
            person_id=session.person.id,
            at=self._deps.clock.now(),
        )
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            run, lot = self._run_and_lot(uow, run_id)
            if replacement_label:
                self._check_spare(uow, lot, lot.specimen(replacement_label))
            uow.testing.add_invalidation(invalid)
            detail = {"reason": invalid.reason, "replacement": replacement_label or "-", "number": run.number}
            self._notes.note(uow, CustodyKind.INVALIDATED, (lot.commission_no, run.specimen_label), session, detail)
            if replacement_label:
                self._notes.note(uow, CustodyKind.REPLACED, (lot.commission_no, replacement_label), session, detail)
            uow.commit()
        return invalid

    def _check_spare(self, uow: UnitOfWork, lot: Lot, spare: Specimen | None) -> None:
        if spare is None or not spare.spare:
            raise OperatorError("testing.not_a_spare", label=spare.label if spare else "-")
        findings = uow.testing.findings_of_lot(lot.number)
        if loading_run(spare.label, uow.testing.runs_of_lot(lot.number), findings) is not None:
            raise OperatorError("testing.replacement_used", label=spare.label)

    def _second(self, found: Found, session: Session) -> Person:
        with self._deps.store.read() as uow:
            second = uow.people.by_badge(found.second_badge)
        if second is None:
            raise OperatorError("sign_in.unknown_badge", badge=found.second_badge or "-")
        if second.id == session.person.id:
            raise OperatorError("testing.two_people")
        self._pins.check_pin(second, found.second_pin)
        return second

    def _peak(self, found: Found) -> Decimal | None:
        if found.disposition is not Disposition.PEAK_ON_DISPLAY:
            return None
        try:
            peak = Decimal(found.peak_text.strip())
        except InvalidOperation:
            raise OperatorError("testing.bad_peak", text=found.peak_text[:20]) from None
        if not peak.is_finite() or peak <= 0 or peak > 100_000:
            raise OperatorError("testing.bad_peak", text=found.peak_text[:20])
        return peak

    def _photo(self, found: Found) -> str:
        if found.disposition is not Disposition.PEAK_ON_DISPLAY:
            return ""
        if not found.photo or len(found.photo) > _PHOTO_LIMIT:
            raise OperatorError("testing.reading_needs_photo")
        return self._deps.blobs.put(found.photo)

    def _run_and_lot(self, uow: UnitOfWork, run_id: str) -> tuple[Run, Lot]:
        run = uow.testing.run(run_id)
        lot = uow.reception.lot(run.lot_no) if run else None
        if run is None or lot is None:
            raise OperatorError("testing.no_such_run", run=run_id)
        return run, lot

    def _body(self, finding: LostRunFinding, what: tuple[Run, Lot], people: tuple[Person, Person]) -> ManualReadingBody:
        run, lot = what
        reader, second = people
        return ManualReadingBody(
            commission_no=lot.commission_no,
            project_code=lot.project_code,
            lot_index=lot.lot_index,
            specimen_label=run.specimen_label,
            reading_id=finding.id,
            peak_kn=finding.peak_kn or Decimal(0),
            reason=finding.reason,
            read_by=Teller(reader.id, reader.name),
            witnessed_by=Teller(second.id, second.name),
            read_at=finding.at,
            photos=(finding.photo_sha256,),
            run_id=run.id,
        )
