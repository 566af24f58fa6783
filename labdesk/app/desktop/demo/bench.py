"""Steps at the machine: label, site tag, loading, break; one line dies in mid-test; the next scan continues."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from labdesk.app.demo.people import ASSISTANT, TESTER
from labdesk.app.demo.photos import display_photo
from labdesk.app.demo.site import CONCRETE_NO, REBAR_NO
from labdesk.app.desktop.demo.counter import lots_of
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.devices.simulated import SimulatedMachine
from labdesk.domain.capture import EndReason, RunPhase
from labdesk.domain.codes import CodeKind
from labdesk.domain.evaluation import TestKind
from labdesk.domain.specimens import Specimen
from labdesk.domain.testing import Run
from labdesk.ui.testing.bench_page import BenchPage

# Twelve times faster than life, but the elastic part stays within the 6-60 MPa/s of GB/T 228.1; cubes do not.
STEEL = {"grade": "HRB400E", "diameter_mm": 25, "speed": 12, "stress_rate_mpa_s": 4.5, "delay_s": 1}
CUBE = {"side_mm": 150, "strength_mpa": 37.5, "speed": 8, "delay_s": 1}
_TEST_S = 60.0


def pieces(director: Director, number: str, test: TestKind) -> list[Specimen]:
    """Pieces of a commission that have a test."""
    return [piece for lot in lots_of(director, number) for piece in lot.specimens if test in piece.tests]


def runs_of(director: Director, label: str) -> list[Run]:
    """Stored runs of a piece."""
    with director.rooms.base.store.read() as uow:
        return uow.testing.runs_of_specimen(label)


def phase(director: Director, machine_number: str) -> RunPhase:
    """What the machine's line is doing."""
    machines = {machine.id: machine.number for machine in director.rooms.bench.bench.machines()}
    for state in director.rooms.capture.states():
        if machines.get(state.machine_id) == machine_number:
            return state.phase
    return RunPhase.IDLE


def load(
    director: Director, piece: Specimen, machine: tuple[str, SimulatedMachine, str], piece_made_of: dict[str, object]
) -> Run:
    """Scan label and tag, load, wait until the run is stored."""
    number, simulator, scenario = machine
    director.scan(CodeKind.SPECIMEN, piece.label)
    director.scan(CodeKind.TAG, piece.tag)
    director.until(f"{number} is armed", lambda: phase(director, number) is RunPhase.ARMED)
    director.picture(f"{len(director.steps) + 1:02d}-armed-{piece.label}")
    director.pause(2300)  # the pre-trigger of the run: what stood there before loading
    simulator.load(scenario, **piece_made_of)
    director.until("loading began", lambda: phase(director, number) is RunPhase.LOADING, _TEST_S)
    director.pause(2500)
    director.picture(f"{len(director.steps) + 1:02d}-live-{piece.label}")
    director.until(f"the run of {piece.label} is stored", lambda: runs_of(director, piece.label), _TEST_S)
    director.settle()
    return runs_of(director, piece.label)[-1]


def pull_bars(director: Director, machine_key: Qt.Key, number: str) -> None:
    """Both tension pieces on the universal machine."""
    director.step("bench-signed-in", lambda: director.sign_in(TESTER))
    director.step("universal-machine-chosen", lambda: _choose(director, machine_key))
    for place, piece in enumerate(pieces(director, REBAR_NO, TestKind.TENSION), start=1):

        def pull(piece: Specimen = piece, seed: int = place) -> str:
            run = load(director, piece, (number, director.world.utm, "rebar"), {**STEEL, "seed": seed})
            if run.end_reason is not EndReason.BREAK:
                raise StepFailedError(f"{run.number} ended with {run.end_reason.value}")
            return f"{run.number}: {run.peak_kn} kN"

        director.step(f"bar-{place}-pulled", pull)
    first = pieces(director, REBAR_NO, TestKind.TENSION)[0]
    director.step("fault-second-loading", lambda: _second_loading(director, first, number))


def _choose(director: Director, key: Qt.Key) -> str:
    director.open_page("testing")
    director.until("the machines answer", lambda: len(director.rooms.capture.states()) >= 2)
    director.key(key)
    director.settle()
    return f"{len(director.rooms.bench.bench.due())} pieces are due"


def _second_loading(director: Director, piece: Specimen, number: str) -> str:
    director.scan(CodeKind.SPECIMEN, piece.label)
    director.pause(600)
    if phase(director, number) is not RunPhase.IDLE or len(runs_of(director, piece.label)) != 1:
        raise StepFailedError(f"{piece.label} could be loaded a second time")
    return f"{piece.label} refused"


def crush_cubes(director: Director, machine_key: Qt.Key, number: str) -> None:
    """Three cubes; the line dies while the second one is loaded."""
    director.step("press-chosen", lambda: _choose(director, machine_key))
    cubes = pieces(director, CONCRETE_NO, TestKind.COMPRESSION)
    for place, piece in enumerate(cubes, start=1):
        made_of: dict[str, object] = {**CUBE, "seed": place, "strength_mpa": 36.0 + place}
        if place == 2:
            made_of["fault"] = "unplug@70:3"
            director.step("fault-line-lost", partial(_line_lost, director, piece, number, made_of))
            director.step("peak-read-by-two", partial(_read_display, director, piece))
            continue

        def crush(piece: Specimen = piece, made: dict[str, object] = made_of) -> str:
            run = load(director, piece, (number, director.world.press, "cube"), made)
            if run.end_reason is not EndReason.BREAK:
                raise StepFailedError(f"{run.number} ended with {run.end_reason.value}")
            return f"{run.number}: {run.peak_kn} kN"

        director.step(f"cube-{place}-crushed", crush)


def _line_lost(director: Director, piece: Specimen, number: str, made_of: dict[str, object]) -> str:
    run = load(director, piece, (number, director.world.press, "cube"), made_of)
    if run.end_reason is not EndReason.LOST_LINK:
        raise StepFailedError(f"{run.number} ended with {run.end_reason.value}")
    return f"{run.number}: {run.end_reason.value} at {run.peak_kn} kN"


def _read_display(director: Director, piece: Specimen) -> str:
    director.until("the press rests", lambda: not director.world.press.status()["loading"], _TEST_S)
    peak = director.world.press.status()["display_peak_kn"]
    photo = Path(director.world.home.folder) / f"display-{piece.label}.jpg"
    photo.write_bytes(display_photo(peak))
    page = director.desktop.shell.work.page
    if not isinstance(page, BenchPage):
        raise StepFailedError("the bench is not in front")
    director.until("it is asked what became of the piece", page.lost.question.isVisible)
    director.key(Qt.Key.Key_F3)
    director.until("the form is open", page.lost.form.isVisible)
    director.type(str(peak))
    director.key(Qt.Key.Key_Return)
    director.paste(str(photo))
    director.key(Qt.Key.Key_Return)
    director.paste("采集线路中断，试件已破型，显示屏保持峰值")
    director.picture(f"{len(director.steps) + 1:02d}-reading-form")
    director.key(Qt.Key.Key_Return)
    director.scan(CodeKind.BADGE, ASSISTANT.badge)
    director.type(ASSISTANT.pin)
    director.key(Qt.Key.Key_Return)
    run = runs_of(director, piece.label)[-1]

    def told() -> bool:
        with director.rooms.base.store.read() as uow:
            return uow.testing.finding_of_run(run.id) is not None

    director.until("the reading is stored", told)
    return f"{peak} kN, {TESTER.name} / {ASSISTANT.name}"
