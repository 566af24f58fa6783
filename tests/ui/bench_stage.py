"""The bench's pages as a technician has them: real services on a real database, a capture process in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from labdesk.capture.finder import PortFinder
from labdesk.devices.specimens import ConcreteCube, RebarBar
from labdesk.domain.capture import LivePoint, MachineState, RunPhase
from labdesk.domain.codes import Code, CodeKind, format_code
from labdesk.domain.finding import MachineFinder
from labdesk.domain.people import Person
from labdesk.domain.scans import Scan, ScanSource
from labdesk.services.equipment import EquipmentDesk
from labdesk.services.mark_moving import MarkMoving
from labdesk.services.review_gaps import RunGaps
from labdesk.services.runs import RunDeps
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.equipment.equipment_page import EquipmentDeps, EquipmentPage
from labdesk.ui.errors import ErrorDesk, Notice
from labdesk.ui.i18n import language
from labdesk.ui.ops import Ops
from labdesk.ui.page import Page, PageContext
from labdesk.ui.sounds import Sounds
from labdesk.ui.testing.bench_page import BenchDeps, BenchPage
from labdesk.ui.testing.lot_page import LotChoice, LotDeps, LotPage
from tests.helpers.benchworld import NOW, STATION, TECHNICIAN, UTM, BenchWorld, make_bench, session


@dataclass
class Stage:
    """A bench and whoever stands at it."""

    world: BenchWorld
    ops: Ops
    person: Person = TECHNICIAN
    machine: str = UTM.id
    notices: list[Notice] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    choice: LotChoice = field(default_factory=LotChoice)
    finder: MachineFinder = field(default_factory=PortFinder)
    sounds: Sounds = field(default_factory=lambda: Sounds(enabled=False))

    def __post_init__(self) -> None:
        self.errors = ErrorDesk(language)
        self.errors.noticed.connect(self.notices.append)
        self.boxes: list[str] = []
        self.errors.show_box = self.boxes.append
        self.ops.failed.connect(self.errors.report)

    def context(self) -> PageContext:
        """What the shell lends."""
        return PageContext(
            self.ops, self.errors, self.sounds, lambda: session(self.person), language, lambda page: None
        )

    def bench(self) -> BenchPage:
        """The bench page, shown and settled."""
        made = self.world
        deps = BenchDeps(
            made.bench, made.runs, made.lost, made.capture, self.remember, lambda: self.machine, self.open_lot
        )
        page = BenchPage(self.context(), deps)
        self.pages.append(page)
        page.on_shown()
        self.settle()
        return page

    def lots(self, submit: Callable[[str], object] | None = None) -> LotPage:
        """The measuring page, shown and settled."""
        made = self.world
        deps = RunDeps(made.store, made.blobs, made.clock, made.ids, STATION)
        marks = MarkMoving(deps, made.evaluating)
        gaps = RunGaps(made.store, made.blobs, made.clock, made.ids)
        lots = LotDeps(made.desk, made.entries, made.evaluating, made.lost, self.choice, submit, marks, gaps)
        page = LotPage(self.context(), lots)
        self.pages.append(page)
        page.on_shown()
        self.settle()
        return page

    def equipment(self) -> EquipmentPage:
        """The equipment page, shown and settled."""
        world = self.world
        desk = EquipmentDesk(world.store, world.clock, world.ids)
        deps = EquipmentDeps(world.bench, world.capture, world.clock, desk, self.finder)
        page = EquipmentPage(self.context(), deps)
        self.pages.append(page)
        page.on_shown()
        self.settle()
        return page

    def close(self) -> None:
        """Destroys the pages at once (nothing else would, without an event loop) and closes the database."""
        self.settle()
        for page in self.pages:
            if shiboken6.isValid(page):
                page.close()
                page.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.world.engine.dispose()

    def remember(self, machine_id: str) -> None:
        """This station's machine."""
        self.machine = machine_id

    def open_lot(self, lot_no: str) -> None:
        """Another page chose a lot."""
        self.choice.number = lot_no

    def settle(self) -> None:
        """Delivers everything that is under way, and what it causes."""
        for _ in range(4):
            QApplication.processEvents()
            while not self.ops.idle:
                QApplication.processEvents()
        QApplication.processEvents()


def scan(page: BenchPage | LotPage, kind: CodeKind, body: str) -> bool:
    """A handheld scanner reads a code while ``page`` is in front."""
    text = format_code(kind, body)
    return page.on_scan(Code(kind, body), Scan(text, text, ScanSource.WEDGE, "", 40, NOW))


def new_stage(ops: Ops, folder: Path | None = None) -> Stage:
    """A bench on a new database."""
    where = folder or Path(tempfile.mkdtemp(prefix="labdesk-bench-"))
    engine = open_engine(f"sqlite:///{where / 'labdesk.db'}")
    ensure_schema(engine)
    return Stage(make_bench(engine), ops)


def points(piece: RebarBar | ConcreteCube, until_s: float, count: int = 1200) -> tuple[LivePoint, ...]:
    """The live curve of a simulated piece up to a moment."""
    made = []
    for index in range(count):
        at = until_s * index / (count - 1)
        reading = piece.at(at)
        extension = None if reading.extension_mm is None else Decimal(f"{reading.extension_mm:.4f}")
        made.append(
            LivePoint(
                index,
                int(at * 1000),
                Decimal(f"{reading.force_kn:.2f}"),
                extension,
                Decimal(f"{reading.displacement_mm:.3f}"),
            )
        )
    return tuple(made)


def load(stage: Stage, share: float, machine_id: str = UTM.id, *, interrupted: bool = False) -> None:
    """The armed piece is loaded up to a share of its test; the state is streamed."""
    piece: RebarBar | ConcreteCube = RebarBar() if machine_id == UTM.id else ConcreteCube(strength_mpa=41.0)
    curve = points(piece, piece.duration_s * share)
    forces = [point.force_kn for point in curve]
    near = max(1, len(curve) // 100)
    seconds = Decimal(curve[-1].elapsed_ms - curve[-1 - near].elapsed_ms) / 1000
    stage.world.capture.advance(
        machine_id,
        state=MachineState.CAPTURING,
        phase=RunPhase.LOADING,
        force_kn=forces[-1],
        extension_mm=curve[-1].extension_mm,
        peak_kn=max(forces),
        rate_kn_s=(forces[-1] - forces[-1 - near]) / seconds,
        elapsed_ms=curve[-1].elapsed_ms,
        achieved_hz=Decimal("98.7"),
        largest_gap_ms=12,
        bad_frames=3 if interrupted else 0,
        interrupted=interrupted,
        points=curve,
    )


def renamed(stage: Stage, name: str) -> None:
    """The machine has a long name."""
    stage.world.change_machine(replace(UTM, name=name, number="LN-YK-2026-SB-000107"))
