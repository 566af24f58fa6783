"""The sealed run: one loading on one machine as one immutable piece of bytes.

Layout (all integers little-endian)::

    "LDRUN" 00 01 00 | u32 header length | header | u32 packed length | packed body | SHA-256 of everything before

The header is canonical JSON (sorted keys, no spaces, UTF-8, no floats). The body holds the sample times (ns from the start of
loading, negative before it) and one column of integer counts per channel; a column is its first value and the differences, each
in the smallest width that fits, all deflated together. A count times its channel's quantum is the value: nothing is rounded
between the wire and the standard. The SHA-256 of the whole is the run's identity (:func:`run_hash`).
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zlib
from array import array
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from operator import sub
from typing import Any, NoReturn

from labdesk.domain.capture import EndReason, RunRequest
from labdesk.domain.errors import BugError, EnvironmentFault
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, to_plain

MAGIC = b"LDRUN\x00\x01\x00"
MAX_HEADER = 4 << 20
MAX_BODY = 1 << 30
FORCE, EXTENSION, DISPLACEMENT = "force", "extension", "displacement"

_WIDTHS = {1: "b", 2: "h", 4: "i", 8: "q"}
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


@dataclass(frozen=True)
class SealedRun:
    """A run, complete. ``columns`` are counts per channel in the order of ``channels``; ``None`` where the machine sent none."""

    header: RunHeader
    channels: tuple[Channel, ...]
    times_ns: tuple[int, ...]
    columns: tuple[tuple[int | None, ...], ...]

    def __post_init__(self) -> None:
        if len(self.channels) != len(self.columns) or any(len(column) != len(self.times_ns) for column in self.columns):
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
        """Largest force between start and end in kN; ``None`` if nothing was loaded."""
        index = self.header.peak_index
        return None if index is None else self.value_at(FORCE, index)


def run_hash(data: bytes) -> str:
    """SHA-256 (hex) of a sealed run's bytes: its identity."""
    return hashlib.sha256(data).hexdigest()


def encode_run(run: SealedRun) -> bytes:
    """The bytes of a run; the same run gives the same bytes with the same zlib."""
    body, layout = _pack_columns((run.times_ns, *run.columns))
    header = {
        "run": to_plain(run.header),
        "channels": to_plain(run.channels),
        "samples": len(run.times_ns),
        "layout": layout,
        "body_bytes": len(body),
    }
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
        samples, layout, body_bytes = header["samples"], header["layout"], header["body_bytes"]
        channels = tuple(from_plain(Channel, item) for item in header["channels"])
        run = from_plain(RunHeader, header["run"])
    except (KeyError, TypeError, BugError) as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"header: {error}") from error
    if set(header) != {"run", "channels", "samples", "layout", "body_bytes"}:
        _damaged("header keys")
    if not (_is_size(samples, MAX_BODY) and _is_size(body_bytes, MAX_BODY) and isinstance(layout, list)):
        _damaged("header sizes")
    if len(layout) != len(channels) + 1:
        _damaged("layout")
    columns = _unpack_columns(_inflate(packed, body_bytes), layout, samples)
    if any(count is None for count in columns[0]):
        _damaged("times")
    times = tuple(count for count in columns[0] if count is not None)
    return SealedRun(run, channels, times, tuple(columns[1:]))


def _damaged(reason: str) -> NoReturn:
    raise EnvironmentFault("capture.run_damaged", reason=reason)


def _is_size(value: object, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limit


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and packed body; magic, both lengths, the end and the hash checked."""
    if len(data) < len(MAGIC) + 8 + 32 or data[: len(MAGIC)] != MAGIC:
        _damaged("not a sealed run")
    if hashlib.sha256(data[:-32]).digest() != data[-32:]:
        _damaged("hash")
    start = len(MAGIC) + 4
    (header_length,) = _LENGTH.unpack_from(data, len(MAGIC))
    if header_length > MAX_HEADER or start + header_length + 4 + 32 > len(data):
        _damaged("header length")
    (packed_length,) = _LENGTH.unpack_from(data, start + header_length)
    if start + header_length + 4 + packed_length + 32 != len(data):
        _damaged("body length")
    text = data[start : start + header_length]
    try:
        header = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except ValueError as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"header: {error}") from error
    if not isinstance(header, dict) or _canonical(header) != text:
        _damaged("header is not canonical")
    return header, data[start + header_length + 4 : -32]


def _canonical(header: object) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"a float: {text}")


def _inflate(packed: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(packed, size + 1)
    except zlib.error as error:
        raise EnvironmentFault("capture.run_damaged", reason=f"body: {error}") from error
    if len(body) != size or not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        _damaged("body size")
    return body


def _pack_columns(columns: tuple[tuple[int | None, ...], ...]) -> tuple[bytes, list[dict[str, Any]]]:
    """Columns as bytes, and how to read them: first value, width of a difference, stretches without a value."""
    parts: list[bytes] = []
    layout: list[dict[str, Any]] = []
    for column in columns:
        present = [count for count in column if count is not None]
        steps = array("q", map(sub, present[1:], present))
        widest = max((max(step, -1 - step) for step in (min(steps), max(steps))), default=0) if steps else 0
        width = next(size for size in _WIDTHS if widest < 1 << (size * 8 - 1))
        narrow = array(_WIDTHS[width], steps)
        if sys.byteorder == "big":
            narrow.byteswap()
        parts.append(narrow.tobytes())
        layout.append({"first": present[0] if present else None, "width": width, "absent": _absent(column)})
    return b"".join(parts), layout


def _absent(column: tuple[int | None, ...]) -> list[list[int]]:
    """Stretches ``[from, to)`` of samples that have no value."""
    if None not in column:
        return []
    stretches: list[list[int]] = []
    for index, count in enumerate(column):
        if count is not None:
            continue
        if stretches and stretches[-1][1] == index:
            stretches[-1][1] = index + 1
        else:
            stretches.append([index, index + 1])
    return stretches


def _unpack_columns(body: bytes, layout: list[Any], samples: int) -> list[tuple[int | None, ...]]:
    columns: list[tuple[int | None, ...]] = []
    offset = 0
    for entry in layout:
        if not isinstance(entry, dict) or set(entry) != {"first", "width", "absent"} or entry["width"] not in _WIDTHS:
            _damaged("layout")
        mask = _presence(entry["absent"], samples)
        present = samples if mask is None else sum(mask)
        if type(entry["first"]) is not (int if present else type(None)):
            _damaged("layout")
        end = offset + max(0, present - 1) * entry["width"]
        if end > len(body):
            _damaged("body size")
        steps = array(_WIDTHS[entry["width"]])
        steps.frombytes(body[offset:end])
        if sys.byteorder == "big":
            steps.byteswap()
        values = accumulate(steps, initial=entry["first"]) if present else iter(())
        columns.append(tuple(values) if mask is None else tuple(next(values) if here else None for here in mask))
        offset = end
    if offset != len(body):
        _damaged("body size")
    return columns


def _presence(absent: Any, samples: int) -> list[bool] | None:
    """Which samples have a value; ``None`` means all of them."""
    if absent == []:
        return None
    mask, last = [True] * samples, 0
    try:
        for start, end in absent:
            if not (_is_size(start, samples) and _is_size(end, samples) and last <= start < end):
                _damaged("layout")
            mask[start:end] = [False] * (end - start)
            last = end
    except (TypeError, ValueError) as error:
        raise EnvironmentFault("capture.run_damaged", reason="layout") from error
    return mask
