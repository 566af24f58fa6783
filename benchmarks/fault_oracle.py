"""Judges one run of the fault campaign, with readers of its own: nothing here uses the code that is judged, except the sealed format.

The truth is what the device numbered, what stands in the raw journal, and the peak on the machine's own display.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import struct
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from labdesk.domain.capture import EndReason, RunOutcome
from labdesk.domain.sealed_run import GapKind, RunMark, SealedRun

MAGIC = b"LDJRN\x00\x01\n"
FRAME = struct.Struct("<2sBHIiiiBBH")
LOSSY = {RunMark.GAP, RunMark.MISSING_FRAMES}


class DeviceFrame(NamedTuple):
    """One frame as the device sent it."""

    sequence: int
    tick_us: int
    counts: tuple[int | None, ...]


@dataclass
class Journal:
    """A raw journal read by hand: frames, marks, and how far it is whole."""

    frames: list[DeviceFrame] = field(default_factory=list)
    marks: list[dict[str, str]] = field(default_factory=list)
    whole: int = 0
    before_restart: int | None = None

    @property
    def events(self) -> set[str]:
        """Which marks it holds."""
        return {str(mark.get("event")) for mark in self.marks}


def read(data: bytes) -> Journal:
    """The journal in ``data`` up to its last whole record."""
    found, at, stream = Journal(), len(MAGIC), b""
    assert data.startswith(MAGIC)
    while at + 17 <= len(data):
        kind, length = data[at : at + 1], int.from_bytes(data[at + 1 : at + 5], "little")
        end = at + 13 + length
        if end + 4 > len(data) or binascii.crc32(data[at:end]) != int.from_bytes(data[end : end + 4], "little"):
            break
        payload = data[at + 13 : end]
        if kind == b"D":
            stream += payload
        elif kind == b"M":
            found.marks.append(json.loads(payload))
            if found.marks[-1].get("event") == "restarted":
                found.before_restart = len(found.frames) + len(frames(stream))
            if found.marks[-1].get("event") == "opened":
                found.frames += frames(stream)
                stream = b""
        at = end + 4
    found.frames += frames(stream)
    found.whole = at
    return found


def frames(stream: bytes) -> list[DeviceFrame]:
    """Every frame with a right check; what lies between is skipped."""
    found, at = [], 0
    while (at := stream.find(b"\xa5\x5a", at)) >= 0 and at + FRAME.size <= len(stream):
        raw = stream[at : at + FRAME.size]
        _, length, sequence, tick, force, extension, displacement, flags, version, check = FRAME.unpack(raw)
        if binascii.crc_hqx(raw[2:-2], 0xFFFF) == check and (length, version) == (20, 1):
            found.append(DeviceFrame(sequence, tick, (force, extension if flags & 1 else None, displacement)))
            at += FRAME.size
        else:
            at += 1
    return found


@dataclass(frozen=True)
class Evidence:
    """All that is known of one run after it.

    Attributes:
        journal: the raw journal as it is now.
        snapshots: what was on disk at moments during the run.
        display_kn: the peak on the machine's own display, to 0.01 kN.
        disk_refused: the disk was full for a while.
        clock_moved: the wall clock was set while the run went on; ``None``: perhaps.
    """

    outcome: RunOutcome
    run: SealedRun
    sealed: bytes
    journal: bytes
    snapshots: tuple[bytes, ...]
    display_kn: Decimal
    disk_refused: bool
    clock_moved: bool | None

    @property
    def complete(self) -> bool:
        """Whether the run claims that nothing is missing."""
        return self.outcome.end_reason is EndReason.BREAK and not self.run.header.marks


def judge(evidence: Evidence) -> list[str]:
    """What is wrong with it; empty for a run that keeps every promise."""
    journal = read(evidence.journal)
    taken = list(zip(*evidence.run.columns, strict=True))
    place = _place(journal.frames, taken, evidence)
    faults = [*_bytes(evidence), *_snapshots(evidence), *_samples(evidence, journal, taken, place)]
    if place is not None and not evidence.disk_refused:
        faults += _gaps(evidence, journal.frames[place : place + len(taken)])
    taken_until = None if place is None else place + len(taken)
    return [*faults, *_claims(evidence, journal, taken_until)]


def _bytes(evidence: Evidence) -> list[str]:
    header, faults = evidence.run.header, []
    if hashlib.sha256(evidence.sealed).hexdigest() != evidence.outcome.run_hash:
        faults.append("hash of the sealed run")
    if (hashlib.sha256(evidence.journal).hexdigest(), len(evidence.journal)) != (
        header.journal_sha256, header.journal_bytes,
    ):  # fmt: skip
        faults.append("hash of the journal")
    return faults


def _snapshots(evidence: Evidence) -> list[str]:
    """What the disk once held is still there."""
    lost = [
        snapshot for snapshot in evidence.snapshots if not evidence.journal.startswith(snapshot[: read(snapshot).whole])
    ]
    return [f"journal changed behind byte {read(lost[0]).whole}"] if lost else []


def _place(known: list[DeviceFrame], taken: list[tuple[int | None, ...]], evidence: Evidence) -> int | None:
    """Where the sealed samples begin in the journal."""
    if not taken:
        return len(known) if not evidence.run.header.loaded else None
    counts = [frame.counts for frame in known]
    for at in range(len(counts)):
        if counts[at : at + 5] == taken[:5]:
            return at
    return None


def _samples(evidence: Evidence, journal: Journal, taken: list[tuple[int | None, ...]], place: int | None) -> list[str]:
    """Every journalled sample from pre-trigger to end is sealed, none is invented."""
    header, known = evidence.run.header, [frame.counts for frame in journal.frames]
    incomplete = RunMark.JOURNAL_INCOMPLETE in header.marks
    if place is None:
        return [] if incomplete else ["sealed samples are not in the journal"]
    if evidence.disk_refused:
        rest = iter(taken)
        inside = known[place : place + len(taken)]
        missing = [counts for counts in inside if not any(counts == other for other in rest)]
        told = incomplete or taken == known[place : place + len(taken)]
        faults = [] if told else ["journal incomplete and not marked"]
        return (
            faults if not missing or header.end_reason is EndReason.BREAK else [*faults, f"{len(missing)} samples lost"]
        )
    if taken != known[place : place + len(taken)]:
        return ["sealed samples differ from the journal"]
    faults = []
    left_over = len(known) - place - len(taken)
    if left_over and header.end_reason not in (EndReason.BREAK, EndReason.UNLOADED):
        faults.append(f"{left_over} journalled samples behind the end are not sealed")
    if place and header.loaded:
        start = next(index for index, time_ns in enumerate(evidence.run.times_ns) if time_ns >= 0)
        before = journal.frames[place + start].tick_us - journal.frames[place - 1].tick_us
        seen = {"opened", "restarted", "slept"} & journal.events
        if before * 1000 < header.request.pre_trigger_ms * 1_000_000 - 1000 and not seen:
            faults.append("samples before the start are missing")
    return faults


def _gaps(evidence: Evidence, inside: list[DeviceFrame]) -> list[str]:
    """Where the device's numbers jump, a gap is written and the run is marked."""
    header, times = evidence.run.header, evidence.run.times_ns
    armed_ns = -((header.started_at - header.armed_at) // timedelta(microseconds=1)) * 1000
    faults = []
    for index, (old, new) in enumerate(pairwise(inside)):
        begin, end = times[index], times[index + 1]
        covered = [gap for gap in header.gaps if gap.from_ns <= begin and gap.to_ns >= end]
        jumped = (new.sequence - old.sequence - 1) % 65536
        if jumped and not covered:
            faults.append(f"{jumped} frames missing at {begin / 1e9:.3f} s without a gap")
        elif jumped and all(gap.kind is GapKind.CAPTURE_RESTARTED for gap in covered):
            faults.append(f"{jumped} frames missing at {begin / 1e9:.3f} s said to be lossless")
        if jumped and not LOSSY & set(header.marks):
            faults.append("frames missing and no mark")
        apart = (new.tick_us - old.tick_us) % 2**32 * 1000
        # Bytes that waited in a port when it was opened may be anchored late; that was before anybody armed.
        if begin >= armed_ns and not covered and abs(end - begin - apart) > 2000:
            faults.append(f"time at {begin / 1e9:.3f} s is not the device's")
    return faults


def _claims(evidence: Evidence, journal: Journal, taken_until: int | None) -> list[str]:
    """A run that says complete is complete; one that says broken was broken."""
    header, faults = evidence.run.header, []
    peak = evidence.run.peak_kn
    near = peak is not None and abs(peak - evidence.display_kn) <= Decimal("0.006")
    if evidence.complete and not near:
        faults.append(f"complete, but the peak is {peak} and the display shows {evidence.display_kn}")
    if header.end_reason is EndReason.BREAK and not near and not LOSSY & set(header.marks):
        faults.append(f"broken at {peak}, the display shows {evidence.display_kn}, nothing marked")
    lossy = bool(LOSSY & set(header.marks))
    far = peak is not None and evidence.display_kn - peak > evidence.display_kn / 100
    if header.end_reason is EndReason.BREAK and lossy and far and RunMark.GAP_CRITICAL not in header.marks:
        faults.append(
            f"the largest force was missed ({peak} of {evidence.display_kn}) and the gap is not called critical"
        )
    moved = RunMark.CLOCK_CHANGED in header.marks
    if evidence.clock_moved not in (None, moved) or (moved and not 3_595_000 < abs(header.wall_drift_ms) < 3_605_000):
        faults.append(f"clock moved {evidence.clock_moved}, told {header.wall_drift_ms} ms")
    if not (header.started_at >= header.armed_at or not header.loaded):
        faults.append("started before it was armed")
    # A run whose tail was on disk before the restart is as whole as any other.
    across = journal.before_restart is not None and (taken_until is None or taken_until > journal.before_restart)
    restarted = across or header.end_reason is EndReason.CAPTURE_RESTARTED
    if restarted and RunMark.RESTARTED not in header.marks:
        faults.append("restart not marked")
    return faults
