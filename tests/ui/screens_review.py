"""Pictures of the review page: with work, with a PIN asked, a return, corrected entries, and with nothing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from labdesk.domain.people import Person
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.ui.i18n import language
from labdesk.ui.review.page import ReviewPage, ReviewServices
from labdesk.ui.review.specimen_card import Tab
from tests.helpers.reviewworld import CHECKER, QUALITY, REVIEWER, TESTER, ReviewWorld, session
from tests.ui.review_stage import Stage, below_header, stage, temporary_engine


def _title() -> str:
    return "审核" if language().value == "zh" else "Review"


def _page(who: Person, prepare: Callable[[ReviewWorld], object], act: Callable[[ReviewPage, Stage], object]) -> QWidget:
    found = stage(temporary_engine(), who)
    prepare(found.made)
    found.made.clock.forward(minutes=25)
    page = ReviewPage(found.context, ReviewServices(found.made.review, found.made.desk, found.made.clock))
    whole = below_header(page, _title)
    whole.setProperty("stage", found)
    page.on_shown()
    for _ in range(3):
        found.settle()
    act(page, found)
    found.settle()
    return whole


def _waiting(made: ReviewWorld) -> None:
    made.sign(Subject.REPORT, made.checked(), SignatureRole.TESTED, TESTER)


def _returned(made: ReviewWorld) -> None:
    made.review.give_back(
        Subject.REPORT, made.checked(), "曲线与读数不符，请核对引伸计标距后重新评定并提交", session(QUALITY)
    )
    record = made.record()
    made.sign(Subject.RECORD, record.id, SignatureRole.TESTED, TESTER)


def _nothing(page: ReviewPage, found: Stage) -> None:
    """The page as it comes."""


SCREENS: dict[str, Callable[[], QWidget]] = {
    "review": lambda: _page(REVIEWER, _waiting, _nothing),
    "review-pin": lambda: _page(
        TESTER, lambda made: made.checked(), lambda page, found: page._ask(page.signing.ask_pin)
    ),
    "review-return": lambda: _page(REVIEWER, _waiting, lambda page, found: page._ask(page.signing.ask_reason)),
    "review-entries": lambda: _page(
        CHECKER,
        _returned,
        lambda page, found: (page.card.step(2), page._draw(), page.card.tabs.setCurrentIndex(Tab.ENTRIES)),
    ),
    "review-photo": lambda: _page(REVIEWER, _waiting, lambda page, found: page._show_photos()),
    "review-tester": lambda: _page(TESTER, lambda made: None, _nothing),
    "review-empty": lambda: _page(QUALITY, lambda made: None, _nothing),
}
