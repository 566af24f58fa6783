"""The rail: which page belongs to which stage, for whom, and which services it gets."""

from __future__ import annotations

from collections.abc import Callable

from labdesk.app.desktop.rooms import LazyRooms, Rooms
from labdesk.domain.people import Role
from labdesk.ui.icons import Icon
from labdesk.ui.page import Page, PageContext, PageSpec
from labdesk.ui.shell.captions import stage_caption

Factory = Callable[[PageContext, Rooms], Page]


def page_specs(rooms: LazyRooms) -> tuple[PageSpec, ...]:
    """All pages in the rail's order; modules of a page load when it is first opened."""

    def spec(page_id: str, icon: Icon, factory: Factory, *roles: Role) -> PageSpec:
        return PageSpec(
            id=page_id,
            caption=lambda: stage_caption(page_id),
            icon=icon,
            factory=lambda context: factory(context, rooms.get()),
            roles=roles,
        )

    return (
        spec(
            "review", Icon.REVIEW, _review, Role.CHECKER, Role.REVIEWER, Role.SIGNATORY, Role.TECHNICIAN, Role.QUALITY
        ),
    )


def _review(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.ui.review.page import ReviewPage, ReviewServices

    office = rooms.office
    return ReviewPage(context, ReviewServices(office.review, office.review_desk, rooms.base.clock))


def _reporting(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.desktop.documents import open_document
    from labdesk.ui.reporting.actions import ReportServices
    from labdesk.ui.reporting.page import ReportsPage

    office = rooms.office
    services = ReportServices(office.reporting, office.report_desk, office.verification, open_document)
    return ReportsPage(context, services)


def _sync(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.ui.sync.page import SyncPage

    return SyncPage(context, rooms.line.desk)
