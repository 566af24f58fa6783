"""What the banner says at each step of the counter: look, scan, verdict, slip, hold, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from labdesk.domain.commission import SampleOrder
from labdesk.domain.reception import Finding, Hold, Look, ReceptionView, Rejection, ScanVerdict
from labdesk.services.receiving import Received
from labdesk.ui.reception.words import field_word, moment_word, paper_word, spec_word, tag_word, verdict_word
from labdesk.ui.widgets.banner import BannerAction, Compared, Count, Verdict, VerdictState

translate = QCoreApplication.translate
#: Beyond this many characters both values stand below each other instead of side by side.
_ONE_LINE = 56
_HERE = frozenset({ScanVerdict.OTHER_COMMISSION, ScanVerdict.WRONG_PROJECT})


@dataclass(frozen=True)
class BannerKeys:
    """What the banner's buttons do."""

    reject: Callable[[], object]
    again: Callable[[], object]
    open_slip: Callable[[], object]


def progress(view: ReceptionView) -> Count:
    """How many pieces were found right."""
    return Count(view.verified(), view.total(), translate("Reception", "verified"))


def piece_line(view: ReceptionView, tag: str) -> str:
    """Which piece: ``piece 3 · HRB400E Φ25 · part · tag``."""
    where = view.commission.find(tag)
    if where is None:
        return translate("Reception", "Tag {0}").format(tag_word(tag))
    lot, sample = where
    words = (
        translate("Reception", "Piece {0}").format(number_of(view, lot.index, sample)),
        spec_word(lot),
        lot.part,
        translate("Reception", "tag {0}").format(tag_word(tag)),
    )
    return " · ".join(words)


def number_of(view: ReceptionView, lot_index: int, sample: SampleOrder) -> int:
    """The piece's running number in the table."""
    before = sum(len(lot.samples) for lot in view.commission.lots if lot.index < lot_index)
    return before + sample.index


def ask_look(view: ReceptionView) -> Verdict:
    """Nothing was looked at yet."""
    left = view.total() - view.verified()
    return Verdict(
        VerdictState.INFO,
        translate("Reception", "Look at piece and tag"),
        translate("Reception", "Both sound: press Space, then scan the tag. Damaged: F6 the tag, F7 the piece.")
        if left
        else translate("Reception", "Every piece is verified: press F10 to receive."),
        count=progress(view),
    )


def ask_scan(view: ReceptionView, look: Look) -> Verdict:
    """The eyes have spoken, the scan is next."""
    if look is Look.SOUND:
        word, reason = translate("Reception", "Sound: scan its tag"), ""
        return Verdict(VerdictState.INFO, word, reason or view.commission.project_name, count=progress(view))
    word = (
        translate("Reception", "Tag damaged: which piece?")
        if look is Look.TAG_DAMAGED
        else translate("Reception", "Piece damaged: which one?")
    )
    reason = translate("Reception", "Scan its tag; if it cannot be read, choose its row with ↑ ↓ and press Enter.")
    return Verdict(VerdictState.HOLD, word, reason, count=progress(view))


def found(view: ReceptionView, tag: str, finding: Finding, keys: BannerKeys) -> Verdict:
    """The verdict on a scan."""
    word = verdict_word(finding)
    if finding.verdict is ScanVerdict.MATCH:
        return Verdict(VerdictState.MATCH, word, piece_line(view, tag), count=progress(view))
    if finding.verdict is ScanVerdict.LOOK_FIRST:
        reason = translate("Reception", "Nothing was recorded for the piece: press Space when both are sound, then scan.")
        return Verdict(VerdictState.HOLD, word, reason, count=progress(view))
    if not finding.refuses():
        line = piece_line(view, tag)
        reason = f"{line} · {finding.found}" if finding.found else line
        state = VerdictState.MISMATCH if finding.verdict is ScanVerdict.ALREADY_REFUSED else VerdictState.HOLD
        return Verdict(state, word, reason, count=progress(view))
    actions = (
        BannerAction(translate("Reception", "Reject"), "F8", keys.reject),
        BannerAction(translate("Reception", "Mis-scan, scan again"), "Esc", keys.again),
    )
    reason, compared = both_values(view, tag, finding)
    return Verdict(VerdictState.MISMATCH, word, reason, compared, actions=actions)


def refused(view: ReceptionView, slip: Rejection, keys: BannerKeys) -> Verdict:
    """A piece or lot was refused and its slip is kept."""
    whole = not slip.tag
    what = (
        translate("Reception", "the whole lot {0}").format(slip.lot_index) if whole else piece_line(view, slip.tag)
    )
    values = _values(slip.finding)
    reason = f"{verdict_word(slip.finding)} · {what}" + (f"\n{values}" if values else "")
    word = translate("Reception", "Refused, slip {0}").format(slip.number)
    actions = (BannerAction(translate("Reception", "Open the slip"), "P", keys.open_slip),)
    return Verdict(VerdictState.MISMATCH, word, reason, actions=actions)


def held(view: ReceptionView, hold: Hold, *, expired: bool) -> Verdict:
    """On hold until a deadline, or past it."""
    papers = translate("Reception", "Missing: {0}.").format(
        translate("Reception", ", ").join(paper_word(paper) for paper in hold.papers)
    )
    if expired:
        word = translate("Reception", "Hold ended {0}").format(moment_word(hold.deadline))
        advice = translate("Reception", "It can no longer be received: press F8 to refuse it.")
        return Verdict(VerdictState.MISMATCH, word, f"{papers} {advice}")
    word = translate("Reception", "On hold until {0}").format(moment_word(hold.deadline))
    advice = translate("Reception", "No number and no test until then. Scan the commission again when it is here.")
    return Verdict(VerdictState.HOLD, word, f"{papers} {advice}", count=progress(view))


def finished(view: ReceptionView, received: Received) -> Verdict:
    """Reception is over."""
    slips = len(view.rejections)
    if not received.lots:
        word = translate("Reception", "Nothing received")
        return Verdict(VerdictState.MISMATCH, word, translate("Reception", "Slips: {0}").format(slips))
    pieces = sum(len(lot.specimens) for lot in received.lots)
    word = translate("Reception", "Received: {0}").format(", ".join(lot.number for lot in received.lots))
    reason = translate("Reception", "{0} specimens · receipt {1}").format(pieces, received.receipt_no)
    if slips:
        reason += " · " + translate("Reception", "slips: {0}").format(slips)
    if not view.client_commissioned:
        reason += " · " + translate("Reception", "not the client's commission: reports say so")
    return Verdict(VerdictState.MATCH, word, reason)


def both_values(view: ReceptionView, tag: str, finding: Finding) -> tuple[str, tuple[Compared, ...]]:
    """Reason line and comparison: side by side where they fit, else below each other."""
    if not finding.expected and not finding.found:
        return piece_line(view, tag), ()
    if len(finding.expected) + len(finding.found) + len(view.commission.project_name) > _ONE_LINE:
        return _values(finding), ()
    of_commission = finding.verdict is ScanVerdict.OTHER_COMMISSION
    left, right = _captions(finding)
    detail = view.commission.project_name if of_commission else ""
    field = "" if of_commission else field_word(finding)
    return field, (Compared(left, finding.expected, detail), Compared(right, finding.found))


def _values(finding: Finding) -> str:
    if not finding.expected and not finding.found:
        return ""
    left, right = _captions(finding)
    return f"{field_word(finding)}  {left} {finding.expected}\n{right} {finding.found}"


def _captions(finding: Finding) -> tuple[str, str]:
    if finding.verdict in _HERE:
        return translate("Reception", "this commission"), translate("Reception", "scanned")
    return translate("Reception", "expected"), translate("Reception", "found")
