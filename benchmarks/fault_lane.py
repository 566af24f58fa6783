"""One lane of the fault campaign: supervisor, capture child, desktop-side client and simulated machine, and what is done to them."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import psutil

from benchmarks.fault_oracle import Evidence
from benchmarks.fault_process import OFFSET, command
from labdesk.capture.client import CaptureClient
from labdesk.capture.supervisor import capture_folder
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import LiveState, MachineState, RunOutcome, RunPhase
from labdesk.domain.errors import LabDeskError
from labdesk.domain.sealed_run import decode_run
from tests.helpers.machines import machine, request, wait_until

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0
DESKTOP = """
import sys, time
from pathlib import Path
from labdesk.capture.client import CaptureClient
from tests.helpers.machines import machine, request
client = CaptureClient(Path(sys.argv[1]))
client.subscribe(lambda state: None)
client.arm(request(sys.argv[3], machine("labdesk_utm", sys.argv[2])))
print("armed", flush=True)
time.sleep(600)
"""


class LaneBroken(Exception):
    """A lane does not do what it should within any patience."""


class Lane:
    """See the module. Used by one thread."""

    kept: ClassVar[Path | None] = None

    def __init__(self, home: Path, *, over_tcp: bool) -> None:
        self.home = home
        self.simulator = SimulatedMachine("labdesk_utm", SimulatedPort(None if over_tcp else home / "port"), seed=5)
        self._machine = machine("labdesk_utm", self.simulator.port_url)
        self._folder = capture_folder(home)
        self._supervisor = self._start()
        self._client = CaptureClient(self._folder)
        self._desktop: subprocess.Popen[bytes] | None = None
        self._snapshots: list[bytes] = []
        self._run_id, self._disk_refused = "", False
        self._clock_moved: bool | None = False

    def ready(self) -> None:
        """The machine is ready for the next piece."""
        (self.home / OFFSET).unlink(missing_ok=True)
        self._snapshots, self._disk_refused, self._clock_moved = [], False, False
        self._try(lambda: self._client.configure((self._machine,)), "configure")
        self._until(lambda: self.simulator.status()["loading"] is False, "the piece is out")
        self._until(self._is_ready, "ready again")

    def arm(self, run_id: str, *, by_desktop: bool) -> None:
        """Declares a run, from here or from a desktop of its own."""
        self._run_id = run_id
        if not by_desktop:
            # The last run's fault may still be on the line: who is refused waits and asks again, as people do.
            self._try(lambda: self._client.arm(request(run_id, self._machine, limit_s=30)), "armed")
            return
        self._until(lambda: self._desktop_arms(run_id), "armed by a desktop")

    def _desktop_arms(self, run_id: str) -> bool:
        self._end_desktop()
        self._desktop = subprocess.Popen(
            [sys.executable, "-c", DESKTOP, str(self._folder), self._machine.port_url, run_id],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        assert self._desktop.stdout is not None
        return self._desktop.stdout.readline() == b"armed\n"

    def inject(self, fault: str, for_s: float) -> None:
        """The fault happens now and is over when this returns."""
        if fault == "kill-desktop":
            self._end_desktop()
        elif fault in ("clock-forward", "clock-back"):
            self._set_clock(3600 if fault == "clock-forward" else -3600)
        elif fault == "disk-full":
            self._fill_disk(for_s)
        else:
            child = self._child()
            if fault == "clock-and-kill":
                self._set_clock(3600)
            self._pause(child)
            if fault == "pause-capture":
                time.sleep(for_s)
                child.resume()
                return
            if fault == "kill-all":
                self._supervisor.kill()
            child.kill()
            if fault == "kill-all":
                self._supervisor.wait()
                time.sleep(for_s)
                self._supervisor = self._start()

    def evidence(self, run_id: str, duration_s: float) -> Evidence:
        """The run once it is sealed; one that does not see its own end is ended by the operator."""
        found: list[RunOutcome] = []
        told: list[float] = []
        gives_up = time.monotonic() + duration_s + 4

        def sealed() -> bool:
            with contextlib.suppress(LabDeskError):
                self._snapshot()
                found.extend(outcome for outcome in self._client.sealed_runs() if outcome.run_id == run_id)
                if not found and not told and time.monotonic() > gives_up and not self.simulator.status()["loading"]:
                    self._client.abort(self._machine.id, "end of the plan")
                    told.append(1.0)
            return bool(found)

        self._until(sealed, f"{run_id} is sealed")
        self._end_desktop()
        sealed_bytes = self._client.fetch(run_id)
        evidence = Evidence(
            outcome=found[0],
            run=decode_run(sealed_bytes),
            sealed=sealed_bytes,
            journal=self._client.fetch_journal(run_id),
            snapshots=tuple(self._snapshots[-3:]),
            display_kn=Decimal(self.simulator.status()["display_peak_kn"]),
            disk_refused=self._disk_refused,
            clock_moved=self._clock_moved,
        )
        self._client.acknowledge(run_id)
        if [outcome for outcome in found if outcome.run_id == run_id][1:]:
            raise LaneBroken(f"{run_id} was sealed twice")
        return evidence

    def keep(self, run_id: str) -> None:
        """Copies journal and sealed run for whoever looks into it."""
        if Lane.kept is not None:
            Lane.kept.mkdir(parents=True, exist_ok=True)
            for path in (
                self._journal(run_id),
                self._folder / "sealed" / f"{run_id}.run",
                self._folder / "capture.log",
            ):
                with contextlib.suppress(OSError):
                    shutil.copy(path, Lane.kept / f"{run_id}-{path.name}")

    def close(self) -> None:
        """Ends everything this lane started."""
        self._end_desktop()
        self._client.close()
        children: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self._supervisor.pid).children()
        self._supervisor.kill()  # first, or it would start another child
        self._supervisor.wait()
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, 10)
        self.simulator.stop()

    # ---- what is done to them --------------------------------------------------------------------------------------

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._folder / "capture.log").open("ab") as log:
            return subprocess.Popen(
                command(self.home), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT, start_new_session=True
            )

    def _child(self) -> psutil.Process:
        children: list[psutil.Process] = []

        def there() -> bool:
            with contextlib.suppress(psutil.Error):
                children[:] = psutil.Process(self._supervisor.pid).children()
            return bool(children)

        self._until(there, "the child is there")
        return children[0]

    def _pause(self, child: psutil.Process) -> None:
        """Stops the child in whatever it does, so that what is on disk at this moment is known exactly."""
        os.kill(child.pid, signal.SIGSTOP)
        self._until(lambda: child.status() == psutil.STATUS_STOPPED, "stopped")
        self._snapshot()

    def _fill_disk(self, for_s: float) -> None:
        """No file of the child may grow beyond a little more than the journal has: the system refuses as a full disk does."""
        child, journal = self._child(), self._journal(self._run_id)
        with contextlib.suppress(FileNotFoundError):
            most = journal.stat().st_size + int(for_s * 1000)
            _, hard = resource.prlimit(child.pid, resource.RLIMIT_FSIZE)
            self._disk_refused = True
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (most, hard))
            time.sleep(for_s)
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def _set_clock(self, seconds: int) -> None:
        states = [state for state in self._client.states() if state.run_id == self._run_id]
        going_on = bool(states) and states[0].phase in (RunPhase.ARMED, RunPhase.LOADING)
        self._clock_moved = (
            True if going_on else None
        )  # at the very end nobody can say on which side of the sealing it fell
        (self.home / OFFSET).write_text(str(seconds))

    def _end_desktop(self) -> None:
        if self._desktop is not None:
            self._desktop.kill()
            self._desktop.communicate()
            self._desktop = None

    # ---- looking ---------------------------------------------------------------------------------------------------

    def _journal(self, run_id: str) -> Path:
        return self._folder / "journals" / f"{run_id}.journal"

    def _snapshot(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._snapshots.append(self._journal(self._run_id).read_bytes())

    def _is_ready(self) -> bool:
        with contextlib.suppress(LabDeskError):
            states: tuple[LiveState, ...] = self._client.states()
            return any(
                state.state is MachineState.READY and state.force_kn is not None and abs(state.force_kn) < 1
                for state in states
            )
        return False

    def _try(self, what: Callable[[], object], name: str) -> None:
        def done() -> bool:
            with contextlib.suppress(LabDeskError):
                what()
                return True
            return False

        self._until(done, name)

    def _until(self, what: Callable[[], object], name: str) -> None:
        try:
            wait_until(what, PATIENCE_S)
        except AssertionError as error:
            seen = []
            with contextlib.suppress(LabDeskError):
                seen = [f"{each.state.value} {each.trouble.value} {each.force_kn} kN" for each in self._client.states()]
            raise LaneBroken(f"{name}: not within {PATIENCE_S:.0f} s ({'; '.join(seen)})") from error
