"""``labdesk capture``: one run on one machine without the desktop, its files, and how sure its end is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any

from labdesk.capture.moments import SystemWall
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import open_journal, seal_abandoned
from labdesk.capture.worker import CaptureWorker
from labdesk.devices import registry
from labdesk.devices.session import NoKeeper
from labdesk.domain.capture import (
    BreakCriterion,
    BreakRule,
    EndReason,
    LinkTrouble,
    LiveState,
    MachineState,
    RunClass,
    RunOutcome,
    RunRequest,
)
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.plain import to_plain
from labdesk.domain.run_doubts import MARKS, course_of, doubts, said
from labdesk.domain.run_text import curve_csv
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE, RunMark, SealedRun, decode_run
from labdesk.domain.taps import tap_sentence

READY_S = 10.0
POLL_S = 0.05
IN_USE_S = 10.0
"""A journal written to more recently belongs to a capture that is still going on."""
NEVER_KN = Decimal(10) ** 9
"""No force begins a loading that is only recorded."""
MOST_S = 86_400


class Status(IntEnum):
    """How sure the end is; the exit status of the command. 2 is for commands that cannot be carried out."""

    COMPLETE = 0
    """A break was seen (or the wished time was recorded) and nothing on the record speaks against it."""
    LOOK = 1
    """The run is kept, but no break was seen, or the curve gives reason to doubt it: a person must look."""
    LOST = 3
    """The line was lost before the end; the run is kept up to there."""


LOOK_AT = {RunMark.GAP_CRITICAL, *MARKS.values()}
SAID_BY_THE_END = {RunMark.NO_BREAK, RunMark.NOT_LOADED, *MARKS.values()}


@dataclass(frozen=True)
class CaptureCommand:
    """One run without the desktop.

    Attributes:
        out: ``.csv`` gives a curve file, anything else the sealed run; the raw journal stands beside it as ``OUT.journal``.
        preload_kn, arming_kn, drop_percent: start, start-judging force, and the attenuation that counts as break.
        limit_s: give up waiting after this long.
        record_s: record for this long, whatever the force does; for devices that measure none.
    """

    driver_id: str
    port: str
    out: Path
    preload_kn: Decimal = Decimal(1)
    arming_kn: Decimal = Decimal(5)
    drop_percent: Decimal = Decimal(40)
    limit_s: int = 3600
    record_s: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises OperatorError for what cannot be, before anything is opened."""
        if not 0 < self.preload_kn <= self.arming_kn < NEVER_KN or not 0 < self.drop_percent < 100:
            raise OperatorError(
                "capture.thresholds", preload=self.preload_kn, arming=self.arming_kn, drop=self.drop_percent
            )
        for name, seconds in (("--limit", self.limit_s), ("--for", self.record_s)):
            if seconds is not None and not 1 <= seconds <= MOST_S:
                raise OperatorError("capture.seconds", name=name, value=seconds, most=MOST_S)
        driver = registry.make_driver(self.driver_id, self.settings)
        driver.manifest.line_for(driver.settings)
        if self.record_s is None and driver.channels[0].name != FORCE:
            raise OperatorError("capture.no_force_device", driver=self.driver_id)
        if not self.out.parent.is_dir():
            raise OperatorError("capture.no_folder", path=str(self.out.parent))
        taken = next((path for path in (self.out, _journal_of(self.out)) if path.exists()), None)
        if taken is not None:
            raise OperatorError("capture.out_exists", path=str(taken))


def capture_until_break(command: CaptureCommand, armed: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Waits for a loading, captures it to its end, writes the files; gives what happened. ``armed`` is called when it may begin.

    The answer holds the outcome, the run's ``header``, ``status`` (:class:`Status`), ``sentence`` (key and values of what is to be
    said of the end, ``None`` for a complete run), ``remarks`` (the same, of what a person must look at) and ``recovered`` (files of
    an earlier capture of this name that did not come to its end).

    Raises:
        OperatorError: driver, setting, file or arming refused. EnvironmentFault: ``capture.no_run_seen``, ``capture.disk``,
            ``capture.not_written``.
    """
    command.check()
    folder = command.out.with_name(f".{command.out.name}.capture")
    recovered = _recover(folder, command.out)
    worker = CaptureWorker(folder, NoKeeper())
    worker.start()
    try:
        worker.configure((_machine(command),))
        _wait_ready(worker)
        outcome = _one_run(worker, _request(command), armed)
    finally:
        worker.stop()
        if not any((folder / "journals").iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
    run = _keep(worker.runs, outcome, command.out)
    shutil.rmtree(folder, ignore_errors=True)
    return {"out": str(command.out), **to_plain(outcome), "header": to_plain(run.header)} | {
        "status": status_of(run, recorded=command.record_s is not None),
        "sentence": _sentence(run, command),
        "remarks": remarks_of(run, command.out.stem),
        "recovered": [str(path) for path in recovered],
    }


def status_of(run: SealedRun, *, recorded: bool) -> Status:
    """How sure the end of a run is; ``recorded``: only the time was wished for, no break."""
    header = run.header
    if header.end_reason is EndReason.LOST_LINK:
        return Status.LOST
    wished = EndReason.LIMIT if recorded else EndReason.BREAK
    return Status.COMPLETE if header.end_reason is wished and not LOOK_AT & set(header.marks) else Status.LOOK


def _sentence(run: SealedRun, command: CaptureCommand) -> dict[str, Any] | None:
    """What is to be said of the end; ``None`` for a complete run."""
    header = run.header
    status = status_of(run, recorded=command.record_s is not None)
    if status is Status.COMPLETE:
        return None
    peak = "–" if run.peak_kn is None else f"{run.peak_kn.normalize():f}"
    params = {"out": str(command.out), "peak": peak, "detail": header.end_detail or header.end_reason.value}
    if status is Status.LOST:
        params["detail"] = f"@capture.trouble.{header.end_detail.split(' ')[0]}"
        return _said("capture.ended_lost" if header.loaded else "capture.ended_lost_unloaded", params)
    if header.end_reason is EndReason.BREAK:
        return _said("capture.ended_doubtful", params)
    return _said(f"capture.ended_{header.end_reason.value.replace('-', '_')}", params)


def _said(key: str, params: Mapping[str, str]) -> dict[str, Any]:
    return {"key": key, "params": dict(params)}


def remarks_of(run: SealedRun, label: str) -> list[dict[str, Any]]:
    """What a person must look at: the doubts with their evidence, the other marks of the run."""
    found = []
    course, force = course_of(run), run.channel(FORCE)
    if course is not None and force is not None:
        way = run.channel(DISPLACEMENT) or run.channel(EXTENSION)
        for finding in doubts(course):
            key, params = said(finding, course, force.quantum, None if way is None else way.quantum)
            found.append(_said(key, params | {"label": label}))
    number = run.header.request.run_id
    marks = (mark for mark in run.header.marks if mark not in SAID_BY_THE_END)
    return found + [_said(f"capture.mark.{mark.value}", {"label": label, "run": number}) for mark in marks]


def _journal_of(out: Path) -> Path:
    return out.with_name(out.name + ".journal")


def _keep(runs: RunFolder, outcome: RunOutcome, out: Path) -> SealedRun:
    """Writes the run and its journal beside each other; raises EnvironmentFault ``capture.not_written``."""
    data = runs.fetch(outcome.run_id)
    run = decode_run(data)
    try:
        out.write_bytes(curve_csv(run).encode() if out.suffix.lower() == ".csv" else data)
        shutil.move(runs.journal_path(outcome.run_id), _journal_of(out))
    except OSError as error:
        raise EnvironmentFault(
            "capture.not_written", path=str(out), detail=str(error), folder=str(runs.folder)
        ) from error
    return run


def _recover(folder: Path, out: Path) -> list[Path]:
    """What an earlier capture of this name left when it was ended by force is sealed and kept under names of its own.

    Raises:
        OperatorError: ``capture.out_busy`` while another capture writes there.
    """
    if not folder.exists():
        return []
    runs, clock, found = RunFolder(folder), SystemWall(), []
    left = runs.unfinished()
    if any(time.time() - path.stat().st_mtime < IN_USE_S for path in left):
        raise OperatorError("capture.out_busy", path=str(out), folder=str(folder), seconds=int(IN_USE_S))
    for path in left:
        try:
            seal_abandoned(runs, open_journal(path), clock)
        except LabDeskError:  # not even a whole header: nothing was received
            continue
    for outcome in runs.waiting():
        found.append(out.with_name(f"{out.name}.{outcome.run_id}.run"))
        _keep(runs, outcome, found[-1])
    shutil.rmtree(folder, ignore_errors=True)
    return found


def _machine(command: CaptureCommand) -> Machine:
    return Machine(
        id="command",
        number="-",
        name="command line",
        driver_id=command.driver_id,
        port_url=command.port,
        capacity_kn=Decimal(100_000),
        accuracy_class=Decimal(1),
        certificate_no="",
        certificate_valid_from=date.min,
        certificate_valid_to=date.min,
        settings=command.settings,
    )


def _request(command: CaptureCommand) -> RunRequest:
    machine, recorded = _machine(command), command.record_s is not None
    return RunRequest(
        run_id=f"command-{datetime.now(UTC):%Y%m%dT%H%M%S%f}",
        machine_id=machine.id,
        run_class=RunClass.TRIAL,
        specimen_label="",
        operator_id="",
        operator_name="",
        method="",
        calibration=machine.calibration(),
        preload_kn=NEVER_KN if recorded else command.preload_kn,
        arming_kn=NEVER_KN if recorded else command.arming_kn,
        criterion=BreakCriterion(BreakRule.ATTENUATION, percent=command.drop_percent),
        limit_s=command.limit_s if command.record_s is None else command.record_s,
    )


def _state(worker: CaptureWorker) -> LiveState:
    return worker.published()[0].state


def _wait_ready(worker: CaptureWorker) -> None:
    deadline = time.monotonic() + READY_S
    while _state(worker).state is not MachineState.READY:
        state = _state(worker)
        late = time.monotonic() > deadline
        if late or state.trouble in (LinkTrouble.TAP_QUESTIONS, LinkTrouble.TAP_ANSWERS):
            if tap_sentence(state.trouble.value):
                raise EnvironmentFault(tap_sentence(state.trouble.value))
            raise EnvironmentFault(
                "capture.no_run_seen", seconds=int(READY_S), reason=f"{state.state.value}, {state.trouble.value}"
            )
        time.sleep(POLL_S)


def _one_run(worker: CaptureWorker, request: RunRequest, armed: Callable[[], None]) -> RunOutcome:
    deadline = time.monotonic() + request.limit_s + READY_S
    try:
        worker.arm(request)
        armed()
        while time.monotonic() < deadline:
            for outcome in worker.runs.waiting():
                if outcome.run_id == request.run_id:
                    return outcome
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        worker.abort(request.machine_id, "keyboard")
        worker.settle()
        ended = [outcome for outcome in worker.runs.waiting() if outcome.run_id == request.run_id]
        if not ended:  # so early that nothing was armed
            raise
        return ended[0]
    raise EnvironmentFault("capture.no_run_seen", seconds=request.limit_s, reason=_state(worker).phase.value)
