"""The sealed run: one loading on one machine as one immutable piece of bytes.

Layout (all integers little-endian)::

    "LDRUN" 00 01 00 | u32 header length | header | u32 packed length | packed body | SHA-256 of everything before

The header is canonical JSON (sorted keys, no spaces, UTF-8, no floats). The body holds the sample times (ns from the start of
loading, negative before it) and one column of integer counts per channel; a column is its first value and the differences, each
in the smallest width that fits, all deflated together (``run_columns.py``); companions follow the same way. A count times its
channel's quantum is the value: nothing is rounded between the wire and the standard. The SHA-256 of the whole is the run's
identity (:func:`run_hash`).
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn

from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, to_plain
from labdesk.domain.run_columns import damaged, inflate, is_size, pack_columns, unpack_columns

MAGIC = b"LDRUN\x00\x01\x00"
MAX_HEADER = 4 << 20
MAX_BODY = 1 << 30
FORCE, EXTENSION, DISPLACEMENT, MASS = "force", "extension", "displacement", "mass"

_LENGTH = struct.Struct("<I")


class GapKind(StrEnum):
    """Why no samples came for a while."""

    REOPENED = "reopened"
    """The port was closed and opened again; what was sent meanwhile is lost."""
    CAPTURE_RESTARTED = "capture-restarted"
    """The capture process was restarted while the port was held open: bytes waited, none was lost."""
    MISSING_FRAMES = "missing-frames"
    """The device's own counter jumped."""
    SILENCE = "silence"
    """Nothing arrived for much longer than the usual period."""
    SLEPT = "slept"
    """The computer slept: more time passed than the host's clock shows."""
    NOT_JOURNALLED = "not-journalled"
    """The disk refused the raw bytes, and the process that had the samples in memory is gone."""


class RunMark(StrEnum):
    """What a person must look at before the run is used."""

    GAP = "gap"
    RESTARTED = "restarted"
    BAD_FRAMES = "bad-frames"
    MISSING_FRAMES = "missing-frames"
    JOURNAL_INCOMPLETE = "journal-incomplete"
    """The disk refused part of the raw journal; the samples come from memory and cannot be decoded again."""
    NOT_LOADED = "not-loaded"
    NO_BREAK = "no-break"
    GAP_CRITICAL = "gap-critical"
    """Samples are missing near the largest force or the yield: the values may be wrong, a person must take them on."""
    SLOW_SAMPLING = "slow-sampling"
    """Fewer samples a second than the test needs."""
    CLOCK_CHANGED = "clock-changed"
    """The computer's wall clock was set while the run went on; the samples carry another clock."""
    IMPORTED = "imported"
    """Read from another program's file or database: not captured by LabDesk."""
    STUCK_VALUE = "stuck-value"
    """The same force again and again in mid-loading: the device stood still, or the loading was held."""
    PEAK_HELD = "peak-held"
    """The force never fell: peak hold was left on, the curve shows the largest force so far."""
    LOOKS_UNLOADED = "looks-unloaded"
    """What was taken for a break looks like an unloading: the piece may be whole."""
    LONE_PEAK = "lone-peak"
    """The largest force is one single reading far above its neighbours; the line may have spoilt a digit."""


class TimeBase(StrEnum):
    """Where the sample times come from."""

    DEVICE = "device"
    """The device numbers or stamps its samples; anchored to the arrival of the first one."""
    ARRIVAL = "arrival"
    """Each sample arrived alone and carries its arrival time."""
    RECONSTRUCTED = "reconstructed"
    """Some samples arrived together and were spaced evenly inside their burst."""


@dataclass(frozen=True)
class Gap:
    """A stretch without samples, in ns from the start of loading."""

    from_ns: int
    to_ns: int
    kind: GapKind


@dataclass(frozen=True)
class Counters:
    """What the decoder saw between arming and end.

    Attributes:
        good, bad: frames that passed and failed their check.
        skipped_bytes: bytes that belong to no good frame.
        missing: frames that the device's counter says were sent but never came.
        reconstructed: samples whose time was spaced inside a burst.
        interruptions: restarts of the capture process and reopened ports.
    """

    good: int = 0
    bad: int = 0
    skipped_bytes: int = 0
    missing: int = 0
    reconstructed: int = 0
    interruptions: int = 0


@dataclass(frozen=True)
class DriverStamp:
    """The driver that decoded; ``decoding`` changes when the same bytes would give other samples."""

    id: str
    version: str
    maturity: str
    decoding: int


@dataclass(frozen=True)
class Channel:
    """One measured quantity; ``quantum`` is the value of one count in ``unit`` (``kN``, ``mm``)."""

    name: str
    unit: str
    quantum: Decimal

    def __post_init__(self) -> None:
        if not self.name or self.quantum <= 0:
            raise BugError("bug.channel_shape", name=self.name)


@dataclass(frozen=True)
class ChannelSwitch:
    """From ``at_ns`` on a channel means nothing any more: the extensometer was taken off.

    ``declared``: the operator said so; otherwise the device itself stopped sending values.
    """

    channel: str
    at_ns: int
    declared: bool
    reason: str = ""


@dataclass(frozen=True)
class RateRecord:
    """Stress rate over the part of the loading that the standard judges.

    Attributes:
        judged, outside: samples in that part, and those whose rate was out of the band.
        largest_mpa_s, smallest_mpa_s: extremes there.
    """

    judged: int
    outside: int
    largest_mpa_s: Decimal
    smallest_mpa_s: Decimal

    @property
    def outside_percent(self) -> int:
        """Share out of the band, whole percent."""
        return (200 * self.outside + self.judged) // (2 * self.judged)


@dataclass(frozen=True)
class RunHeader:
    """Everything about a run that is not a sample.

    Attributes:
        request: what was declared (operator, specimen, method, calibration, criterion ...).
        machine: the machine as it was registered then.
        started_at: wall clock at time zero (start of loading; moment of arming if nothing was loaded).
        armed_at, sealed_at: wall clock.
        loaded: the start of loading was seen.
        peak_index: sample with the largest force between start and end, ``None`` if not loaded.
        end_index: first sample of the confirmed break, or the last one taken.
        end_reason, end_detail: why it ended, with the operator's or the system's words.
        achieved_hz: samples per second between start and end.
        largest_gap_ns: longest time between two samples between start and end.
        marks: what a person must look at; empty for a clean run.
        journal_sha256, journal_bytes: of the raw journal, complete.
        software: version of LabDesk.
        jitter_ns: root mean square of the differences between sample intervals and their mean, gaps left out.
        wall_drift_ms: how far the wall clock was moved against the monotonic one between arming and sealing.
        switches: channels that end before the run does.
        rate: share of the judged part out of the standard's band; ``None`` where nothing was judged.
    """

    request: RunRequest
    machine: Machine
    driver: DriverStamp
    time_base: TimeBase
    armed_at: datetime
    started_at: datetime
    sealed_at: datetime
    loaded: bool
    peak_index: int | None
    end_index: int | None
    end_reason: EndReason
    end_detail: str
    counters: Counters
    achieved_hz: Decimal | None
    largest_gap_ns: int
    gaps: tuple[Gap, ...]
    marks: tuple[RunMark, ...]
    journal_sha256: str
    journal_bytes: int
    software: str
    jitter_ns: int = 0
    wall_drift_ms: int = 0
    switches: tuple[ChannelSwitch, ...] = ()
    rate: RateRecord | None = None


@dataclass(frozen=True)
class Companion:
    """A second device of the same run on the same time base: an extensometer on a line of its own.

    Attributes:
        machine, driver, time_base, counters, gaps: as in the header, of this device.
        journal_sha256, journal_bytes: of its own raw journal.
        channels, times_ns, columns: its own samples at its own moments; nothing is interpolated here.
    """

    machine: Machine
    driver: DriverStamp
    time_base: TimeBase
    counters: Counters
    gaps: tuple[Gap, ...]
    journal_sha256: str
    journal_bytes: int
    channels: tuple[Channel, ...]
    times_ns: tuple[int, ...] = ()
    columns: tuple[tuple[int | None, ...], ...] = ()


@dataclass(frozen=True)
class SealedRun:
    """A run, complete. ``columns`` are counts per channel in the order of ``channels``; ``None`` where the machine sent none."""

    header: RunHeader
    channels: tuple[Channel, ...]
    times_ns: tuple[int, ...]
    columns: tuple[tuple[int | None, ...], ...]
    companions: tuple[Companion, ...] = ()

    def __post_init__(self) -> None:
        parts: tuple[SealedRun | Companion, ...] = (self, *self.companions)
        for part in parts:
            if len(part.channels) != len(part.columns) or any(len(col) != len(part.times_ns) for col in part.columns):
                raise BugError("bug.run_columns", run_id=self.header.request.run_id)

    def channel(self, name: str) -> Channel | None:
        """The channel ``force``, ``extension`` or ``displacement``; ``None`` if the machine has none."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def counts(self, name: str) -> tuple[int | None, ...]:
        """Counts of a channel; empty if the machine has none."""
        return next(
            (column for channel, column in zip(self.channels, self.columns, strict=True) if channel.name == name), ()
        )

    def values(self, name: str) -> tuple[Decimal | None, ...]:
        """Exact values of a channel in its unit; empty if the machine has none."""
        channel = self.channel(name)
        if channel is None:
            return ()
        return tuple(None if count is None else count * channel.quantum for count in self.counts(name))

    def value_at(self, name: str, index: int) -> Decimal | None:
        """Exact value of one sample."""
        channel, count = self.channel(name), self.counts(name)[index]
        return None if channel is None or count is None else count * channel.quantum

    @property
    def peak_kn(self) -> Decimal | None:
        """Largest force between start and end in kN; ``None`` if nothing was loaded or the device measures no force."""
        index = self.header.peak_index
        return None if index is None or self.channel(FORCE) is None else self.value_at(FORCE, index)


def run_hash(data: bytes) -> str:
    """SHA-256 (hex) of a sealed run's bytes: its identity."""
    return hashlib.sha256(data).hexdigest()


def encode_run(run: SealedRun) -> bytes:
    """The bytes of a run; the same run gives the same bytes with the same zlib."""
    body, layout = pack_columns((run.times_ns, *run.columns))
    header: dict[str, Any] = {
        "run": to_plain(run.header),
        "channels": to_plain(run.channels),
        "samples": len(run.times_ns),
        "layout": layout,
    }
    companions = []
    for other in run.companions:
        part, layout = pack_columns((other.times_ns, *other.columns))
        companions.append({"device": _device(other), "samples": len(other.times_ns), "layout": layout})
        body += part
    if companions:
        header["companions"] = companions
    header["body_bytes"] = len(body)
    text = _canonical(header)
    packed = zlib.compress(body, 6)
    data = b"".join((MAGIC, _LENGTH.pack(len(text)), text, _LENGTH.pack(len(packed)), packed))
    return data + hashlib.sha256(data).digest()


def decode_run(data: bytes) -> SealedRun:
    """The run in ``data``, every size and the hash checked.

    Raises:
        EnvironmentFault: ``capture.run_damaged`` naming what is wrong; nothing is repaired or guessed.
    """
    header, packed = _split(data)
    try:
        body_bytes, others = header["body_bytes"], header.get("companions", [])
        run = from_plain(RunHeader, header["run"])
        parts = [
            _Part(tuple(from_plain(Channel, item) for item in header["channels"]), header["samples"], header["layout"])
        ]
        devices = [from_plain(Companion, item["device"]) for item in others]
        for item, device in zip(others, devices, strict=True):
            parts.append(_Part(device.channels, item["samples"], item["layout"]))
    except (KeyError, TypeError, BugError) as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"header: {error}") from error
    if set(header) - {"companions"} != {"run", "channels", "samples", "layout", "body_bytes"}:
        damaged("header keys")
    if any(set(item) != {"device", "samples", "layout"} for item in others):
        damaged("header keys")
    if not is_size(body_bytes, MAX_BODY) or any(device.times_ns or device.columns for device in devices):
        damaged("header sizes")
    body, offset = inflate(packed, body_bytes), 0
    columns: list[list[tuple[int | None, ...]]] = []
    for part in parts:
        found, offset = part.unpack(body, offset)
        columns.append(found)
    if offset != len(body):
        damaged("body size")
    made = tuple(
        replace(device, times_ns=_present(found[0]), columns=tuple(found[1:]))
        for device, found in zip(devices, columns[1:], strict=True)
    )
    return SealedRun(run, parts[0].channels, _present(columns[0][0]), tuple(columns[0][1:]), made)


@dataclass(frozen=True)
class _Part:
    """One device's columns in the body."""

    channels: tuple[Channel, ...]
    samples: Any
    layout: Any

    def unpack(self, body: bytes, offset: int) -> tuple[list[tuple[int | None, ...]], int]:
        """Times and channels, and where the next device begins."""
        if not (is_size(self.samples, MAX_BODY) and isinstance(self.layout, list)):
            damaged("header sizes")
        if len(self.layout) != len(self.channels) + 1:
            damaged("layout")
        columns, offset = unpack_columns(body, self.layout, self.samples, offset)
        if any(count is None for count in columns[0]):
            damaged("times")
        return columns, offset


def _device(companion: Companion) -> Any:
    """A companion without its samples, which stand in the body."""
    plain = to_plain(replace(companion, times_ns=(), columns=()))
    return {name: value for name, value in plain.items() if name not in ("times_ns", "columns")}


def _present(column: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(count for count in column if count is not None)


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and packed body; magic, both lengths, the end and the hash checked."""
    if len(data) < len(MAGIC) + 8 + 32 or data[: len(MAGIC)] != MAGIC:
        damaged("not a sealed run")
    if hashlib.sha256(data[:-32]).digest() != data[-32:]:
        damaged("hash")
    start = len(MAGIC) + 4
    (header_length,) = _LENGTH.unpack_from(data, len(MAGIC))
    if header_length > MAX_HEADER or start + header_length + 4 + 32 > len(data):
        damaged("header length")
    (packed_length,) = _LENGTH.unpack_from(data, start + header_length)
    if start + header_length + 4 + packed_length + 32 != len(data):
        damaged("body length")
    text = data[start : start + header_length]
    try:
        header = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except ValueError as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"header: {error}") from error
    if not isinstance(header, dict) or _canonical(header) != text:
        damaged("header is not canonical")
    return header, data[start + header_length + 4 : -32]


def _canonical(header: object) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a float: {text}")
