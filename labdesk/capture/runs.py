"""The capture folder: journals of runs, sealed runs, and which of them are stored safely elsewhere.

``journals/<run>.journal``, ``journals/<run>.1.companion`` · ``sealed/<run>.run`` · ``acknowledged/<run>`` (empty). Nothing is deleted here.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

from labdesk.devices.journal import sync_folder
from labdesk.domain.capture import RunOutcome
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import RunMark, SealedRun, decode_run, run_hash

_RUN_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_HARMLESS = {RunMark.NOT_LOADED, RunMark.NO_BREAK}


class RunFolder:
    """Files of runs; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Makes the folders; raises EnvironmentFault ``capture.disk``."""
        self.folder = folder
        self._lock = threading.Lock()
        self._outcomes: dict[str, RunOutcome] = {}
        try:
            for name in ("journals", "sealed", "acknowledged"):
                (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EnvironmentFault("capture.disk", path=str(folder), detail=str(error)) from error
        sealed = {path.stem for path in (folder / "sealed").glob("*.run")}
        self._waiting = sealed - {path.name for path in (folder / "acknowledged").iterdir()}

    def journal_path(self, run_id: str) -> Path:
        """Where a run's journal is; raises OperatorError ``capture.no_such_run`` for an id that is no file name."""
        return self.folder / "journals" / f"{_checked(run_id)}.journal"

    def companion_path(self, run_id: str, number: int) -> Path:
        """Where the raw journal of the run's ``number``-th further device is, counted from 1."""
        return self.folder / "journals" / f"{_checked(run_id)}.{number}.companion"

    def companion_paths(self, run_id: str) -> list[Path]:
        """The raw journals of all further devices of a run, in order."""
        return sorted((self.folder / "journals").glob(f"{_checked(run_id)}.*.companion"))

    def sealed_path(self, run_id: str) -> Path:
        """Where a sealed run is."""
        return self.folder / "sealed" / f"{_checked(run_id)}.run"

    def exists(self, run_id: str) -> bool:
        """Whether a run of this id was ever begun here."""
        return self.journal_path(run_id).exists() or self.sealed_path(run_id).exists()

    def unfinished(self) -> list[Path]:
        """Journals without a sealed run, oldest first."""
        found = [
            path for path in (self.folder / "journals").glob("*.journal") if not self.sealed_path(path.stem).exists()
        ]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def store(self, run: SealedRun, data: bytes) -> RunOutcome:
        """Writes a sealed run so that it is there whole or not at all; raises OSError."""
        path = self.sealed_path(run.header.request.run_id)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o400)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.replace(path)
        sync_folder(path.parent)
        outcome = outcome_of(run, data)
        with self._lock:
            self._outcomes[outcome.run_id] = outcome
            self._waiting.add(outcome.run_id)
        return outcome

    def waiting(self) -> tuple[RunOutcome, ...]:
        """Outcomes of sealed runs nobody acknowledged, oldest first. A damaged file is left out; ``labdesk audit`` names it."""
        with self._lock:
            waiting = tuple(self._waiting)
        found = (self._outcome(self.sealed_path(run_id)) for run_id in waiting)
        outcomes = [outcome for outcome in found if outcome is not None]
        return tuple(sorted(outcomes, key=lambda outcome: (outcome.sealed_at, outcome.run_id)))

    def fetch(self, run_id: str) -> bytes:
        """A sealed run's bytes; raises OperatorError ``capture.no_such_run``."""
        return _read(self.sealed_path(run_id), run_id)

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """A journal's bytes, of the run's machine or of its ``device``-th companion; raises OperatorError ``capture.no_such_run``."""
        path = self.companion_path(run_id, device) if device else self.journal_path(run_id)
        return _read(path, run_id)

    def acknowledge(self, run_id: str) -> None:
        """Notes that the run is stored elsewhere; raises OperatorError ``capture.no_such_run``."""
        if not self.sealed_path(run_id).exists():
            raise OperatorError("capture.no_such_run", run_id=run_id)
        marker = self.folder / "acknowledged" / _checked(run_id)
        marker.touch(mode=0o600)
        sync_folder(marker.parent)
        with self._lock:
            self._waiting.discard(run_id)
            self._outcomes.pop(run_id, None)

    def _outcome(self, path: Path) -> RunOutcome | None:
        with self._lock:
            known = self._outcomes.get(path.stem)
        if known is not None:
            return known
        try:
            data = path.read_bytes()
            outcome = outcome_of(decode_run(data), data)
        except (OSError, EnvironmentFault):
            return None
        with self._lock:
            self._outcomes[path.stem] = outcome
        return outcome


def outcome_of(run: SealedRun, data: bytes) -> RunOutcome:
    """What a list of runs shows of a sealed run."""
    header, request = run.header, run.header.request
    return RunOutcome(
        run_id=request.run_id,
        machine_id=request.machine_id,
        specimen_label=request.specimen_label,
        run_class=request.run_class,
        run_hash=run_hash(data),
        end_reason=header.end_reason,
        end_detail=header.end_detail,
        loaded=header.loaded,
        peak_kn=run.peak_kn,
        marked=bool(set(header.marks) - _HARMLESS),
        samples=len(run.times_ns),
        started_at=header.started_at,
        sealed_at=header.sealed_at,
    )


def _checked(run_id: str) -> str:
    if not _RUN_ID.fullmatch(run_id):
        raise OperatorError("capture.no_such_run", run_id=run_id[:80])
    return run_id


def _read(path: Path, run_id: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise OperatorError("capture.no_such_run", run_id=run_id) from error
    except OSError as error:
        raise EnvironmentFault("capture.disk", path=str(path), detail=str(error)) from error
