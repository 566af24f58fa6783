"""An imported test as a sealed run: the same layout as a captured one, marked so that nobody takes it for one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import metadata
from itertools import pairwise

from labdesk.domain.capture import BreakCriterion, BreakRule, EndReason, RunClass, RunOutcome, RunRequest
from labdesk.domain.curve import Channel as CurveChannel
from labdesk.domain.curve import Curve
from labdesk.domain.errors import OperatorError
from labdesk.domain.imported import TestState
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import (
    DISPLACEMENT,
    EXTENSION,
    FORCE,
    Channel,
    Counters,
    DriverStamp,
    RunHeader,
    RunMark,
    SealedRun,
    TimeBase,
    encode_run,
    run_hash,
)
from labdesk.domain.watching import RawRecord, WatchedSource
from labdesk.services.watched.understanding import Understood

_NS = Decimal(1_000_000_000)
#: A run must declare when loading begins; an imported one was not watched, so these judge nothing.
_SMALLEST = Decimal("0.001")
_CRITERION = BreakCriterion(BreakRule.ATTENUATION, percent=Decimal(50))
DRIVER_ID = "import"


@dataclass(frozen=True)
class ImportedRun:
    """A sealed run with its outcome, ready to be stored."""

    outcome: RunOutcome
    data: bytes


class ImportedRuns:
    """Fulfils ``RunSource``: imported runs waiting to be stored."""

    def __init__(self, runs: Sequence[ImportedRun]) -> None:
        self._waiting = {run.outcome.run_id: run for run in runs}

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """What waits."""
        return tuple(run.outcome for run in self._waiting.values())

    def fetch(self, run_id: str) -> bytes:
        """The sealed bytes."""
        return self._waiting[run_id].data

    def acknowledge(self, run_id: str) -> None:
        """Stored."""
        self._waiting.pop(run_id)


def run_id_of(source: WatchedSource, record: RawRecord) -> str:
    """The same record gives the same run, also after a crash between storing the run and noting it."""
    return str(
        uuid.uuid5(uuid.NAMESPACE_URL, f"labdesk:{source.id}:{record.key}:{hashlib.sha256(record.data).hexdigest()}")
    )


def seal(source: WatchedSource, machine: Machine, record: RawRecord, what: Understood, now: datetime) -> ImportedRun:
    """The run of a record; raises OperatorError ``watching.empty_record`` where nothing was loaded."""
    curve = what.test.curve
    if curve is None or what.test.state is TestState.EMPTY:
        raise OperatorError("watching.empty_record", record=record.key)
    run = _run(_Origin(source, machine, record, now), what, curve)
    data = encode_run(run)
    header = run.header
    outcome = RunOutcome(
        run_id=header.request.run_id,
        machine_id=machine.id,
        specimen_label=what.specimen_label,
        run_class=RunClass.TEST,
        run_hash=run_hash(data),
        end_reason=header.end_reason,
        end_detail=header.end_detail,
        loaded=True,
        peak_kn=run.peak_kn,
        marked=True,
        samples=len(run.times_ns),
        started_at=header.started_at,
        sealed_at=now,
    )
    return ImportedRun(outcome, data)


@dataclass(frozen=True)
class _Origin:
    source: WatchedSource
    machine: Machine
    record: RawRecord
    now: datetime


def _run(origin: _Origin, what: Understood, curve: Curve) -> SealedRun:
    times = _times_ns(curve)
    channels, columns = _channels(curve)
    aborted = what.test.state is TestState.ABORTED
    started = what.at or origin.now
    gaps = [later - earlier for earlier, later in pairwise(times)]
    seconds = Decimal(times[-1] - times[0]) / _NS
    marks = (RunMark.IMPORTED, RunMark.NO_BREAK) if aborted else (RunMark.IMPORTED,)
    header = RunHeader(
        request=_request(origin, what),
        machine=origin.machine,
        driver=DriverStamp(DRIVER_ID, metadata.version("labdesk"), "documented", 1),
        time_base=TimeBase.DEVICE,
        armed_at=started,
        started_at=started,
        sealed_at=origin.now,
        loaded=True,
        peak_index=int(curve.force_kn.counts.argmax()),
        end_index=len(times) - 1,
        end_reason=EndReason.OPERATOR if aborted else EndReason.BREAK,
        end_detail=f"imported from {origin.source.name}, record {origin.record.key}; not captured by LabDesk",
        counters=Counters(good=len(times)),
        achieved_hz=((len(times) - 1) / seconds).quantize(Decimal("0.001")) if seconds > 0 else None,
        largest_gap_ns=max(gaps, default=0),
        gaps=(),
        marks=marks,
        journal_sha256=hashlib.sha256(origin.record.data).hexdigest(),
        journal_bytes=len(origin.record.data),
        software=f"labdesk {metadata.version('labdesk')}",
    )
    return SealedRun(header, channels, tuple(times), columns)


def _request(origin: _Origin, what: Understood) -> RunRequest:
    source = origin.source
    return RunRequest(
        run_id=run_id_of(source, origin.record),
        machine_id=origin.machine.id,
        run_class=RunClass.TEST,
        specimen_label=what.specimen_label,
        operator_id=source.responsible_id,
        operator_name=what.operator or source.responsible_name,
        method=source.method,
        calibration=origin.machine.calibration(),
        preload_kn=_SMALLEST,
        arming_kn=_SMALLEST,
        criterion=_CRITERION,
    )


def _times_ns(curve: Curve) -> list[int]:
    """Nanoseconds from the first sample; the maker's own times are finer nowhere."""
    first = curve.time_s.exact(0)
    return [int(((curve.time_s.exact(at) - first) * _NS).to_integral_value()) for at in range(len(curve))]


def _channels(curve: Curve) -> tuple[tuple[Channel, ...], tuple[tuple[int | None, ...], ...]]:
    """The curve's counts as they are; an extension ends where the extensometer was taken off."""
    found: list[tuple[str, CurveChannel | None]] = [
        (FORCE, curve.force_kn), (EXTENSION, curve.extension_mm), (DISPLACEMENT, curve.displacement_mm),
    ]  # fmt: skip
    channels, columns = [], []
    for name, channel in found:
        if channel is None:
            continue
        counts: list[int | None] = [int(count) for count in channel.counts]
        until = curve.metadata.get("extension_until_s") if name == EXTENSION else None
        if until is not None:
            counts = [None if curve.time_s.exact(at) >= Decimal(until) else count for at, count in enumerate(counts)]
        channels.append(Channel(name, channel.unit, channel.quantum))
        columns.append(tuple(counts))
    return tuple(channels), tuple(columns)
