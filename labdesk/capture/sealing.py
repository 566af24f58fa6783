"""From a journal file to a sealed run: header, recovery, sealing."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from labdesk.capture.assembly import Arming
from labdesk.capture.companions import companions_of
from labdesk.capture.moments import boot_id
from labdesk.capture.recorder import RunRecorder
from labdesk.capture.runs import RunFolder
from labdesk.devices.driver import Driver
from labdesk.devices.journal import JournalContent, JournalWriter, Record, read_journal
from labdesk.devices.session import LineEvent
from labdesk.devices.tap import driver_of
from labdesk.domain.capture import EndReason, RunOutcome, RunRequest
from labdesk.domain.clock import Clock
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, parse_moment, to_plain, utc_text
from labdesk.domain.sealed_run import encode_run

RESUME_NS = 10_000_000_000
CLOCKS_AGREE_NS = 5_000_000_000


@dataclass(frozen=True)
class Unfinished:
    """A journal whose run was not sealed: who, what, and when the last bytes came. Nothing is decoded yet."""

    path: Path
    content: JournalContent
    request: RunRequest
    machine: Machine
    arming: Arming
    last_ns: int
    boot_id: str = ""

    def decode(self) -> RunRecorder:
        """The run so far, decoded from the journal's beginning; raises OperatorError when its driver is gone."""
        driver = driver_of(self.machine)
        recorder = RunRecorder(self.request, self.machine, driver, self.arming)
        for record in self.content.records[1:]:
            recorder.feed(record)
        return recorder

    def can_resume(self, now_ns: int, now: datetime) -> bool:
        """Whether the run may go on: it is fresh, and no reboot lies between.

        The system names its start; where it does not, both clocks must agree. A wall clock that was set is no reboot.
        """
        return not self.ended and self.same_boot(now_ns, now) and 0 <= now_ns - self.last_ns < RESUME_NS

    @property
    def ended(self) -> bool:
        """Whether its end stands in the journal."""
        return any(record.kind == "M" and record.json().get("event") == "end" for record in self.content.records)

    def same_boot(self, now_ns: int, now: datetime) -> bool:
        """Whether the journal's stamps and ``now_ns`` are of the same monotonic clock."""
        here = boot_id()
        if here and self.boot_id:
            return here == self.boot_id
        return abs(wall_drift_ns(self.arming, now_ns, now)) < CLOCKS_AGREE_NS


def begin_journal(
    path: Path, recorder: RunRecorder, recent: Iterable[LineEvent]
) -> tuple[JournalWriter, tuple[Record, ...]]:
    """A new journal that already holds the bytes remembered from before; gives those as records. Raises OSError."""
    header = journal_header(recorder.request, recorder.machine, recorder.driver, recorder.arming)
    journal = JournalWriter.create(path, header, recorder.arming.monotonic_ns)
    records = []
    try:
        for event in recent:
            if event.data:
                journal.append(event.stamp_ns, event.data)
                records.append(Record("D", event.stamp_ns, event.data))
            elif event.host:
                journal.mark(event.stamp_ns, event.mark())
                records.append(Record("M", event.stamp_ns, json.dumps(event.mark()).encode()))
        journal.sync()
    except OSError:
        journal.close()
        path.unlink(missing_ok=True)
        raise
    return journal, tuple(records)


def journal_header(request: RunRequest, machine: Machine, driver: Driver, arming: Arming) -> dict[str, Any]:
    """What stands at the head of a journal: enough to seal the run without asking anybody."""
    return {
        "request": to_plain(request),
        "machine": to_plain(machine),
        "driver": to_plain(driver.manifest.stamp()),
        "armed_wall": utc_text(arming.wall),
        "armed_ns": arming.monotonic_ns,
        "boot_id": boot_id(),
    }


def open_journal(path: Path) -> Unfinished:
    """Reads a journal without decoding it.

    Raises:
        EnvironmentFault: ``capture.run_damaged`` when its header is unreadable, ``capture.disk`` when the file is.
    """
    try:
        content = read_journal(path.read_bytes())
    except OSError as error:
        raise EnvironmentFault("capture.disk", path=str(path), detail=str(error)) from error
    if not content.records or content.records[0].kind != "H":
        raise EnvironmentFault("capture.run_damaged", reason="journal header")
    head = content.records[0].json()
    try:
        request = from_plain(RunRequest, head["request"])
        machine = from_plain(Machine, head["machine"])
        arming = Arming(parse_moment(head["armed_wall"]), int(head["armed_ns"]))
    except (KeyError, ValueError, BugError) as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"journal header: {error}") from error
    last_ns = content.records[-1].stamp_ns
    return Unfinished(path, content, request, machine, arming, last_ns, str(head.get("boot_id", "")))


def seal_journal(folder: RunFolder, path: Path, recorder: RunRecorder, clock: Clock) -> RunOutcome:
    """Seals an ended run with the hash of its closed journal; raises OSError when the disk refuses."""
    raw = path.read_bytes()
    companions = companions_of(folder.companion_paths(recorder.request.run_id), recorder)
    run = recorder.seal(clock.now(), hashlib.sha256(raw).hexdigest(), len(raw), companions)
    return folder.store(run, encode_run(run))


def wall_drift_ns(arming: Arming, now_ns: int, now: datetime) -> int:
    """How much further than the monotonic clock the wall clock went since arming."""
    return (now - arming.wall) // timedelta(microseconds=1) * 1000 - (now_ns - arming.monotonic_ns)


def seal_abandoned(folder: RunFolder, unfinished: Unfinished, clock: Clock) -> RunOutcome:
    """Seals a run that cannot go on; why it ended is written into its journal first."""
    recorder = unfinished.decode()
    now_ns, now = time.monotonic_ns(), clock.now()
    if unfinished.same_boot(now_ns, now):
        recorder.wall_drift_ns = wall_drift_ns(unfinished.arming, now_ns, now)
    writer = JournalWriter.resume(unfinished.path, unfinished.content, time.monotonic_ns())
    try:
        if recorder.ended is None:
            mark = {"event": "end", "reason": EndReason.CAPTURE_RESTARTED.value, "detail": ""}
            writer.mark(time.monotonic_ns(), mark)
            recorder.end(EndReason.CAPTURE_RESTARTED)
    finally:
        writer.close()
    return seal_journal(folder, unfinished.path, recorder, clock)
