"""The whole main job in order, with the platform unplugged for part of it and at least four planted faults."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from labdesk.app.demo.people import CHECKER, RECEPTIONIST, REVIEWER, SIGNATORY, TESTER
from labdesk.app.demo.world import PRESS, UTM
from labdesk.app.desktop.demo import bench, counter, measure, office
from labdesk.app.desktop.demo.director import Director, StepFailedError
from labdesk.domain.outbox import OutboxState

_SYNC_S = 60.0
TOUR = ("reception", "testing", "lots", "curves", "review", "reporting", "projects", "equipment", "people", "sync")


def whole_job(director: Director) -> None:
    """Every step; the first that fails ends it."""
    director.step("program-started", lambda: _started(director))
    director.step("reception-signed-in", lambda: director.sign_in(RECEPTIONIST))
    director.step("commissions-arrived", lambda: _arrived(director))
    counter.take_in_rebar(director)
    counter.take_in_concrete(director)
    director.step("platform-unplugged", lambda: _unplug(director))
    bench.pull_bars(director, Qt.Key.Key_1, UTM)
    bench.crush_cubes(director, Qt.Key.Key_2, PRESS)
    measure.evaluate_all(director)
    director.step("raw-records-signed", lambda: office.sign_everything(director, TESTER, "tester-record"))
    director.step("raw-records-checked", lambda: office.sign_everything(director, CHECKER, "checker"))
    director.step("reports-tested", lambda: office.sign_everything(director, TESTER, "tester-report"))
    director.step("reports-reviewed", lambda: office.sign_everything(director, REVIEWER, "reviewer"))
    director.step("reports-approved", lambda: office.sign_everything(director, SIGNATORY, "signatory"))
    director.step("work-went-on-without-platform", lambda: _waiting(director))
    director.step("platform-plugged-in", lambda: _plug_in(director))
    director.step("everything-arrived-once", lambda: _all_arrived(director))
    director.step("reports-issued", lambda: _issued(director))
    director.step("reports-verified", lambda: _verified(director))
    director.step("forged-byte-refused", lambda: _forged(director))
    director.step("audit-intact", lambda: _audit(director))
    _tour(director)


def _started(director: Director) -> str:
    director.until("the rooms are built", lambda: director.desktop.rooms.built is not None, 60)
    director.until("the machines answer", lambda: len(director.rooms.capture.states()) >= 2)
    director.settle()
    return f"{len(director.rooms.bench.bench.machines())} machines"


def _arrived(director: Director) -> str:
    director.open_page("reception")
    return counter.arrived(director)


def _unplug(director: Director) -> str:
    control = director.rooms.line.control
    director.until("reception has reached the platform", lambda: control.status().waiting == 0, _SYNC_S)
    director.world.platform.unplug()
    control.wake()
    director.until("the desktop sees it", lambda: not control.status().online)
    director.open_page("sync")
    director.desktop.background.refresh()
    director.pause(400)
    return "killed"


def _waiting(director: Director) -> str:
    director.open_page("sync")
    director.desktop.background.refresh()
    director.pause(400)
    status = director.rooms.line.control.status()
    if status.online or status.waiting < 10:
        raise StepFailedError(f"online {status.online}, waiting {status.waiting}")
    return f"{status.waiting} messages wait since {status.oldest}"


def _plug_in(director: Director) -> str:
    director.world.platform.start()
    control = director.rooms.line.control
    control.wake()
    director.until("the platform is back", lambda: control.status().online, _SYNC_S)
    return director.world.platform.url


def _all_arrived(director: Director) -> str:
    control = director.rooms.line.control

    def done() -> bool:
        control.wake()
        director.pause(300)
        return control.status().waiting == 0

    director.until("nothing waits", done, _SYNC_S)
    with director.rooms.base.store.read() as uow:
        counts = uow.outbox.counts()
    stuck = {state.value: count for state, count in counts.items() if state is not OutboxState.ACKNOWLEDGED}
    if stuck:
        raise StepFailedError(str(stuck))
    today = director.rooms.base.clock.now().date().isoformat()
    compared = control.reconcile(today)
    if not compared.clean:
        raise StepFailedError(str(compared))
    director.open_page("sync")
    return f"{compared.matching} messages on both sides"


def _issued(director: Director) -> str:
    papers = office.reports_issued(director, 2)
    director.open_page("reporting")
    return ", ".join(paper.name for paper in papers)


def _papers(director: Director) -> list[Path]:
    return sorted(director.out.glob("BG-*.pdf"))


def _verified(director: Director) -> str:
    for paper in _papers(director):
        code = office.verify(director, paper)
        if code != 0:
            raise StepFailedError(f"{paper.name}: exit {code}")
    return f"{len(_papers(director))} genuine"


def _forged(director: Director) -> str:
    forged = office.with_one_byte_changed(_papers(director)[0])
    code = office.verify(director, forged)
    if code != 1:
        raise StepFailedError(f"{forged.name}: exit {code}")
    return f"{forged.name}: exit 1"


def _audit(director: Director) -> str:
    command = [sys.executable, "-m", "labdesk", "audit", "--home", str(director.world.home.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - our own program
    if done.returncode != 0:
        raise StepFailedError(f"exit {done.returncode}: {done.stdout[:300]}")
    return done.stderr.strip()


def _tour(director: Director) -> None:
    """Every page once more, in both languages, light and dark."""
    from labdesk.app.demo.people import ADMINISTRATOR

    director.step("administrator-signed-in", lambda: director.sign_in(ADMINISTRATOR))
    shell = director.desktop.shell
    then = {
        "zh-light": shell.toggle_scheme,
        "zh-dark": shell.toggle_language,
        "en-dark": shell.toggle_scheme,
        "en-light": shell.toggle_language,
    }
    for look, turn in then.items():
        director.step(f"tour-{look}", partial(_round, director, look))
        turn()


def _round(director: Director, look: str) -> str:
    seen = []
    for page in TOUR:
        if director.desktop.shell.work.open(page):
            director.settle()
            director.picture(f"tour-{look}-{page}")
            seen.append(page)
    return ", ".join(seen)
