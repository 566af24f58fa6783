"""Steps at the counter: two commissions taken in, and what does not match refused."""

from __future__ import annotations

from PySide6.QtCore import Qt

from labdesk.app.demo.site import CONCRETE_NO, CUBE_TAGS, FOREIGN_TAG, LATE_TAGS, REBAR_NO, REBAR_TAGS
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.domain.codes import CodeKind
from labdesk.domain.reception import ReceptionView, ScanVerdict
from labdesk.domain.specimens import Lot


def arrived(director: Director) -> str:
    """Wait until the platform's commissions are here."""
    desk = director.rooms.counter.desk
    director.until("the commissions have arrived", lambda: len(desk.waiting()) >= 3)
    director.settle()
    return ", ".join(commission.number for commission in desk.waiting())


def open_commission(director: Director, number: str) -> str:
    """Scan a commission's QR."""
    director.scan(CodeKind.COMMISSION, number)
    desk = director.rooms.counter.desk
    director.until(f"{number} is open", lambda: _opened(director, number))
    view = desk.view(number)
    return f"{view.total()} pieces in {len(view.counts)} lots"


def _opened(director: Director, number: str) -> bool:
    with director.rooms.base.store.read() as uow:
        return uow.reception.reception_of(number) is not None


def _view(director: Director, number: str) -> ReceptionView:
    return director.rooms.counter.desk.view(number)


def scan_tag(director: Director, number: str, tag: str, look: Qt.Key = Qt.Key.Key_Space) -> ScanVerdict:
    """Look, then scan: one key and one pull of the trigger; returns the verdict that was stored."""
    before = len(_view(director, number).scans)
    director.key(look)
    director.scan(CodeKind.TAG, tag)
    director.until(f"the scan of {tag} is stored", lambda: len(_view(director, number).scans) > before)
    director.settle()
    return _view(director, number).scans[-1].finding.verdict


def expect(director: Director, number: str, tag: str, verdict: ScanVerdict, look: Qt.Key = Qt.Key.Key_Space) -> str:
    """Scan a tag that must get ``verdict``."""
    found = scan_tag(director, number, tag, look)
    if found is not verdict:
        raise StepFailedError(f"{tag}: {found.value} instead of {verdict.value}")
    return f"{tag}: {found.value}"


def refuse(director: Director, number: str) -> str:
    """F8: the slip is made and queued for the platform."""
    before = len(_view(director, number).rejections)
    director.key(Qt.Key.Key_F8)
    director.until("the slip is made", lambda: len(_view(director, number).rejections) > before)
    rejection = _view(director, number).rejections[-1]
    keep_paper(director, f"slip-{rejection.number}", rejection.slip_sha256)
    return f"{rejection.number}: {rejection.finding.verdict.value}"


def refused_by_itself(director: Director, number: str) -> str:
    """A finding about a whole lot refuses it with the first scan of one of its tags: the slip is there already."""
    slips = [item for item in _view(director, number).rejections if not item.tag]
    if len(slips) != 1:
        raise StepFailedError(f"{len(slips)} slips for the lot")
    keep_paper(director, f"slip-{slips[0].number}", slips[0].slip_sha256)
    return f"{slips[0].number}: {slips[0].finding.verdict.value}"


def finish(director: Director, number: str) -> str:
    """F10, the papers are here: numbers, labels, receipt."""
    director.key(Qt.Key.Key_F10)
    for place, _ in enumerate(director.rooms.counter.receiving.papers_needed(number), start=1):
        director.type(str(place))
    director.picture(f"{len(director.steps) + 1:02d}-papers-are-here")
    director.key(Qt.Key.Key_Return)
    director.until(f"{number} is received", lambda: _papers(director, number) is not None)
    lots = lots_of(director, number)
    papers = _papers(director, number)
    if papers is not None:
        keep_paper(director, f"receipt-{number}", papers[0])
        keep_paper(director, f"labels-{number}", papers[1])
    return ", ".join(f"{lot.number} ({len(lot.specimens)})" for lot in lots)


def _papers(director: Director, number: str) -> tuple[str, str] | None:
    with director.rooms.base.store.read() as uow:
        reception = uow.reception.reception_of(number)
        papers = uow.reception.papers_of(reception) if reception else None
    return None if papers is None else (papers.receipt_sha256, papers.labels_sha256)


def lots_of(director: Director, number: str) -> list[Lot]:
    """Received lots of a commission."""
    with director.rooms.base.store.read() as uow:
        return uow.reception.lots_of(number)


def keep_paper(director: Director, name: str, sha256: str) -> None:
    """Put a printed paper into ``out``."""
    if sha256:
        (director.out / f"{name}.pdf").write_bytes(director.rooms.base.blobs.get(sha256))


def take_in_rebar(director: Director) -> None:
    """The rebar commission, with a tag of another project among its bars."""
    number = REBAR_NO
    director.step("open-rebar-commission", lambda: open_commission(director, number))
    for place, tag in enumerate(REBAR_TAGS[:2], start=1):
        director.step(f"bar-{place}-matches", lambda tag=tag: expect(director, number, tag, ScanVerdict.MATCH))  # type: ignore[misc]
    director.step("fault-foreign-tag", lambda: expect(director, number, FOREIGN_TAG, ScanVerdict.WRONG_PROJECT))
    director.step("foreign-tag-refused", lambda: refuse(director, number))
    for place, tag in enumerate(REBAR_TAGS[2:], start=3):
        director.step(f"bar-{place}-matches", lambda tag=tag: expect(director, number, tag, ScanVerdict.MATCH))  # type: ignore[misc]
    director.step("rebar-received", lambda: finish(director, number))


def take_in_concrete(director: Director) -> None:
    """The concrete commission: one damaged tag with a spare at hand, and a group that was witnessed too late."""
    number = CONCRETE_NO
    director.step("open-concrete-commission", lambda: open_commission(director, number))
    director.step("cube-1-matches", lambda: expect(director, number, CUBE_TAGS[0], ScanVerdict.MATCH))
    director.step(
        "fault-damaged-tag",
        lambda: expect(director, number, CUBE_TAGS[1], ScanVerdict.TAG_DAMAGED, Qt.Key.Key_F6),
    )
    director.step("damaged-tag-refused", lambda: refuse(director, number))
    for place, tag in enumerate(CUBE_TAGS[2:], start=3):
        director.step(f"cube-{place}-matches", lambda tag=tag: expect(director, number, tag, ScanVerdict.MATCH))  # type: ignore[misc]
    director.step("fault-late-witness", lambda: expect(director, number, LATE_TAGS[0], ScanVerdict.WITNESS_LATE))
    director.step("late-witness-refused", lambda: refused_by_itself(director, number))
    director.step("concrete-received", lambda: finish(director, number))
