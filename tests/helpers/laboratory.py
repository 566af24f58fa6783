"""A whole laboratory without a screen: the demonstration's world, driven through the same services that the pages call.

Machines stand at real pseudo-terminals, runs are captured by the real capture process, the platform is a process that can be
killed. :func:`main_job` goes the way of both commissions step by step, so that a test can do harm in between.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from labdesk.app.demo import people, photos, site
from labdesk.app.demo.people import DemoPerson
from labdesk.app.demo.world import PRESS, UTM, World, build_world
from labdesk.app.foundation import Foundation, open_foundation
from labdesk.app.paths import Home
from labdesk.app.rooms import (
    BenchRoom,
    Counter,
    Line,
    Office,
    People,
    build_bench,
    build_counter,
    build_line,
    build_office,
    build_people,
)
from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running
from labdesk.devices.simulated import SimulatedMachine
from labdesk.domain.capture import EndReason, MachineState, RunPhase
from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.evaluation import TestKind
from labdesk.domain.outbox import OutboxMessage, OutboxState
from labdesk.domain.people import Session
from labdesk.domain.reception import Look, ScanVerdict
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.scans import Scan, ScanSource
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.sync_ports import SyncReport
from labdesk.domain.testing import Disposition, Run
from labdesk.services.lost_runs import Found
from labdesk.services.receiving import Received
from tests.helpers.machines import wait_until

#: What a bar and a cube do in the simulated machines; fast, but with enough samples left for every characteristic value.
BAR: Mapping[str, object] = {"scenario": "rebar", "grade": "HRB400E", "diameter_mm": 25, "speed": 15, "delay_s": 0.2}
CUBE: Mapping[str, object] = {"scenario": "cube", "strength_mpa": 37, "speed": 20, "delay_s": 0.2}
LENGTH_MM, TOTAL_MASS_G = "500", "9610"
#: Entries of the measuring page by name; bars of 25 mm with a gauge length of five diameters.
ENTRIES: Mapping[str, str] = {
    "total_mass_g": TOTAL_MASS_G,
    "length_mm": LENGTH_MM,
    "l0_mm": "125",
    "lu_mm": "153.5",
    "agt_l0_mm": "100",
    "agt_l_mm": "112.1",
    "bend_result": "no-crack",
    "reverse_bend_result": "no-crack",
}
DAMAGED = (1, 3)
"""Place of the bar whose tag is damaged: lot and sample."""


@dataclass(frozen=True)
class Rooms:
    """The services as the desktop wires them, without what only a screen needs."""

    base: Foundation
    people: People
    counter: Counter
    bench: BenchRoom
    office: Office
    line: Line
    capture: CaptureClient

    def close(self) -> None:
        """Ends what runs in this process; capture goes on."""
        if self.line.engine is not None:
            self.line.engine.stop()
        self.capture.close()
        self.base.close()


def open_rooms(home: Home) -> Rooms:
    """Open the laboratory of a data folder; its capture process is started where it does not run."""
    base = open_foundation(home)
    people_room, counter = build_people(base), build_counter(base)
    office = build_office(base, people_room)
    capture = CaptureClient(ensure_running(home.folder))
    return Rooms(
        base=base,
        people=people_room,
        counter=counter,
        bench=build_bench(base, capture, people_room),
        office=office,
        line=build_line(base, counter.commissions, office.reporting),
        capture=capture,
    )


@dataclass
class OpenWorld:
    """The world with the services opened on it.

    Attributes:
        folder: where everything lies.
    """

    folder: Path
    world: World
    rooms: Rooms
    _sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The laboratory's data folder."""
        return self.world.home.folder

    def reopen(self) -> None:
        """As when the program is closed and started again; the capture process goes on."""
        self.rooms.close()
        self.rooms = open_rooms(self.world.home)

    def close(self) -> None:
        """Ends everything that was started."""
        with contextlib.suppress(EnvironmentFault):
            self.rooms.capture.stop_capture()
        self.rooms.close()
        self.world.close()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not capture_processes(self.home), 5)
        for process in capture_processes(self.home):
            process.kill()

    def session(self, who: DemoPerson) -> Session:
        """The person, signed in by badge and PIN."""
        if who.badge not in self._sessions:
            self._sessions[who.badge] = self.rooms.people.sign_in.by_badge(who.badge, who.pin)
        return self._sessions[who.badge]

    def sync(self) -> SyncReport:
        """One pass to the platform."""
        return self.rooms.line.control.sync_now()

    def messages(self) -> list[OutboxMessage]:
        """All messages of the outbox, oldest first."""
        with self.rooms.base.store.read() as uow:
            return uow.outbox.newest(10_000)[::-1]

    def states(self) -> dict[OutboxState, int]:
        """How many messages are in each state."""
        with self.rooms.base.store.read() as uow:
            return {state: count for state, count in uow.outbox.counts().items() if count}

    def simulator(self, number: str) -> SimulatedMachine:
        """The simulated machine of that number."""
        return {UTM: self.world.utm, PRESS: self.world.press}[number]

    def machine_id(self, number: str) -> str:
        """Key of a machine."""
        return next(found.id for found in self.rooms.bench.bench.machines() if found.number == number)

    def command(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A ``labdesk`` command on this laboratory's data."""
        return run_command(name, *arguments, "--home", str(self.home))


@dataclass
class Laboratory(OpenWorld):
    """The people's hands in that world.

    Attributes:
        lots: received lots by method.
        drafts: draft of the report by method.
        peak_kn: what the press's display showed when its line was lost.
        lost_label: the cube it happened to.
    """

    lots: dict[str, Lot] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    peak_kn: str = ""
    lost_label: str = ""

    # The counter

    def scan(self, number: str, tag: str) -> ScanVerdict:
        """One sound-looking piece's tag under the handheld scanner."""
        text = format_code(CodeKind.TAG, tag)
        now = self.rooms.base.clock.now()
        scan = Scan(text, text, ScanSource.SERIAL, self.world.scanner.port, 40, now)
        finding, _ = self.rooms.counter.desk.scan(number, scan, Look.SOUND, self.session(people.RECEPTIONIST))
        return finding.verdict

    def finish(self, number: str) -> Received:
        """All papers lie here: receive what was found right."""
        receiving = self.rooms.counter.receiving
        papers = frozenset(receiving.papers_needed(number))
        received = receiving.finish(number, papers, self.session(people.RECEPTIONIST))
        for lot in received.lots:
            self.lots[lot.method] = lot
        return received

    # The machines

    def wait_idle(self, machine_id: str) -> None:
        """Until the machine answers, nothing is loaded and its force is back at zero."""

        def idle() -> bool:
            state = self.rooms.capture.newest(machine_id)
            if state is None or state.state is not MachineState.READY or state.phase is not RunPhase.IDLE:
                return False
            return state.force_kn is not None and abs(state.force_kn) < 1

        wait_until(idle, 30)

    def arm(self, label: str, number: str, who: DemoPerson = people.TESTER) -> str:
        """Label and site tag are scanned at the machine and the run is declared; its id."""
        session, machine_id = self.session(who), self.machine_id(number)
        self.wait_idle(machine_id)
        bench = self.rooms.bench.bench
        case = bench.open(label, machine_id, session)
        case = bench.scan_tag(case, case.specimen.tag, session)
        return bench.arm(case, session).run_id

    def load(self, label: str, number: str, piece: Mapping[str, object], who: DemoPerson = people.TESTER) -> str:
        """Arm, put the piece in and start loading; the run's id."""
        run_id = self.arm(label, number, who)
        self.simulator(number).load(**piece)  # type: ignore[arg-type]
        return run_id

    def home_came(self, *run_ids: str) -> dict[str, Run]:
        """Collect until all these runs are stored."""
        found: dict[str, Run] = {}

        def stored() -> bool:
            found.update({run.id: run for run in self.rooms.bench.runs.collect()})
            return set(run_ids) <= found.keys()

        wait_until(stored, 40)
        return found

    def pieces(self, method: str, kind: TestKind) -> list[Specimen]:
        """Pieces of a lot with that test in their chain."""
        return [piece for piece in self.lots[method].specimens if kind in piece.tests]

    # The measuring page

    def measure(self, method: str, entries: Mapping[str, str] = ENTRIES) -> None:
        """Type every needed field of a lot."""
        lot_no, session = self.lots[method].number, self.session(people.TESTER)
        for wanted in self.rooms.bench.entries.fields(lot_no):
            if wanted.needed and not wanted.current:
                self.rooms.bench.entries.enter(lot_no, wanted, entries[wanted.name], session)

    # The office

    def look_and_sign(self, subject: Subject, key: str, role: SignatureRole, who: DemoPerson) -> None:
        """Open every page that must be opened, then sign with the PIN."""
        session, office = self.session(who), self.rooms.office
        for item in office.review_desk.details(subject, key, session.person).items:
            office.review.view(subject, key, item, session)
        office.review.sign(subject, key, role, session, who.pin)

    def open_record(self, lot_no: str) -> str:
        """The lot's raw record that waits for a signature."""
        with self.rooms.base.store.read() as uow:
            return next(record.id for record in uow.review.open_records() if record.lot_no == lot_no)

    def sign_record(self, method: str) -> None:
        """Main tester and checker sign the raw record; the report's draft is there afterwards."""
        lot_no = self.lots[method].number
        self.rooms.office.review.submit_and_sign(lot_no, self.session(people.TESTER), people.TESTER.pin)
        key = self.open_record(lot_no)
        self.look_and_sign(Subject.RECORD, key, SignatureRole.CHECKED, people.CHECKER)
        with self.rooms.base.store.read() as uow:
            self.drafts[method] = uow.review.drafts_of_lot(lot_no)[-1].id

    def sign_report(self, method: str) -> None:
        """Tested, reviewed, approved: three different people."""
        for role, who in (
            (SignatureRole.TESTED, people.TESTER),
            (SignatureRole.REVIEWED, people.REVIEWER),
            (SignatureRole.APPROVED, people.SIGNATORY),
        ):
            self.look_and_sign(Subject.REPORT, self.drafts[method], role, who)

    def report_file(self, method: str) -> Path:
        """The issued report, written beside the laboratory."""
        path = self.folder / f"{method}.pdf"
        path.write_bytes(self.rooms.office.reporting.report_pdf(self.drafts[method]))
        return path


def open_laboratory(folder: Path, seed: int = 7) -> Laboratory:
    """Build the world below ``folder`` and open the rooms; machines are connected and answer."""
    world = build_world(folder, seed)
    try:
        laboratory = Laboratory(folder, world, open_rooms(world.home))
    except BaseException:
        world.close()
        raise
    laboratory.rooms.bench.bench.connect()
    return laboratory


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m labdesk ...`` as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "labdesk", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )


def capture_processes(home: Path) -> list[psutil.Process]:
    """Capture processes of a data folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            words = process.cmdline()
            if "labdesk.app.capture" in words and str(home) in words:
                found.append(process)
    return found


def main_job(lab: Laboratory, haste: int = 1) -> Iterator[str]:
    """The main job with its planted faults; yields the name of each step after it is done. Nothing here talks to the platform
    but the services themselves: whoever drives it decides when there is a line.

    Args:
        haste: how much faster than usual the machines load, where the values do not matter.
    """
    yield from receive_bars(lab)
    yield from receive_cubes(lab)
    yield from _testing(lab, haste)
    for method in ("rebar-lot", "concrete-cube"):
        lab.rooms.bench.evaluating.evaluate(lab.lots[method].number, lab.session(people.TESTER))
        yield f"evaluate {method}"
        lab.sign_record(method)
        yield f"record {method}"
        lab.sign_report(method)
        yield f"signatures {method}"


def receive_bars(lab: Laboratory) -> Iterator[str]:
    """The rebar commission at the counter: a foreign tag, a damaged one, five good bars."""
    desk, session = lab.rooms.counter.desk, lab.session(people.RECEPTIONIST)
    desk.open(site.REBAR_NO, session)
    assert lab.scan(site.REBAR_NO, site.FOREIGN_TAG) is ScanVerdict.WRONG_PROJECT
    desk.reject(site.REBAR_NO, site.FOREIGN_TAG, 0, session)
    yield "foreign tag"
    for index, tag in enumerate(site.REBAR_TAGS, start=1):
        if (1, index) == DAMAGED:
            finding, _ = desk.mark(site.REBAR_NO, DAMAGED, Look.TAG_DAMAGED, session)
            assert finding.verdict is ScanVerdict.TAG_DAMAGED
            desk.reject(site.REBAR_NO, tag, DAMAGED[0], session)
        else:
            assert lab.scan(site.REBAR_NO, tag) is ScanVerdict.MATCH
    yield "damaged tag"
    lab.finish(site.REBAR_NO)
    yield "rebar received"


def receive_cubes(lab: Laboratory) -> Iterator[str]:
    """The concrete commission at the counter: one lot witnessed too late, one group and a spare received."""
    desk, session = lab.rooms.counter.desk, lab.session(people.RECEPTIONIST)
    desk.open(site.CONCRETE_NO, session)
    assert lab.scan(site.CONCRETE_NO, site.LATE_TAGS[0]) is ScanVerdict.WITNESS_LATE
    yield "late witnessing"
    for tag in site.CUBE_TAGS:
        assert lab.scan(site.CONCRETE_NO, tag) is ScanVerdict.MATCH
    lab.finish(site.CONCRETE_NO)
    yield "cubes received"


def _testing(lab: Laboratory, haste: int) -> Iterator[str]:
    bar_piece, cube_piece = (piece | {"speed": int(str(piece["speed"])) * haste} for piece in (dict(BAR), dict(CUBE)))
    bars = lab.pieces("rebar-lot", TestKind.TENSION)
    cubes = lab.pieces("concrete-cube", TestKind.COMPRESSION)
    for number, bar in enumerate(bars):
        cube = cubes[number]
        pair = (lab.load(bar.label, UTM, bar_piece), lab.load(cube.label, PRESS, cube_piece))
        runs = lab.home_came(*pair)
        assert {run.end_reason for run in runs.values()} == {EndReason.BREAK}
        yield f"bar {number + 1} and cube {number + 1}"
    lab.lost_label = cubes[2].label
    run_id = lab.load(lab.lost_label, PRESS, {**cube_piece, "fault": "unplug@50:3"})
    lost = lab.home_came(run_id)[run_id]
    assert (lost.end_reason, lost.loaded) == (EndReason.LOST_LINK, True)
    yield "line lost"
    wait_until(lambda: not lab.world.press.status()["loading"], 20)
    lab.peak_kn = str(lab.world.press.status()["display_peak_kn"])
    found = Found(
        disposition=Disposition.PEAK_ON_DISPLAY,
        reason="通信线脱落，试块已压坏，峰值仍在显示屏上",
        second_badge=people.ASSISTANT.badge,
        second_pin=people.ASSISTANT.pin,
        peak_text=lab.peak_kn,
        photo=photos.display_photo(lab.peak_kn),
    )
    lab.rooms.bench.lost.record(run_id, found, lab.session(people.TESTER))
    yield "manual reading"
    for method in ("rebar-lot", "concrete-cube"):
        lab.measure(method)
        yield f"measure {method}"


def arrived(lab: Laboratory) -> list[tuple[str, str, str]]:
    """What the platform holds, in order of arrival: commission (or ``""``), message id, hash. Read from its own database."""
    with contextlib.closing(sqlite3.connect(lab.world.platform.folder / "platform.db")) as connection:
        rows = connection.execute("SELECT stream, id, sha256 FROM messages ORDER BY rowid").fetchall()
    return [(str(stream), str(key), str(digest)) for stream, key, digest in rows]
