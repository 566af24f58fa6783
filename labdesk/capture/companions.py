"""A second device on one run: the press on one line, the extensometer on another, one time base (the host's monotonic clock).

The companion has its own line, decoder, counters and raw journal (``journals/<run>.<n>.companion``). When the run is sealed its
journal is decoded and the samples of the run's window go beside those of the main device, at their own moments, nothing interpolated.
For the eye the live curve shows at every point the newest value the companion had then (:class:`Beside`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from decimal import Decimal
from pathlib import Path

from labdesk.capture.assembly import Arming, time_base
from labdesk.capture.blocks import Block
from labdesk.capture.recorder import SILENCE_GAP_NS, RunRecorder
from labdesk.devices.journal import read_journal
from labdesk.devices.tap import driver_of
from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain
from labdesk.domain.sealed_run import Companion, Gap, GapKind


class CompanionTrack(RunRecorder):
    """Collects like a run and looks for neither start nor break: those belong to the main device."""

    def _follow(self, first: int, block: Block) -> None:
        """Its first channel may be a length; nothing is searched in it."""

    def companion(self, window_ns: tuple[int, int], zero_ns: int, journal: tuple[str, int]) -> Companion:
        """Its part of a run that lasted from ``window_ns[0]`` to ``window_ns[1]`` on the monotonic clock."""
        collected = self.collected()
        times = self.times_ns
        first, last = bisect_left(times, window_ns[0]), bisect_right(times, window_ns[1])
        gaps = [gap for gap in collected.gaps if gap[1] > window_ns[0] and gap[0] < window_ns[1]]
        newest = times[last - 1] if last > first else window_ns[0]
        if window_ns[1] - newest > max(SILENCE_GAP_NS, 10 * self.pipeline.clock.period_ns):
            gaps.append((newest, window_ns[1], GapKind.SILENCE))
        return Companion(
            machine=self.machine,
            driver=self.driver.manifest.stamp(),
            time_base=time_base(self.driver, collected.counters),
            counters=collected.counters,
            gaps=tuple(Gap(begin - zero_ns, end - zero_ns, kind) for begin, end, kind in gaps),
            journal_sha256=journal[0],
            journal_bytes=journal[1],
            channels=self.driver.channels,
            times_ns=tuple(time_ns - zero_ns for time_ns in times[first:last]),
            columns=tuple(tuple(column[first:last]) for column in self.columns),
        )


class Beside:
    """What a companion measured since it was lent, to be looked up by the moment."""

    def __init__(self, track: CompanionTrack) -> None:
        """Begins with what the track has already: the bytes remembered from before the run."""
        self._quanta = {channel.name: (at, channel.quantum) for at, channel in enumerate(track.driver.channels)}
        self._times_ns = list(track.times_ns)
        self._columns = [list(column) for column in track.columns]

    def take(self, block: Block) -> None:
        """The next samples."""
        self._times_ns += block.times_ns
        for column, counts in zip(self._columns, block.columns, strict=True):
            column.extend(counts)

    def value(self, name: str, time_ns: int) -> Decimal | None:
        """The newest value of a channel at a moment; ``None`` if there was none, or the companion has no such channel."""
        at, quantum = self._quanta.get(name, (None, None))
        index = bisect_right(self._times_ns, time_ns) - 1
        if at is None or quantum is None or index < 0:
            return None
        count = self._columns[at][index]
        return None if count is None else count * quantum


def read_track(path: Path, arming: Arming) -> tuple[CompanionTrack, tuple[str, int]]:
    """The companion's samples as its journal has them, with the journal's hash and size.

    Raises:
        EnvironmentFault: ``capture.run_damaged`` for an unreadable journal. OSError: where it cannot be read at all.
    """
    data = path.read_bytes()
    content = read_journal(data)
    try:
        head = content.records[0].json()
        request, machine = from_plain(RunRequest, head["request"]), from_plain(Machine, head["machine"])
    except (IndexError, KeyError, ValueError, BugError) as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"companion journal: {error}") from error
    track = CompanionTrack(request, machine, driver_of(machine), arming)
    for record in content.records[1:]:
        track.feed(record)
    if track.ended is None:
        track.end(EndReason.CAPTURE_RESTARTED)
    return track, (hashlib.sha256(data).hexdigest(), len(data))


def companions_of(paths: list[Path], recorder: RunRecorder) -> tuple[Companion, ...]:
    """All companions of an ended run; those that lost part of their journal make the run's journal incomplete."""
    if not paths:
        return ()
    collected = recorder.collected()
    window = (collected.zero_ns, collected.zero_ns)
    first, last = collected.window()
    if last > first:
        window = (recorder.times_ns[first], recorder.times_ns[last - 1])
    found = []
    for path in paths:
        track, journal = read_track(path, recorder.arming)
        found.append(track.companion(window, collected.zero_ns, journal))
        recorder.journal_incomplete |= track.journal_incomplete
    return tuple(found)
