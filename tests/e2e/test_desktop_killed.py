"""The real desktop process is killed in mid-test: the run is sealed complete, found at the next start, and stored once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.app.demo.world import PRESS
from labdesk.domain.capture import EndReason, RunOutcome, RunPhase
from labdesk.domain.evaluation import TestKind
from labdesk.domain.outbox import MessageKind
from labdesk.domain.sealed_run import decode_run
from labdesk.domain.specimens import Specimen
from labdesk.domain.testing import Run
from tests.helpers.laboratory import CUBE, Laboratory, open_laboratory, receive_cubes
from tests.helpers.machines import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")


class DesktopProcess:
    """``labdesk gui`` on a laboratory's data, without a display."""

    def __init__(self, home: Path) -> None:
        self._log = (home / "desktop-output.txt").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "labdesk.app.desktop", "--home", str(home)],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def runs(self) -> bool:
        """Whether it is there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """``kill -9``."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._log.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """Cubes received; nobody but a desktop brings runs home in these tests."""
    laboratory = open_laboratory(tmp_path_factory.mktemp("lab"))
    try:
        laboratory.sync()
        for _ in receive_cubes(laboratory):
            pass
        yield laboratory
    finally:
        laboratory.close()


@pytest.fixture
def desktops(lab: Laboratory) -> Iterator[list[DesktopProcess]]:
    """Whatever desktops a test starts end with it."""
    started: list[DesktopProcess] = []
    yield started
    for desktop in started:
        desktop.kill()
    assert "Traceback" not in (lab.home / "desktop-output.txt").read_text(encoding="utf-8")


def cube(lab: Laboratory, number: int) -> Specimen:
    return lab.pieces("concrete-cube", TestKind.COMPRESSION)[number]


def stored(lab: Laboratory, label: str) -> list[Run]:
    with lab.rooms.base.store.read() as uow:
        return [run for run in uow.testing.runs_of_lot(lab.lots["concrete-cube"].number) if run.specimen_label == label]


def waiting(lab: Laboratory, run_id: str) -> RunOutcome | None:
    """The run, sealed by capture and acknowledged by nobody."""
    return next((outcome for outcome in lab.rooms.capture.sealed_runs() if outcome.run_id == run_id), None)


def told(lab: Laboratory, run_id: str) -> int:
    """How many messages of the outbox speak of the run."""
    return sum(message.kind is MessageKind.RUN and run_id.encode() in message.body for message in lab.messages())


@pytest.mark.rule("YK-7.2a")
def test_the_desktop_killed_in_mid_test_finds_the_whole_run_at_its_next_start(
    lab: Laboratory, desktops: list[DesktopProcess]
) -> None:
    desktops.append(DesktopProcess(lab.home))
    first = lab.load(cube(lab, 0).label, PRESS, CUBE)
    # The desktop works: it alone has brought the first run home.
    wait_until(lambda: stored(lab, cube(lab, 0).label), 60)
    assert desktops[0].runs()
    assert [run.id for run in stored(lab, cube(lab, 0).label)] == [first]

    run_id = lab.load(cube(lab, 1).label, PRESS, CUBE | {"speed": 12})
    machine_id = lab.machine_id(PRESS)

    def in_the_middle() -> bool:
        state = lab.rooms.capture.newest(machine_id)
        return state is not None and state.phase is RunPhase.LOADING and (state.force_kn or 0) > 300

    wait_until(in_the_middle, 30)
    desktops[0].kill()
    wait_until(lambda: waiting(lab, run_id), 30)
    outcome = waiting(lab, run_id)
    assert outcome is not None
    assert (outcome.end_reason, outcome.loaded, outcome.marked) == (EndReason.BREAK, True, False)
    sealed = decode_run(lab.rooms.capture.fetch(run_id))
    assert sealed.header.marks == ()
    assert sealed.peak_kn is not None
    assert abs(sealed.peak_kn - 832) < 25
    assert stored(lab, cube(lab, 1).label) == []

    desktops.append(DesktopProcess(lab.home))
    wait_until(lambda: stored(lab, cube(lab, 1).label), 60)
    wait_until(lambda: waiting(lab, run_id) is None, 20)
    (run,) = stored(lab, cube(lab, 1).label)
    assert (run.id, run.peak_kn, run.end_reason) == (run_id, sealed.peak_kn, EndReason.BREAK)
    assert decode_run(lab.rooms.base.blobs.get(run.sealed_sha256)) == sealed
    assert told(lab, run_id) == 1


@pytest.mark.rule("YK-7.2a")
def test_two_desktops_that_collect_at_once_store_a_run_once(lab: Laboratory, desktops: list[DesktopProcess]) -> None:
    """Killed after it had stored the run and before capture heard of it, a desktop leaves the run on capture's list; so do two."""
    run_id = lab.load(cube(lab, 2).label, PRESS, CUBE)
    wait_until(lambda: waiting(lab, run_id), 30)
    desktops += [DesktopProcess(lab.home), DesktopProcess(lab.home)]
    wait_until(lambda: waiting(lab, run_id) is None, 60)
    assert [run.id for run in stored(lab, cube(lab, 2).label)] == [run_id]
    assert told(lab, run_id) == 1
    assert lab.rooms.bench.runs.collect() == []
