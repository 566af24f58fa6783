"""Where a received lot stands, derived from what is stored; never a field that somebody sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.review import Draft, RawRecord, Subject, next_role
from labdesk.domain.specimens import LotState
from labdesk.domain.store import UnitOfWork
from labdesk.services.evaluating import LotFacts, read_lot

_Subjected = TypeVar("_Subjected", Draft, RawRecord)


def lot_state(uow: UnitOfWork, lot_no: str) -> LotState:
    """State of a lot; raises OperatorError ``testing.no_such_lot``.

    What was returned, and what was signed over an evaluation that a newer one has replaced, no longer counts: the lot stands
    where its newest evaluation stands. An issued report stays issued.
    """
    drafts = uow.review.drafts_of_lot(lot_no)
    if any(uow.reporting.issued(draft.id) is not None for draft in drafts):
        return LotState.ISSUED
    facts = read_lot(uow, lot_no)
    evaluations = uow.testing.evaluations_of_lot(lot_no)
    if not evaluations:
        return LotState.TO_MEASURE if all_loaded(facts) else LotState.TESTING
    newest = evaluations[-1].id
    draft = _standing(uow, [draft for draft in drafts if draft.evaluation_id == newest])
    if draft is not None:
        return LotState.APPROVED if _signed(uow, Subject.REPORT, draft) else LotState.IN_REVIEW
    record = _standing(uow, [item for item in uow.review.records_of_lot(lot_no) if item.evaluation_id == newest])
    if record is not None and _signed(uow, Subject.RECORD, record):
        return LotState.RECORD_SIGNED
    return LotState.EVALUATED


def all_loaded(facts: LotFacts) -> bool:
    """Whether every machine test of a lot is done: what remains is measured by hand."""
    return all(
        facts.counted_run(label) is not None
        for label, tests in facts.planned().items()
        if MACHINE_TESTS.intersection(tests)
    )


def _standing(uow: UnitOfWork, items: Sequence[_Subjected]) -> _Subjected | None:
    """The newest that was not given back."""
    return next((item for item in reversed(items) if uow.review.return_of(item.id) is None), None)


def _signed(uow: UnitOfWork, subject: Subject, item: Draft | RawRecord) -> bool:
    return next_role(subject, uow.review.signatures_of(item.id)) is None
