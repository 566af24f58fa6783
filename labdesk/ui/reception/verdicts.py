"""What the counter's banner shows for each finding, refusal and state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontMetricsF

from labdesk.domain.reception import (
    Finding,
    Look,
    ReceptionState,
    ReceptionView,
    Rejection,
    Scanned,
    ScanVerdict,
)
from labdesk.services.receiving import Received
from labdesk.ui.fonts import font
from labdesk.ui.reception.words import (
    field_word,
    moment,
    paper_word,
    specification,
    tag_text,
    verdict_word,
)
from labdesk.ui.tokens import Size, Space, TypeSize
from labdesk.ui.widgets.banner import BannerAction, Compared, Count, Verdict, VerdictState

translate = QCoreApplication.translate
#: Beyond this width both values stand in a wrapped line instead of side by side.
_SIDE_BY_SIDE = Size.WINDOW_WIDTH - Size.RAIL - Size.SIDE - Size.BANNER_ICON
Act = Callable[[], object]


def progress(view: ReceptionView) -> Count:
    """How many pieces were found right."""
    return Count(view.verified(), view.total(), translate("Reception", "checked"))


def for_state(view: ReceptionView, look: Look | None) -> Verdict:
    """Before a scan: what to do next."""
    count = progress(view)
    if view.state is ReceptionState.HELD and view.hold is not None:
        papers = "、".join(paper_word(paper) for paper in view.hold.papers)
        reason = translate("Reception", "missing: {0} · until {1}").format(papers, moment(view.hold.deadline))
        return Verdict(VerdictState.HOLD, translate("Reception", "On hold: no number, no test"), reason, count=count)
    if look is Look.SOUND:
        reason = translate("Reception", "tag and piece looked sound")
        return Verdict(VerdictState.INFO, translate("Reception", "Scan its tag"), reason, count=count)
    if look in (Look.TAG_DAMAGED, Look.PIECE_DAMAGED):
        word = (
            translate("Reception", "Tag damaged: which piece?")
            if look is Look.TAG_DAMAGED
            else translate("Reception", "Piece damaged: which one?")
        )
        reason = translate("Reception", "Scan its tag, or choose its row with ↑ ↓ and press Enter. Esc takes it back.")
        return Verdict(VerdictState.HOLD, word, reason, count=count)
    if not any(item.waiting for item in view.counts if item.refusal is None):
        word = translate("Reception", "Everything is judged")
        return Verdict(VerdictState.INFO, word, translate("Reception", "F10 completes the reception."), count=count)
    reason = translate("Reception", "Look at tag and piece. Both sound: Space, then scan the tag.")
    return Verdict(VerdictState.INFO, translate("Reception", "Look first, then scan"), reason, count=count)


def for_finding(finding: Finding, view: ReceptionView, scan: Scanned | None, acts: tuple[Act, Act] | None) -> Verdict:
    """After a scan. ``acts`` = refuse and mis-scan, where a person decides."""
    word = verdict_word(finding)
    if finding.verdict is ScanVerdict.MATCH:
        return Verdict(VerdictState.MATCH, word, _piece(view, scan), count=progress(view))
    if finding.verdict in (ScanVerdict.LOOK_FIRST, ScanVerdict.ALREADY_SCANNED):
        reason = (
            translate(
                "Reception", "Space: tag and piece are sound. F6: tag damaged. F7: piece damaged. Then scan again."
            )
            if finding.verdict is ScanVerdict.LOOK_FIRST
            else _piece(view, scan)
        )
        return Verdict(VerdictState.HOLD, word, reason, count=progress(view))
    absent = finding.verdict is ScanVerdict.QUANTITY_SHORT
    bad = (finding.refuses() and not absent) or finding.verdict is ScanVerdict.ALREADY_REFUSED
    word = translate("Reception", "Noted: not here") if absent else word
    state = VerdictState.MISMATCH if bad else VerdictState.HOLD
    reason, compared = _differing(finding, view, scan)
    return Verdict(state, word, reason, compared, None if acts else progress(view), _actions(acts))


def for_undecided(view: ReceptionView, acts: tuple[Act, Act]) -> Verdict:
    """A scan came while a red verdict still waits for its decision."""
    reason = translate(
        "Reception", "The piece scanned before does not match. Refuse it, or say that it was a mis-scan."
    )
    word = translate("Reception", "Decide first, then scan on")
    return Verdict(VerdictState.MISMATCH, word, reason, actions=_actions(acts))


def for_refusal(slip: Rejection, view: ReceptionView) -> Verdict:
    """A slip was written."""
    whole = not slip.tag
    word = (translate("Reception", "Lot refused: {0}") if whole else translate("Reception", "Refused: {0}")).format(
        slip.number
    )
    subject = translate("Reception", "lot {0}").format(slip.lot_index) if whole else tag_text(slip.tag)
    reason = f"{verdict_word(slip.finding)} · {subject} · " + translate("Reception", "S opens the slip to print it")
    return Verdict(VerdictState.MISMATCH, word, reason, count=progress(view))


def for_error(text: str, view: ReceptionView) -> Verdict:
    """A scan or key was not taken."""
    return Verdict(VerdictState.MISMATCH, translate("Reception", "Not taken"), text, count=progress(view))


def for_done(view: ReceptionView, received: Received) -> Verdict:
    """The reception is finished."""
    if not received.lots:
        reason = translate("Reception", "Nothing was received. Give the samples back with their slips.")
        return Verdict(VerdictState.MISMATCH, translate("Reception", "Everything was refused"), reason)
    numbers = "、".join(lot.number for lot in received.lots)
    reason = translate("Reception", "{0} · receipt {1}").format(numbers, received.receipt_no)
    pieces = sum(len(lot.specimens) for lot in received.lots)
    count = Count(pieces, view.total(), translate("Reception", "received"))
    return Verdict(VerdictState.MATCH, translate("Reception", "Received"), reason, count=count)


def _piece(view: ReceptionView, scan: Scanned | None) -> str:
    place = view.commission.find(scan.tag) if scan is not None else None
    if place is None:
        return ""
    lot, sample = place
    piece = translate("Reception", "piece {0}").format(sample.index)
    spare = translate("Reception", "spare") if sample.spare else ""
    tag = translate("Reception", "tag {0}").format(tag_text(sample.tag))
    return " · ".join(part for part in (piece, spare, specification(lot), lot.part, tag) if part)


def _differing(finding: Finding, view: ReceptionView, scan: Scanned | None) -> tuple[str, tuple[Compared, ...]]:
    if not finding.expected and not finding.found:
        return _piece(view, scan), ()
    here = finding.verdict in (ScanVerdict.UNKNOWN_TAG, ScanVerdict.OTHER_COMMISSION, ScanVerdict.WRONG_PROJECT)
    expected = translate("Reception", "this order") if here else translate("Reception", "expected")
    found = translate("Reception", "scanned") if here else translate("Reception", "found")
    names = "" if here else field_word(finding)
    sides = (Compared(f"{names} · {expected}" if names else expected, finding.expected), Compared(found, finding.found))
    metrics = QFontMetricsF(font(TypeSize.REASON, bold=True))
    words = "".join(f"{side.label}{side.value}" for side in sides)
    if metrics.horizontalAdvance(words) + 3 * Space.XL <= _SIDE_BY_SIDE:
        return "", sides
    return "   ".join(f"{side.label} {side.value}" for side in sides), ()


def _actions(acts: tuple[Act, Act] | None) -> tuple[BannerAction, ...]:
    if acts is None:
        return ()
    return (
        BannerAction(translate("Reception", "Refuse"), "F8", acts[0]),
        BannerAction(translate("Reception", "Mis-scan"), "Esc", acts[1]),
    )
