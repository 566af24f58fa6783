"""The sealed run gives back exactly what went in, and refuses anything else."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.capture import BreakCriterion, BreakRule, EndReason, RunClass, RunRequest
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.machines import Calibration, Machine
from labdesk.domain.sealed_run import (
    MAGIC,
    Channel,
    Counters,
    DriverStamp,
    Gap,
    GapKind,
    RunHeader,
    RunMark,
    SealedRun,
    TimeBase,
    decode_run,
    encode_run,
    run_hash,
)

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
MACHINE = Machine(
    id="m-1",
    number="JC-07",
    name="万能试验机",
    driver_id="labdesk_utm",
    port_url="/dev/ttyUSB0",
    capacity_kn=Decimal(600),
    accuracy_class=Decimal("0.5"),
    certificate_no="LX2026-118",
    certificate_valid_from=date(2026, 1, 1),
    certificate_valid_to=date(2026, 12, 31),
)
REQUEST = RunRequest(
    run_id="01890000-0000-7000-8000-000000000001",
    machine_id="m-1",
    run_class=RunClass.TEST,
    specimen_label="7K2-4",
    operator_id="p-1",
    operator_name="李工",
    method="rebar-lot",
    calibration=Calibration("LX2026-118", date(2026, 1, 1), date(2026, 12, 31), Decimal("0.5")),
    preload_kn=Decimal(1),
    arming_kn=Decimal(10),
    criterion=BreakCriterion(BreakRule.ATTENUATION, percent=Decimal(40)),
    area_mm2=Decimal("314.2"),
)
HEADER = RunHeader(
    request=REQUEST,
    machine=MACHINE,
    driver=DriverStamp("labdesk_utm", "1.0", "documented", 1),
    time_base=TimeBase.DEVICE,
    armed_at=NOON,
    started_at=NOON,
    sealed_at=NOON,
    loaded=True,
    peak_index=1,
    end_index=2,
    end_reason=EndReason.BREAK,
    end_detail="",
    counters=Counters(good=3),
    achieved_hz=Decimal("99.98"),
    largest_gap_ns=10_000_000,
    gaps=(Gap(0, 10, GapKind.REOPENED),),
    marks=(RunMark.GAP,),
    journal_sha256="ab" * 32,
    journal_bytes=812,
    software="0.1.0",
)
CHANNELS = (
    Channel("force", "kN", Decimal("0.0001")),
    Channel("extension", "mm", Decimal("0.0001")),
)
RUN = SealedRun(HEADER, CHANNELS, (-10, 0, 10), ((12, 1851234, 3), (1, None, None)))


def resign(body: bytes) -> bytes:
    """``body`` with a right hash at its end, as a forger would."""
    return body + hashlib.sha256(body).digest()


def reheader(data: bytes, **changes: object) -> bytes:
    """``data`` with changed header entries and a right hash."""
    start = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : start], "little")
    header = json.loads(data[start : start + length]) | changes
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return resign(MAGIC + len(text).to_bytes(4, "little") + text + data[start + length : -32])


def test_gives_back_what_went_in() -> None:
    data = encode_run(RUN)
    assert decode_run(data) == RUN
    assert encode_run(decode_run(data)) == data
    assert run_hash(data) == hashlib.sha256(data).hexdigest()
    assert RUN.peak_kn == Decimal("185.1234")
    assert RUN.values("extension") == (Decimal("0.0001"), None, None)
    assert RUN.values("displacement") == ()


def test_no_float_in_the_bytes() -> None:
    assert b'"percent":"40"' in encode_run(RUN)
    with pytest.raises(EnvironmentFault, match="a float"):
        decode_run(reheader(encode_run(RUN), samples=3.0))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-(2**60), 2**60), st.none() | st.integers(-(2**31), 2**31)), min_size=0, max_size=40)
)
def test_any_counts_survive(rows: list[tuple[int, int | None]]) -> None:
    times = tuple(range(len(rows)))
    run = SealedRun(HEADER, CHANNELS, times, (tuple(row[0] for row in rows), tuple(row[1] for row in rows)))
    assert decode_run(encode_run(run)) == run


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_one_changed_byte_is_seen(position: int, flip: int) -> None:
    data = bytearray(encode_run(RUN))
    data[position % len(data)] ^= flip
    with pytest.raises(EnvironmentFault):
        decode_run(bytes(data))


@pytest.mark.parametrize("tail", [b"\x00", b"{}", MAGIC])
def test_trailing_bytes_are_refused(tail: bytes) -> None:
    data = encode_run(RUN)
    with pytest.raises(EnvironmentFault):
        decode_run(data + tail)
    with pytest.raises(EnvironmentFault, match="body length"):
        decode_run(resign(data[:-32] + tail))


@pytest.mark.parametrize("length", [0, 4, 8, 40, 200])
def test_cut_short_is_refused(length: int) -> None:
    with pytest.raises(EnvironmentFault):
        decode_run(encode_run(RUN)[:length])


@pytest.mark.parametrize(
    "changes",
    [
        {"samples": 4},
        {"samples": -1},
        {"samples": True},
        {"body_bytes": 1 << 40},
        {"body_bytes": 1},
        {"layout": []},
        {"layout": [{"first": 0, "width": 3, "absent": []}] * 3},
        {"layout": [{"first": "0", "width": 1, "absent": []}] * 3},
        {"layout": [{"first": 0, "width": 1, "absent": [[2, 1]]}] * 3},
        {"layout": [{"first": 0, "width": 1, "absent": [[0, 9]]}] * 3},
        {"layout": [{"first": 0, "width": 1, "absent": [1]}] * 3},
        {"channels": []},
        {"channels": 5},
        {"run": {}},
        {"extra": 1},
    ],
)
def test_a_header_that_lies_is_refused_even_with_a_right_hash(changes: dict[str, object]) -> None:
    with pytest.raises(EnvironmentFault):
        decode_run(reheader(encode_run(RUN), **changes))


def test_a_bomb_is_not_unpacked() -> None:
    data = encode_run(RUN)
    start = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : start], "little")
    bomb = zlib.compress(bytes(50 << 20), 9)
    with pytest.raises(EnvironmentFault, match="body size"):
        decode_run(resign(data[: start + length] + len(bomb).to_bytes(4, "little") + bomb))


def test_bytes_after_the_packed_body_are_refused() -> None:
    data = encode_run(RUN)
    start = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : start], "little")
    packed = data[start + length + 4 : -32] + b"smuggled"
    with pytest.raises(EnvironmentFault, match="body size"):
        decode_run(resign(data[: start + length] + len(packed).to_bytes(4, "little") + packed))


def test_columns_of_different_length_are_a_bug() -> None:
    with pytest.raises(BugError):
        replace(RUN, times_ns=(1, 2))


@settings(max_examples=5, deadline=None)
@given(st.integers(20_000, 30_000))
def test_a_long_run_is_compact(samples: int) -> None:
    force = tuple(min(index * 37, 500_000) + index % 7 for index in range(samples))
    run = SealedRun(HEADER, CHANNELS[:1], tuple(range(0, samples * 10_000_000, 10_000_000)), (force,))
    data = encode_run(run)
    assert len(data) < samples * 2 + 4000
    assert decode_run(data) == run
