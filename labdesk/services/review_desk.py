"""What the review page shows: who waits for whom, and of one subject everything a reviewer needs before signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labdesk.domain.clock import Clock
from labdesk.domain.custody import CustodyEvent
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import Remark, SpecimenInput, Value, Verdict
from labdesk.domain.people import Person, Role
from labdesk.domain.reporting import CurveDrawing, SignatureRole
from labdesk.domain.review import Return, Signature, Subject, check_may_sign
from labdesk.domain.sentences import Language
from labdesk.domain.store import Blobs, Store, UnitOfWork
from labdesk.domain.testing import Entry, Run
from labdesk.services.acceptance_selection import GROUP_METHODS
from labdesk.services.drawings import draw_specimen
from labdesk.services.exchanged_groups import exchanged_in_store
from labdesk.services.lot_forms import form_by
from labdesk.services.method_info import LotForm
from labdesk.services.review import submittable
from labdesk.services.review_facts import ReviewFacts, check_content, load_subject, load_unsubmitted, photo_item
from labdesk.services.review_notices import NoticeWeight, ReviewNotice, entry_chains, notices

_RECENT_LOTS = 60


@dataclass(frozen=True)
class QueueItem:
    """One thing that waits for a signature.

    Attributes:
        subject, subject_id: what; an empty id is an evaluated lot whose raw record is not made yet.
        number, lot_no, place, method: what people call it.
        role: whose signature is next.
        since: since when it waits.
        verdict: of the lot.
        mine: this person may sign it next.
        blocked: why not, where the person holds the role and a rule stands against it.
        seen, total: pages opened by this person, of how many.
        round: 2 ... after a return; returned_reason says why the round before ended.
    """

    subject: Subject
    subject_id: str
    number: str
    lot_no: str
    place: str
    method: str
    role: SignatureRole
    since: datetime
    verdict: Verdict
    mine: bool
    blocked: Remark | None
    seen: int
    total: int
    round: int = 1
    returned_reason: str = ""


@dataclass(frozen=True)
class Queue:
    """What waits for this person, and what waits for others; oldest first."""

    mine: tuple[QueueItem, ...]
    others: tuple[QueueItem, ...]


@dataclass(frozen=True)
class RunLine:
    """A run as the reviewer sees it; ``state`` is ``used``, ``invalid``, ``lost`` or ``not-used``."""

    run: Run
    state: str
    reason: str = ""


@dataclass(frozen=True)
class PhotoLine:
    """A photo with its bytes, ``None`` where the file is not here (yet)."""

    item: str
    caption: str
    data: bytes | None


@dataclass(frozen=True)
class ReviewDetails:
    """Everything a reviewer needs.

    Attributes:
        facts: the subject with all it stands on.
        specimens: pieces in the order of their labels.
        lot_values: values of the lot as a whole.
        runs: every loading, also invalid, lost and unused ones.
        entries: chains of hand entries; the last of each counts.
        custody: what happened, oldest first.
        items, seen: pages to open, and those this person opened.
        role: whose signature is next; ``refusal`` says why this person may not give it.
        form: the entry sheet, for methods with one.
    """

    facts: ReviewFacts
    specimens: tuple[SpecimenInput, ...]
    lot_values: tuple[Value, ...]
    runs: tuple[RunLine, ...]
    entries: tuple[tuple[Entry, ...], ...]
    custody: tuple[CustodyEvent, ...]
    notices: tuple[ReviewNotice, ...]
    items: tuple[str, ...]
    seen: frozenset[str]
    role: SignatureRole | None
    refusal: Remark | None
    form: LotForm | None = None

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Signatures on the subject."""
        return self.facts.signatures

    @property
    def returned(self) -> Return | None:
        """Why it was given back, if it was."""
        return self.facts.returned

    def values_of(self, label: str) -> tuple[Value, ...]:
        """Values of one specimen."""
        return tuple(value for value in self.facts.stored.evaluation.values if value.subject == label)


class ReviewDesk:
    """Reads for the review page; changes nothing."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    def queue(self, person: Person) -> Queue:
        """What waits for this person's signature and what for others'."""
        with self._store.read() as uow:
            found = [
                self._item(uow, load_subject(uow, subject, key), person)
                for subject, keys in (
                    (Subject.RECORD, [record.id for record in uow.review.open_records()]),
                    (Subject.REPORT, [draft.id for draft in uow.review.open_drafts()]),
                )
                for key in keys
            ]
            if person.may(Role.TECHNICIAN):
                found += self._unsubmitted(uow, person)
        waiting = sorted((item for item in found if item is not None), key=lambda item: item.since)
        mine = tuple(item for item in waiting if item.mine)
        return Queue(mine, tuple(item for item in waiting if not item.mine))

    def details(self, subject: Subject, subject_id: str, person: Person) -> ReviewDetails:
        """Everything about a raw record or draft; raises OperatorError ``review.no_such_subject``."""
        with self._store.read() as uow:
            return self._details(uow, load_subject(uow, subject, subject_id), person)

    def details_of_lot(self, lot_no: str, person: Person) -> ReviewDetails:
        """The same for an evaluated lot whose raw record is still to be made."""
        with self._store.read() as uow:
            return self._details(uow, load_unsubmitted(uow, submittable(uow, lot_no)), person)

    def curve(self, facts: ReviewFacts, label: str, language: Language) -> CurveDrawing | None:
        """The curve of a specimen; ``None`` where it has none (bend, manual reading)."""
        lot = facts.stored.lot
        specimen = next((piece for piece in lot.specimens if piece.label == label), None)
        if specimen is None or specimen.run_hash is None:
            return None
        return draw_specimen(self._blobs.get(specimen.run_hash), specimen, lot, facts.stored.evaluation, language)

    def photos(self, facts: ReviewFacts) -> tuple[PhotoLine, ...]:
        """Photos of sampling and of displays read by hand."""
        return tuple(PhotoLine(photo_item(sha256), caption, self._photo(sha256)) for sha256, caption in facts.photos())

    def _photo(self, sha256: str) -> bytes | None:
        try:
            return self._blobs.get(sha256)
        except EnvironmentFault:
            return None

    def _item(self, uow: UnitOfWork, facts: ReviewFacts, person: Person) -> QueueItem | None:
        role = facts.next_role()
        if role is None:
            return None
        refusal = self._refusal(facts, role, person, set(facts.items()))
        seen = uow.review.viewings_of(facts.subject_id, person.id) if facts.subject_id else set()
        holder = facts.draft or facts.record
        since = facts.signatures[-1].at if facts.signatures else holder.created_at if holder else facts.stored.at
        commission, items = facts.commission, facts.items()
        return QueueItem(
            subject=facts.subject,
            subject_id=facts.subject_id,
            number=facts.number,
            lot_no=facts.lot.number,
            place=f"{commission.project_name} {commission.unit_name}".strip() if commission is not None else "",
            method=facts.lot.method,
            role=role,
            since=since,
            verdict=facts.stored.evaluation.verdict,
            mine=refusal is None,
            blocked=refusal,
            seen=len(seen & set(items)),
            total=len(items),
            round=facts.draft.round if facts.draft is not None else 1,
            returned_reason=_last_return(uow, facts),
        )

    def _unsubmitted(self, uow: UnitOfWork, person: Person) -> list[QueueItem | None]:
        found = []
        for lot in uow.reception.recent_lots(_RECENT_LOTS):
            try:
                stored = submittable(uow, lot.number)
            except OperatorError:
                continue
            found.append(self._item(uow, load_unsubmitted(uow, stored), person))
        return found

    def _refusal(self, facts: ReviewFacts, role: SignatureRole, person: Person, seen: set[str]) -> Remark | None:
        try:
            check_may_sign(facts.case(role, person, seen, self._clock.now()))
            check_content(facts)
        except OperatorError as error:
            return Remark(error.key, {name: str(value) for name, value in error.params.items()})
        return None

    def _details(self, uow: UnitOfWork, facts: ReviewFacts, person: Person) -> ReviewDetails:
        role, items = facts.next_role(), facts.items()
        seen = uow.review.viewings_of(facts.subject_id, person.id) if facts.subject_id else set()
        labels = [piece.label for piece in facts.lot.specimens]
        tags = [piece.tag for piece in facts.lot.specimens if piece.tag]
        return ReviewDetails(
            facts=facts,
            specimens=tuple(sorted(facts.stored.lot.specimens, key=lambda piece: piece.label)),
            lot_values=tuple(value for value in facts.stored.evaluation.values if not value.subject),
            runs=_run_lines(facts),
            entries=tuple(entry_chains(facts.bench.entries)),
            custody=tuple(uow.custody.of_subjects([facts.lot.number, *labels, *tags])),
            notices=(*notices(facts), *_exchanged(uow, facts)),
            items=items,
            seen=frozenset(seen & set(items)),
            role=role if facts.returned is None else None,
            refusal=self._refusal(facts, role, person, seen) if role is not None else None,
            form=form_by(facts.stored.lot.method, facts.stored.evaluation.rules),
        )


def _exchanged(uow: UnitOfWork, facts: ReviewFacts) -> tuple[ReviewNotice, ...]:
    """Groups of the project that look exchanged with this one: outside the evaluation, which knows its own lot only."""
    if facts.lot.method not in GROUP_METHODS:
        return ()
    found = exchanged_in_store(uow, facts.lot.project_code, facts.lot.number)
    return tuple(
        ReviewNotice(NoticeWeight.WARN, remark.key, dict(remark.params), "review.chip.note") for remark in found
    )


def _run_lines(facts: ReviewFacts) -> tuple[RunLine, ...]:
    used = {piece.run_hash for piece in facts.stored.lot.specimens if piece.run_hash}
    invalid = {item.run_id: item.reason for item in facts.bench.invalidations}
    lost = {item.run_id: item.reason for item in facts.bench.findings}
    lines = []
    for run in facts.bench.runs:
        if run.id in invalid:
            lines.append(RunLine(run, "invalid", invalid[run.id]))
        elif run.id in lost:
            lines.append(RunLine(run, "lost", lost[run.id]))
        else:
            lines.append(RunLine(run, "used" if run.sealed_sha256 in used else "not-used"))
    return tuple(lines)


def _last_return(uow: UnitOfWork, facts: ReviewFacts) -> str:
    """Why the round before this one ended; empty for a first round."""
    earlier = [
        item.id
        for item in uow.review.drafts_of_lot(facts.lot.number)
        if facts.draft is None or item.id < facts.draft.id
    ]
    records = [item.id for item in uow.review.records_of_lot(facts.lot.number) if item.id != facts.subject_id]
    reasons = [found for key in (*records, *earlier) if (found := uow.review.return_of(key)) is not None]
    return max(reasons, key=lambda item: item.at).reason if reasons else ""
