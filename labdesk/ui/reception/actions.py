"""What the keys of the counter do: each looks at what is open now and asks the flow, or the person, for the next step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from labdesk.domain.errors import OperatorError
from labdesk.domain.reception import Look, ReceptionState
from labdesk.ui.errors import NoticeState
from labdesk.ui.page import KeyAction
from labdesk.ui.reception import decisions
from labdesk.ui.reception.done import Document
from labdesk.ui.reception.flow import Pending
from labdesk.ui.reception.pieces import PieceRow
from labdesk.ui.reception.sheets import PaperQuestion
from labdesk.ui.sounds import Tone

if TYPE_CHECKING:
    from labdesk.ui.reception.page import ReceptionPage

translate = QCoreApplication.translate


def list_keys(page: ReceptionPage) -> tuple[KeyAction, ...]:
    """Keys of the list of arrived commissions."""
    return (
        KeyAction("Ctrl+F", lambda: translate("Reception", "search"), page.arrived.search.setFocus),
        KeyAction("F5", lambda: translate("Reception", "read again"), page.search),
    )


def done_keys(page: ReceptionPage) -> tuple[KeyAction, ...]:
    """Keys of a finished reception: a digit opens a paper."""

    def opens(paper: Document) -> KeyAction:
        return KeyAction(paper.key, lambda: paper.name, partial(page.open_document, paper))

    papers = tuple(opens(paper) for paper in page.done.documents() if paper.key)
    return (*papers, KeyAction("Esc", lambda: translate("Reception", "back"), page.back))


def counter_keys(page: ReceptionPage) -> tuple[KeyAction, ...]:
    """Keys of an open commission, in the order they are printed."""
    flow = page.flow
    state = flow.view.state if flow.view is not None else None
    judging, free = flow.open, flow.open and flow.pending is None
    may_hold = free or state is ReceptionState.HELD
    held = state is ReceptionState.HELD
    return (
        KeyAction(
            "Space",
            lambda: translate("Reception", "looked sound"),
            partial(flow.declare, Look.SOUND),
            lambda: free,
        ),
        KeyAction(
            "F6", lambda: translate("Reception", "tag damaged"), partial(flow.declare, Look.TAG_DAMAGED), lambda: free
        ),
        KeyAction(
            "F7",
            lambda: translate("Reception", "piece damaged"),
            partial(flow.declare, Look.PIECE_DAMAGED),
            lambda: free,
        ),
        KeyAction(
            "F8",
            lambda: translate("Reception", "refuse"),
            partial(decisions.refuse_expired, flow) if held else partial(_reject, page),
            lambda: held or _refusable(page) is not None,
        ),
        KeyAction(
            "F9",
            lambda: translate("Reception", "papers are here") if held else translate("Reception", "hold for a paper"),
            partial(_hold, page),
            lambda: may_hold,
        ),
        KeyAction("F10", lambda: translate("Reception", "complete"), partial(_finish, page), lambda: free),
        KeyAction("Del", lambda: translate("Reception", "not here"), partial(_absent, page), lambda: free),
        KeyAction(
            "S",
            lambda: translate("Reception", "slip"),
            partial(_open_slip, page),
            lambda: flow.slip is not None and judging,
        ),
        KeyAction(
            "P",
            lambda: translate("Reception", "photos"),
            partial(show_photos, page),
            lambda: bool(page.side.strip.photos),
        ),
        KeyAction("Esc", lambda: translate("Reception", "back"), page.back),
    )


def mark_row(page: ReceptionPage, row: PieceRow) -> None:
    """Enter on a row: the declared damage is that of this piece."""
    if row.sample is not None:
        page.flow.mark((row.lot.index, row.sample.index))


def _absent(page: ReceptionPage) -> None:
    row = page.table.current_row()
    if row is not None and row.sample is not None:
        page.flow.absent((row.lot.index, row.sample.index))
    else:
        page.context.errors.tell(
            NoticeState.INFO, translate("Reception", "Choose the row of the piece with ↑ ↓ first.")
        )


def _refusable(page: ReceptionPage) -> Pending | None:
    """What F8 refuses now: the piece that was scanned last, else the selected lot where the whole of it is wrong."""
    flow, view = page.flow, page.flow.view
    if view is None or not flow.open or flow.pending is not None:
        return flow.pending
    row = page.table.current_row()
    if row is None:
        return None
    index = row.lot.index
    if any(not slip.tag and slip.lot_index == index for slip in view.rejections):
        return None
    count = next(count for count in view.counts if count.lot.index == index)
    finding = view.lot_findings.get(index)
    wrong = count.refusal is not None or (finding is not None and finding.refuses())
    return Pending("", index) if wrong or (count.short() and not count.waiting) else None


def _reject(page: ReceptionPage) -> None:
    what = _refusable(page)
    if what is not None:
        page.flow.reject(what)


def _hold(page: ReceptionPage) -> None:
    view = page.flow.view
    if view is None:
        return
    if view.hold is not None:
        question = PaperQuestion(
            translate("Reception", "Are the missing papers here?"),
            translate("Reception", "Tick every paper that lies on the counter now; then the reception goes on."),
            view.hold.papers,
            all_needed=True,
        )
        page.ask(question, lambda papers: decisions.release(page.flow))
        return
    title = translate("Reception", "Which paper is missing?")
    sentence = translate("Reception", "The commission waits without a number until the deadline of the region's rules.")
    page.ask(PaperQuestion(title, sentence, page.papers_needed), partial(decisions.hold, page.flow))


def _finish(page: ReceptionPage) -> None:
    view = page.flow.view
    if view is None:
        return
    waiting = sum(len(count.waiting) for count in view.counts if count.refusal is None)
    if waiting:
        page.context.sounds.play(Tone.BAD)
        page.context.errors.report(OperatorError("reception.unscanned", count=waiting))
        return
    title = translate("Reception", "Which papers lie here?")
    sentence = translate("Reception", "Tick what came with the samples. If one is missing, press Esc and hold with F9.")
    papers = page.papers_needed
    page.ask(PaperQuestion(title, sentence, papers, none_needed=not papers), partial(decisions.finish, page.flow))


def _open_slip(page: ReceptionPage) -> None:
    slip = page.flow.slip
    if slip is not None:
        page.open_document(Document("", "", slip.number, "", slip.slip_sha256))


def show_photos(page: ReceptionPage, position: int = 0) -> None:
    """Opens the photos of sampling as large as the page."""
    if page.side.strip.photos:
        page.viewer.show_photos(page.side.strip.photos, position)
