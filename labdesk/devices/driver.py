"""What a driver is: bytes to frames, nothing else. A driver captures, it never moves a machine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from labdesk.devices.manifest import Check, Manifest
from labdesk.domain.sealed_run import Channel


class Frame(NamedTuple):
    """One good frame.

    Attributes:
        counts: one integer per channel of the driver, ``None`` where the frame has no value; never a guess.
        tick: the device's own clock or sample number, ``None`` if it sends none.
        sequence: the device's frame counter, ``None`` if it sends none.
        raw: the bytes.
    """

    counts: tuple[int | None, ...]
    tick: int | None = None
    sequence: int | None = None
    raw: bytes = b""


Counts = tuple[int | None, ...]


class FrameBlock(NamedTuple):
    """Good frames that came together, column by column; nothing but another shape of ``list[Frame]`` without the bytes.

    Attributes:
        columns: counts per channel, ``None`` where a frame has no value.
        ticks, sequences: of every frame, ``None`` where it has none; ``sequences`` is a ``range`` where it is known to count on.
    """

    columns: tuple[Counts, ...]
    ticks: Counts
    sequences: Counts | range


def joined(first: FrameBlock, second: FrameBlock) -> FrameBlock:
    """Two blocks of the same device, one behind the other."""
    before, after = first.sequences, second.sequences
    counts_on = isinstance(before, range) and isinstance(after, range) and before.stop == after.start
    return FrameBlock(
        tuple(one + other for one, other in zip(first.columns, second.columns, strict=True)),
        first.ticks + second.ticks,
        range(before[0] or 0, (after[-1] or 0) + 1) if counts_on else (*before, *after),
    )


def block_of(frames: list[Frame]) -> FrameBlock:
    """The same frames column by column; at least one."""
    counts, ticks, sequences, _ = zip(*frames, strict=True)
    return FrameBlock(tuple(zip(*counts, strict=True)), ticks, sequences)


@dataclass
class FrameCounters:
    """What a decoder has seen: good frames, frames whose check failed, bytes that belong to no good frame."""

    good: int = 0
    bad: int = 0
    skipped_bytes: int = 0


class Decoder(Protocol):
    """Turns a stream of bytes, cut anywhere, into frames."""

    counters: FrameCounters

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``; an unfinished one waits inside."""
        ...

    def flush(self) -> None:
        """The line was closed: an unfinished frame will never end; its bytes count as skipped."""
        ...


@dataclass(frozen=True)
class TickRule:
    """The device's own clock: ns per tick and the value at which it wraps to zero."""

    ns: int
    modulus: int


@dataclass(frozen=True)
class Poll:
    """Requests the device wants before it answers; they are sent in turn, one every ``period_ms``.

    Several are for devices that give force and extension by different requests and whose answers tell them apart. Where the answers
    look alike, both belong in one request whose whole answer is one frame: a decoder sees answers, not questions.
    """

    requests: tuple[bytes, ...]
    period_ms: int


class Driver(ABC):
    """Base of every driver; made per machine with that machine's settings."""

    tick: TickRule | None = None
    sequence_modulus: int | None = None

    def __init__(self, manifest: Manifest, settings: Mapping[str, str]) -> None:
        """Raises OperatorError ``capture.driver_setting`` for a setting the manifest does not allow."""
        self.manifest = manifest
        self.settings = manifest.resolve(settings)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Channels with the quantum that these settings give."""
        return self.manifest.channels

    @property
    def check(self) -> Check:
        """What tells a good frame from a bad one with these settings; a device that sends its check on demand may send none."""
        return self.manifest.check

    @abstractmethod
    def new_decoder(self) -> Decoder:
        """A decoder that has seen nothing."""

    def opening(self) -> bytes:
        """Bytes to send once after opening (start streaming); empty for a device that just sends."""
        return b""

    def poll(self) -> Poll | None:
        """How to ask for values; ``None`` for a device that sends by itself."""
        return None
