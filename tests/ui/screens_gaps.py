"""Pictures of the decision about a run with samples missing: on both pages, with and without the right, and the reason asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from labdesk.domain.people import Person
from labdesk.domain.sentences import Language
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDesk
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.review.page import ReviewPage, ReviewServices
from tests.helpers.benchworld import REBAR_LOT, TECHNICIAN
from tests.helpers.gapworld import QUALITY, load_with_gap, with_quality
from tests.ui.bench_stage import Stage, new_stage
from tests.ui.review_stage import below_header


def _stage(who: Person) -> Stage:
    stage = new_stage(Ops())
    stage.person = who
    stage.gaps = with_quality(stage.world)  # type: ignore[attr-defined]
    for label in ("G26-00417-1", "G26-00417-2"):
        load_with_gap(stage.world, label)
    return stage


def _lots(who: Person, act: Callable[[object], object]) -> QWidget:
    stage = _stage(who)
    stage.choice.number = REBAR_LOT
    page = stage.lots()
    whole = below_header(page, lambda: "样品" if language() is Language.ZH else "Samples")
    whole.setProperty("stage", stage)
    stage.settle()
    act(page)
    stage.settle()
    return whole


def _review(who: Person, act: Callable[[ReviewPage], object]) -> QWidget:
    stage = _stage(who)
    world = stage.world
    signing = ReviewService(world.store, world.clock, world.ids, world.pins, None)  # type: ignore[arg-type]
    desk = ReviewDesk(world.store, world.blobs, world.clock)
    page = ReviewPage(stage.context(), ReviewServices(signing, desk, world.clock, stage.gaps))  # type: ignore[attr-defined]
    whole = below_header(page, lambda: "审核" if language() is Language.ZH else "Review")
    whole.setProperty("stage", stage)
    page.on_shown()
    stage.settle()
    act(page)
    stage.settle()
    if page.gaps.sheet.isVisible() and page.gaps.reason.isHidden() and who is QUALITY and act is _reason:
        page.gaps._ask()
    return whole


def _reason(page: ReviewPage) -> None:
    page.gaps.ask()


SCREENS: dict[str, Callable[[], QWidget]] = {
    "gap-samples": lambda: _lots(TECHNICIAN, lambda page: None),
    "gap-samples-sheet": lambda: _lots(TECHNICIAN, lambda page: page.gaps.ask(REBAR_LOT)),  # type: ignore[attr-defined]
    "gap-review": lambda: _review(QUALITY, lambda page: None),
    "gap-review-sheet": lambda: _review(QUALITY, lambda page: page.gaps.ask()),
    "gap-review-reason": lambda: _review(QUALITY, _reason),
}
