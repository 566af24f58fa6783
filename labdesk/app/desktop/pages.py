"""The rail: which page belongs to which stage, for whom, and which services it gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from labdesk.app.desktop.rooms import LazyRooms, Rooms
from labdesk.domain.people import Role
from labdesk.ui.icons import Icon
from labdesk.ui.page import Page, PageContext, PageSpec
from labdesk.ui.shell.captions import stage_caption

if TYPE_CHECKING:
    from labdesk.ui.watching.mapping_page import MappingPage

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

    testers = (Role.TECHNICIAN, Role.QUALITY)
    return (
        spec("reception", Icon.RECEPTION, _reception, Role.RECEPTION, Role.QUALITY),
        spec("testing", Icon.TESTING, _testing, *testers),
        spec("lots", Icon.RULER, _lots, *testers, Role.CHECKER),
        spec("curves", Icon.CURVES, _curves, *testers, Role.CHECKER, Role.REVIEWER, Role.SIGNATORY),
        spec(
            "review", Icon.REVIEW, _review, Role.CHECKER, Role.REVIEWER, Role.SIGNATORY, Role.TECHNICIAN, Role.QUALITY
        ),
        spec("reporting", Icon.REPORTING, _reporting),
        spec("projects", Icon.PROJECTS, _projects),
        spec("equipment", Icon.EQUIPMENT, _equipment),
        spec("people", Icon.PEOPLE, _people, Role.QUALITY),
        spec("sync", Icon.SYNC, _sync),
        spec("methods", Icon.METHODS, _methods, Role.QUALITY, Role.CHECKER, Role.REVIEWER, Role.SIGNATORY),
    )


def _review(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.ui.review.page import ReviewPage, ReviewServices

    office = rooms.office
    return ReviewPage(context, ReviewServices(office.review, office.review_desk, rooms.base.clock, office.gaps))


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


def _watching(context: PageContext, rooms: Rooms) -> MappingPage:
    from labdesk.app.watching import build_watcher
    from labdesk.services.evaluation import list_methods
    from labdesk.ui.watching.mapping_page import MappingPage, WatchDeps

    methods = tuple(info.id for info in list_methods() if info.curves != "none")
    return MappingPage(context, WatchDeps(build_watcher(rooms.base), rooms.bench.bench.machines, methods))


def _methods(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.desktop.documents import open_page
    from labdesk.services.method_desk import MethodDesk
    from labdesk.ui.methods.page import MethodsPage

    del rooms
    return MethodsPage(context, MethodDesk(), open_page)


def _testing(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.desktop.station import StationMemory
    from labdesk.ui.testing.bench_page import BenchDeps, BenchPage

    memory = StationMemory(rooms.base.home.folder / "station.json")

    def open_lot(lot_no: str) -> None:
        rooms.choice.number = lot_no
        context.go("lots")

    bench = rooms.bench
    deps = BenchDeps(
        bench=bench.bench,
        runs=bench.runs,
        lost=bench.lost,
        capture=rooms.capture,
        remember_machine=memory.remember_machine,
        read_machine=memory.read_machine,
        open_lot=open_lot,
    )
    return BenchPage(context, deps)


def _lots(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.services.mark_moving import MarkMoving
    from labdesk.ui.testing.lot_page import LotDeps, LotPage

    bench = rooms.bench
    deps = LotDeps(
        desk=bench.lot_desk,
        entries=bench.entries,
        evaluating=bench.evaluating,
        lost=bench.lost,
        choice=rooms.choice,
        submit=lambda lot_no: context.go("review"),
        marks=MarkMoving(bench.deps, bench.evaluating),
        gaps=rooms.office.gaps,
    )
    return LotPage(context, deps)


def _curves(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.column_memory import FileColumnMemory
    from labdesk.app.desktop.documents import show_folder
    from labdesk.app.run_archive import build_run_archive
    from labdesk.services.imported_runs import ImportDesk
    from labdesk.services.importing import Importing
    from labdesk.ui.importing.page import ImportPage, with_importing
    from labdesk.ui.testing.curves_page import CurvesDeps, CurvesPage

    base = rooms.base
    deps = CurvesDeps(build_run_archive(base), base.home.folder / "exports", show_folder)
    importing = Importing(FileColumnMemory(base.home.folder / "columns.json"))
    return with_importing(
        context, CurvesPage(context, deps), ImportPage(context, ImportDesk(rooms.bench.deps, importing))
    )


def _reception(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.desktop.documents import open_document
    from labdesk.domain.errors import EnvironmentFault
    from labdesk.ui.reception.page import ReceptionPage, ReceptionPageDeps

    blobs = rooms.base.blobs

    def photo(sha256: str) -> bytes | None:
        try:
            return blobs.get(sha256)
        except EnvironmentFault:
            return None  # it has not arrived yet

    deps = ReceptionPageDeps(
        desk=rooms.counter.desk,
        receiving=rooms.counter.receiving,
        load_photo=photo,
        open_document=lambda sha256, name: open_document(name, blobs.get(sha256)),
    )
    return ReceptionPage(context, deps)


def _projects(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.acceptance import build_acceptance
    from labdesk.app.desktop.documents import open_document, show_folder
    from labdesk.services.projects import Projects
    from labdesk.ui.projects.room import ProjectRoomDeps, project_room

    base = rooms.base
    deps = ProjectRoomDeps(
        projects=Projects(base.store, base.clock),
        desk=build_acceptance(base, rooms.people.setup.laboratory),
        exports=base.home.folder / "exports",
        open_document=open_document,
        show_folder=show_folder,
    )
    return project_room(context, deps)


def _equipment(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.app.elsewhere_room import HomeCaptureRoom
    from labdesk.capture.pairing import PairingFile
    from labdesk.capture.room_finder import RoomFinder
    from labdesk.services.equipment import EquipmentDesk
    from labdesk.ui.equipment.equipment_page import EquipmentDeps, EquipmentPage
    from labdesk.ui.watching.mapping_page import with_watching

    base = rooms.base
    desk = EquipmentDesk(base.store, base.clock, base.ids)
    home = base.home.folder
    finder = RoomFinder(PairingFile(home).all)
    base.ends.callback(finder.close)
    deps = EquipmentDeps(rooms.bench.bench, rooms.capture, base.clock, desk, finder, HomeCaptureRoom(home))
    return with_watching(context, EquipmentPage(context, deps), _watching(context, rooms))


def _people(context: PageContext, rooms: Rooms) -> Page:
    from labdesk.ui.staff.page import StaffPage

    return StaffPage(context, rooms.people.staff)
