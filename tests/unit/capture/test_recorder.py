"""From journal records to a sealed run, without any process or wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from labdesk_drivers.labdesk_utm.protocol import build_frame
from labdesk_drivers.yaohua_xk3190a9.protocol import build_frame as a9_frame

from labdesk.capture.recorder import Arming, RunRecorder
from labdesk.devices.journal import Record
from labdesk.devices.registry import make_driver
from labdesk.domain.capture import EndReason, RunPhase
from labdesk.domain.errors import BugError
from labdesk.domain.sealed_run import GapKind, RunMark, TimeBase, decode_run, encode_run
from tests.helpers.machines import machine, request

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STEP_NS = 10_000_000
ARMED_NS = 1_000_000_000
# 100 points of nothing, a rise to 100 kN in 0.5 kN steps, a break, silence.
FORCES = [0] * 100 + [5000 * n for n in range(201)] + [100] * 60


def recorder(driver_id: str = "labdesk_utm", **changes: object) -> RunRecorder:
    where = machine(driver_id)
    return RunRecorder(request(of=where, **changes), where, make_driver(driver_id, {}), Arming(NOON, ARMED_NS))


def utm(index: int, force: int, late_ns: int = 0) -> Record:
    """The ``index``-th sample, 10 ms after the one before, arriving ``late_ns`` after it was taken."""
    time_ns = ARMED_NS + (index - 50) * STEP_NS
    frame = build_frame(index, time_ns // 1000, (force, force // 10, force // 100))
    return Record("D", time_ns + late_ns, frame)


def mark(index: int, **content: str) -> Record:
    return Record("M", ARMED_NS + (index - 50) * STEP_NS, json.dumps(content).encode())


def feed(run: RunRecorder, forces: list[int] = FORCES, skip: tuple[int, ...] = ()) -> RunRecorder:
    for index, force in enumerate(forces):
        if index not in skip:
            run.feed(utm(index, force))
    return run


def sealed(run: RunRecorder):  # type: ignore[no-untyped-def]
    made = run.seal(NOON + timedelta(seconds=9), "ab" * 32, 1234)
    assert decode_run(encode_run(made)) == made
    return made


def test_a_clean_run() -> None:
    run = feed(recorder())
    assert run.ended is EndReason.BREAK
    made = sealed(run)
    header = made.header
    assert header.marks == ()
    assert made.peak_kn == Decimal(100)
    # The start is the first of three points above 2 kN: the fourth of the rise; 0.5 s before it, 0.2 s after the break.
    assert header.started_at == NOON + timedelta(milliseconds=10 * (104 - 50))
    assert (made.times_ns[0], made.times_ns[-1]) == (-500_000_000, (301 - 104) * STEP_NS + 200_000_000)
    assert made.times_ns[header.end_index or 0] == (301 - 104) * STEP_NS
    assert (header.achieved_hz, header.largest_gap_ns) == (Decimal("100.00"), STEP_NS)
    assert header.time_base is TimeBase.DEVICE
    assert header.counters.good == len(run.times_ns) - 50
    assert (header.journal_sha256, header.journal_bytes) == ("ab" * 32, 1234)


def test_nothing_is_taken_after_the_end() -> None:
    run = feed(recorder())
    count = len(run.times_ns)
    assert run.feed(utm(len(FORCES), 999)).times_ns == []
    assert len(run.times_ns) == count


def test_force_before_arming_starts_nothing() -> None:
    run = recorder()
    for index in range(50):
        run.feed(utm(index, 900_000))
    assert run.phase is RunPhase.ARMED
    feed(run, FORCES)
    assert sealed(run).peak_kn == Decimal(100)


def test_missing_frames_are_a_gap() -> None:
    made = sealed(feed(recorder(), skip=(150, 151, 152)))
    assert made.header.counters.missing == 3
    assert made.header.marks == (RunMark.MISSING_FRAMES,)
    (gap,) = made.header.gaps
    assert (gap.kind, gap.to_ns - gap.from_ns) == (GapKind.MISSING_FRAMES, 4 * STEP_NS)
    assert made.header.largest_gap_ns == 4 * STEP_NS


def test_a_bad_frame_marks_the_run() -> None:
    run = recorder()
    for index, force in enumerate(FORCES):
        record = utm(index, force)
        if index == 200:
            record = Record("D", record.stamp_ns, record.payload[:-1] + bytes((record.payload[-1] ^ 1,)))
        run.feed(record)
    made = sealed(run)
    assert (made.header.counters.bad, made.header.counters.skipped_bytes, made.header.counters.missing) == (1, 25, 1)
    assert made.header.marks == (RunMark.BAD_FRAMES, RunMark.MISSING_FRAMES)


@pytest.mark.parametrize(
    ("events", "kind", "marks"),
    [
        (["restarted", "adopted"], GapKind.CAPTURE_RESTARTED, (RunMark.RESTARTED,)),
        (["restarted", "opened"], GapKind.REOPENED, (RunMark.GAP, RunMark.RESTARTED)),
        (["lost", "opened"], GapKind.REOPENED, (RunMark.GAP,)),
    ],
)
def test_interruptions_are_recorded(events: list[str], kind: GapKind, marks: tuple[RunMark, ...]) -> None:
    run = recorder()
    lost = range(200, 201 if events[-1] == "adopted" else 230)
    for index, force in enumerate(FORCES):
        if index == 200:
            for event in events:
                run.feed(mark(index, event=event))
        if index not in lost or events[-1] == "adopted":
            run.feed(utm(index, force))
    made = sealed(run)
    assert run.interrupted
    assert made.header.marks == marks
    assert [gap.kind for gap in made.header.gaps] == [kind]
    assert made.header.counters.interruptions == 1
    assert made.header.end_reason is EndReason.BREAK


def test_half_a_frame_before_a_reopened_line_is_not_joined() -> None:
    run = feed(recorder(), FORCES[:200])
    run.feed(Record("D", utm(200, 0).stamp_ns, utm(200, 1).payload[:10]))
    run.feed(mark(201, event="opened"))
    for index in range(201, len(FORCES)):
        run.feed(utm(index, FORCES[index]))
    assert sealed(run).header.counters.skipped_bytes == 10


def test_an_end_that_was_written_down_ends_the_replay_too() -> None:
    run = feed(recorder(), FORCES[:200])
    run.feed(mark(200, event="end", reason="operator", detail="grip slipped"))
    made = sealed(run)
    assert (made.header.end_reason, made.header.end_detail) == (EndReason.OPERATOR, "grip slipped")
    assert made.header.marks == (RunMark.NO_BREAK,)
    assert made.peak_kn == Decimal("49.5")


def test_a_break_already_seen_stays_a_break() -> None:
    run = feed(recorder(), FORCES[:310])
    run.end(EndReason.LOST_LINK, "unplugged")
    made = sealed(run)
    assert (made.header.end_reason, made.header.end_detail) == (EndReason.BREAK, "lost-link: unplugged")
    run.end(EndReason.OPERATOR, "later")
    assert run.ended is EndReason.BREAK


def test_not_loaded() -> None:
    run = feed(recorder(), FORCES[:100])
    run.end(EndReason.OPERATOR, "wrong piece")
    made = sealed(run)
    assert (made.header.loaded, made.peak_kn, made.header.started_at) == (False, None, NOON)
    assert made.header.marks == (RunMark.NOT_LOADED,)


def test_a_run_without_a_single_sample_can_be_sealed() -> None:
    run = recorder()
    run.end(EndReason.LOST_LINK, "silent")
    made = sealed(run)
    assert made.times_ns == ()
    assert made.header.end_index is None


def test_the_limit_ends_a_run() -> None:
    run = feed(recorder(limit_s=1), FORCES)
    assert (run.ended, run.end_detail) == (EndReason.LIMIT, "1 s")


def test_without_a_device_clock_times_are_arrivals_and_bursts_are_said() -> None:
    def run(burst: int) -> RunRecorder:
        made = recorder("yaohua_xk3190a9")
        forces = [0] * 40 + [100 * n for n in range(100)] + [0] * 20
        for index in range(0, len(forces), burst):
            chunk = b"".join(a9_frame(force, 2) for force in forces[index : index + burst])
            made.feed(Record("D", ARMED_NS + (index + burst) * 50_000_000, chunk))
        return made

    assert sealed(run(1)).header.time_base is TimeBase.ARRIVAL
    bursts = sealed(run(2))
    assert bursts.header.time_base is TimeBase.RECONSTRUCTED
    assert bursts.header.counters.reconstructed > 50
    assert bursts.peak_kn == Decimal("99.00")


def test_silence_is_a_gap_where_nothing_is_numbered() -> None:
    run = recorder("yaohua_xk3190a9")
    forces = [0] * 20 + [100 * n for n in range(100)] + [0] * 20
    for index, force in enumerate(forces):
        late = 3_000_000_000 if index >= 60 else 0
        run.feed(Record("D", ARMED_NS + index * 50_000_000 + late, a9_frame(force, 2)))
    made = sealed(run)
    assert [gap.kind for gap in made.header.gaps] == [GapKind.SILENCE]
    assert made.header.largest_gap_ns == 3_050_000_000


def test_a_run_in_progress_cannot_be_sealed() -> None:
    with pytest.raises(BugError, match="run_not_ended"):
        feed(recorder(), FORCES[:150]).seal(NOON, "", 0)
