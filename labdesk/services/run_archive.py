"""Runs after their test: found again, drawn beside each other, exported byte for byte, decoded once more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.plain import to_plain
from labdesk.domain.run_text import companion_csv, curve_csv
from labdesk.domain.sealed_run import DISPLACEMENT, EXTENSION, FORCE, SealedRun, decode_run
from labdesk.domain.store import Blobs, Store, UnitOfWork
from labdesk.domain.testing import Run
from labdesk.evidence.canonical import canonical_bytes

Floats = npt.NDArray[np.float64]
AXES = ("time", EXTENSION, DISPLACEMENT)


class Journals(Protocol):
    """Where raw journals are: the capture process, or its folder."""

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """The raw journal of the run's machine, or of its ``device``-th companion; raises OperatorError ``capture.no_such_run``."""
        ...


Redecode = Callable[[bytes, str, Mapping[str, str], Sequence[bytes]], bytes]
"""Journal, driver (empty: its own), settings, journals of the companions -> bytes of a sealed run decoded anew."""


@dataclass(frozen=True)
class DrawnRun:
    """A run ready to be drawn, for the eye only: what is judged are the counts.

    Attributes:
        axes: by name of the axis (``time`` in s, ``extension`` and ``displacement`` in mm) as long as ``force_kn``; an axis the
            machine did not send is left out.
        breaks: positions of the first sample after each gap.
        hertz: samples per second as achieved, empty if unknown.
        marks: what a reviewer must know of the capture.
    """

    run: Run
    force_kn: Floats
    axes: Mapping[str, Floats]
    breaks: tuple[int, ...]
    hertz: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """Files that were written and read back; ``without_journal``: raw bytes of a device are not on this computer."""

    files: tuple[Path, ...]
    without_journal: bool


class RunArchive:
    """The use case of the curves page and of ``labdesk runs``."""

    def __init__(self, store: Store, blobs: Blobs, journals: Journals, redecode: Redecode) -> None:
        self._store = store
        self._blobs = blobs
        self._journals = journals
        self._redecode = redecode

    def find(self, words: str = "", limit: int = 200) -> list[Run]:
        """Runs with all of ``words`` in number, specimen, lot, machine or operator, newest first."""
        with self._store.read() as uow:
            return uow.testing.find_runs(words, limit)

    def by_number(self, number: str) -> Run:
        """A run by its number; raises OperatorError ``runs.unknown``."""
        found = next((run for run in self.find(number) if run.number == number), None)
        if found is None:
            raise OperatorError("runs.unknown", number=number)
        return found

    def drawn(self, run: Run) -> DrawnRun:
        """A run's curve; raises OperatorError ``evaluation.no_force_channel`` for one without force."""
        return draw(run, decode_run(self._blobs.get(run.sealed_sha256)))

    def export(self, run: Run, folder: Path) -> Exported:
        """Writes sealed run, curve file, results and raw journal to ``folder``; the same bytes each time.

        Of every further device its own curve file and raw journal follow: ``NUMBER.1.csv``, ``NUMBER.1.journal``.

        Raises:
            EnvironmentFault: ``runs.cannot_write`` naming file and reason; ``runs.journal_differs`` for a journal that was changed.
        """
        sealed = self._blobs.get(run.sealed_sha256)
        decoded = decode_run(sealed)
        with self._store.read() as uow:
            results = _results(uow, run)
        files = {
            f"{run.number}.run": sealed,
            f"{run.number}.csv": curve_csv(decoded).encode(),
            f"{run.number}.json": canonical_bytes(
                {"header": to_plain(decoded.header), "run": to_plain(run), **results}
            ),
        }
        devices = {run.number: decoded.header.journal_sha256}
        for number, other in enumerate(decoded.companions, 1):
            files[f"{run.number}.{number}.csv"] = companion_csv(decoded, other).encode()
            devices[f"{run.number}.{number}"] = other.journal_sha256
        journals = [self._journal(run, device, sha256) for device, sha256 in enumerate(devices.values())]
        files |= {f"{name}.journal": data for name, data in zip(devices, journals, strict=True) if data is not None}
        return Exported(tuple(_write(folder / name, data) for name, data in files.items()), None in journals)

    def decode_again(self, run: Run, driver_id: str, settings: Mapping[str, str], out: Path) -> SealedRun:
        """Decodes the raw journal with another driver or settings into ``out``, beside the run, which stays as it is.

        Further devices are decoded again with their own drivers; all their journals must be here.

        Raises:
            OperatorError: ``runs.no_journal``; ``capture.no_such_driver``, ``capture.driver_setting``; ``runs.exists``.
        """
        decoded = decode_run(self._blobs.get(run.sealed_sha256))
        wanted = (decoded.header.journal_sha256, *(other.journal_sha256 for other in decoded.companions))
        found = [self._journal(run, device, sha256) for device, sha256 in enumerate(wanted)]
        journals = [journal for journal in found if journal is not None]
        if len(journals) < len(wanted):
            raise OperatorError("runs.no_journal", number=run.number)
        if out.exists():
            raise OperatorError("runs.exists", file=out.name)
        data = self._redecode(journals[0], driver_id, settings, journals[1:])
        _write(out, data)
        return decode_run(data)

    def _journal(self, run: Run, device: int, sha256: str) -> bytes | None:
        """The raw bytes of a device, if they are here, and are those the run was made of."""
        try:
            journal = self._journals.fetch_journal(run.id, device)
        except LabDeskError:
            return None
        if hashlib.sha256(journal).hexdigest() != sha256:
            raise EnvironmentFault("runs.journal_differs", number=run.number)
        return journal


def draw(run: Run, sealed: SealedRun) -> DrawnRun:
    """Arrays of a sealed run; samples without force are left out, a missing value of another channel is a hole."""
    force = _values(sealed, FORCE)
    if force is None or not np.isfinite(force).any():
        raise OperatorError("evaluation.no_force_channel", run=run.number)
    kept = np.isfinite(force)
    times = np.asarray(sealed.times_ns, dtype=np.float64) * 1e-9
    axes = {"time": times[kept]}
    for name in (EXTENSION, DISPLACEMENT):
        values = _values(sealed, name)
        if values is None:
            values = _beside(sealed, name)
        if values is not None and np.isfinite(values[kept]).any():
            axes[name] = values[kept]
    ends = np.asarray([gap.to_ns for gap in sealed.header.gaps], dtype=np.float64) * 1e-9
    breaks = np.searchsorted(axes["time"], ends)
    hertz = sealed.header.achieved_hz
    return DrawnRun(
        run=run,
        force_kn=force[kept],
        axes=axes,
        breaks=tuple(int(each) for each in breaks if 0 < each < kept.sum()),
        hertz="" if hertz is None else f"{hertz:.1f}",
        marks=tuple(mark.value for mark in sealed.header.marks),
    )


def _values(sealed: SealedRun, name: str) -> Floats | None:
    channel = sealed.channel(name)
    if channel is None:
        return None
    counts = np.array([np.nan if count is None else count for count in sealed.counts(name)], dtype=np.float64)
    return counts * float(channel.quantum)


def _beside(sealed: SealedRun, name: str) -> Floats | None:
    """A companion's channel at the moments of the force, on straight lines between its readings; a hole before and behind them."""
    for other in sealed.companions:
        for channel, column in zip(other.channels, other.columns, strict=True):
            known = [(at, count) for at, count in zip(other.times_ns, column, strict=True) if count is not None]
            if channel.name == name and known:
                moments, counts = np.asarray(known, dtype=np.float64).T
                times = np.asarray(sealed.times_ns, dtype=np.float64)
                between: Floats = np.interp(times, moments, counts, left=np.nan, right=np.nan)
                return between * float(channel.quantum)
    return None


def _results(uow: UnitOfWork, run: Run) -> dict[str, object]:
    """What was found of the run: by people, and by every evaluation of its lot, oldest first."""
    finding = uow.testing.finding_of_run(run.id)
    evaluations = uow.testing.evaluations_of_lot(run.lot_no) if run.lot_no else []
    return {
        "finding": None if finding is None else to_plain(finding),
        "evaluations": [
            {"id": each.id, "at": to_plain(each.at), "reason": each.reason, "evaluation": to_plain(each.evaluation)}
            for each in evaluations
        ],
    }


def _write(path: Path, data: bytes) -> Path:
    """Writes and reads back."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        same = path.read_bytes() == data
    except OSError as error:
        raise EnvironmentFault("runs.cannot_write", file=str(path), reason=error.strerror or str(error)) from error
    if not same:
        raise EnvironmentFault("runs.cannot_write", file=str(path), reason="read back different")
    return path
