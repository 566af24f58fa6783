"""Frames in a stream that may be cut, noisy or joined in the middle.

Find the start, know the length, check, accept; otherwise drop one byte and count it (:class:`ResyncDecoder`). Or, for devices that
write lines: find the end, check, accept; otherwise drop the line (:class:`LineDecoder`). Nothing is clamped or replaced: what is
rejected stays in the raw journal and shows in the counters. Every byte is in a good frame or counted as skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from labdesk.devices.driver import Decoder, Frame, FrameBlock, FrameCounters, block_of


class FrameFormat(Protocol):
    """The shape of one device's frames.

    For fast devices two more attributes are optional, and only where every frame has the same length and a ``start``. ``run_size: int``
    is that length. ``parse_run(raw: bytes) -> FrameBlock | None`` takes whole lengths at once and gives what :meth:`parse` gives of
    them one by one, or ``None`` as soon as a single one is odd in any way: then they are taken one by one.
    """

    start: bytes
    """What every frame begins with; empty when nothing marks the beginning, then every position is tried."""

    def size(self, buffer: bytearray, at: int) -> int | None:
        """Length of the frame that begins at ``at``; ``None`` when more bytes are needed to know, 0 when it is none."""
        ...

    def parse(self, raw: bytes) -> Frame | None:
        """The frame in exactly these bytes; ``None`` if its check fails."""
        ...


class ResyncDecoder:
    """Decodes any :class:`FrameFormat`."""

    def __init__(self, frame_format: FrameFormat) -> None:
        self.counters = FrameCounters()
        self._format = frame_format
        self._buffer = bytearray()
        self._astray = False
        self._run_size: int = getattr(frame_format, "run_size", 0)
        self._parse_run: Callable[[bytes], FrameBlock | None] = getattr(frame_format, "parse_run", _no_run)

    @property
    def pending(self) -> int:
        """Bytes that wait for the rest of their frame."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        self._buffer += data
        frames: list[Frame] = []
        position = 0
        while True:
            position = self._seek(position)
            size = self._format.size(self._buffer, position) if position < len(self._buffer) else None
            if size is None or position + size > len(self._buffer):
                break
            frame = self._format.parse(bytes(self._buffer[position : position + size])) if size else None
            if frame is not None:
                frames.append(frame)
                position += size
                self._astray = False
                continue
            # Without a start every byte of a bad frame looks like the next one: such a stretch is one bad frame, not many.
            if size and not self._astray:
                self.counters.bad += 1
                self._astray = not self._format.start
            self.counters.skipped_bytes += 1
            position += 1
        del self._buffer[:position]
        self.counters.good += len(frames)
        return frames

    def feed_block(self, data: bytes) -> FrameBlock | None:
        """What :meth:`feed` gives, column by column, ``None`` for no frame; a whole run of good frames is taken at once."""
        block = self._run(data) if self._run_size else None
        if block is not None:
            self.counters.good += len(block.ticks)
            return block
        frames = self.feed(data)
        return block_of(frames) if frames else None

    def _run(self, data: bytes) -> FrameBlock | None:
        """The frames that waiting and new bytes give if all of them are good; ``None`` changes nothing."""
        raw = bytes(self._buffer) + data
        whole = len(raw) - len(raw) % self._run_size
        block = self._parse_run(raw[:whole]) if whole else None
        if block is not None:
            self._buffer[:] = raw[whole:]
            if whole < len(raw) and not raw.startswith(self._format.start, whole):
                self.feed(b"")  # too short for a frame: it only skips to where one may begin
        return block

    def flush(self) -> None:
        """Gives up the unfinished frame."""
        self.counters.skipped_bytes += len(self._buffer)
        self._buffer.clear()
        self._astray = False

    def _seek(self, position: int) -> int:
        """Where the next start is, or begins to be; everything before it is skipped."""
        start = self._format.start
        found = self._buffer.find(start, position)
        if found < 0:
            found = len(self._buffer)
            for length in range(min(len(start) - 1, found - position), 0, -1):
                if self._buffer.endswith(start[:length]):
                    found -= length
                    break
        self.counters.skipped_bytes += found - position
        return found


def _no_run(raw: bytes) -> FrameBlock | None:
    """Of a format that takes its frames one by one."""
    return None


def blocks_of(decoder: Decoder) -> Callable[[bytes], FrameBlock | None]:
    """Bytes to frames column by column, by the shortest way this decoder has."""
    if isinstance(decoder, ResyncDecoder):
        return decoder.feed_block

    def feed_block(data: bytes) -> FrameBlock | None:
        frames = decoder.feed(data)
        return block_of(frames) if frames else None

    return feed_block


class LineFormat(Protocol):
    """The shape of a device's lines.

    Three more attributes are optional. ``start: bytes`` is what every line begins with: what stands before it in the same line is
    then skipped, and each place where a start is found is tried. ``anchored: bool`` says that a line which lost its beginning can
    be told from a whole one (a start, a fixed width, a check); it is taken as true where there is a ``start``, else as false.
    ``fixed_length: int`` says that every line has so many bytes: where the noise of switching on stands before a line, that is
    skipped, if its last byte is one that no text has.
    """

    terminator: bytes
    """What ends every line, at least one byte."""
    max_length: int
    """Bytes of the longest line, terminator included."""

    def parse(self, line: bytes) -> Frame | None:
        """The frame in this line, whose terminator is still there; ``None`` if it is none. ``line`` is the frame's ``raw``."""
        ...


class LineDecoder:
    """Decodes any :class:`LineFormat`.

    Where lines are not anchored, the first one after the line was opened is given up: ``2.34 kN`` may be the rest of ``12.34 kN``.
    An empty line is skipped; any other that is no frame is counted as bad, so is one longer than ``max_length``.
    """

    def __init__(self, line_format: LineFormat) -> None:
        self.counters = FrameCounters()
        self._format = line_format
        self._start: bytes = getattr(line_format, "start", b"")
        self._fixed: int = getattr(line_format, "fixed_length", 0)
        self._anchored: bool = getattr(line_format, "anchored", bool(self._start))
        self._buffer = bytearray()
        self._skipped_head = False
        self._beginning_seen = self._anchored

    @property
    def pending(self) -> int:
        """Bytes that wait for the end of their line."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        searched = max(0, len(self._buffer) - len(self._format.terminator) + 1)
        self._buffer += data
        frames: list[Frame] = []
        position = 0
        while True:
            found = self._buffer.find(self._format.terminator, max(position, searched))
            if found < 0:
                break
            end = found + len(self._format.terminator)
            frame = self._line(bytes(self._buffer[position:end]))
            if frame is not None:
                frames.append(frame)
            position = end
        del self._buffer[:position]
        self._shorten()
        self.counters.good += len(frames)
        return frames

    def flush(self) -> None:
        """Gives up the unfinished line; the next one may have lost its beginning."""
        self.counters.skipped_bytes += len(self._buffer)
        self._buffer.clear()
        self._skipped_head = False
        self._beginning_seen = self._anchored

    def begin(self) -> None:
        """Who knows that the next byte begins a line says so before the first one is fed."""
        self._beginning_seen = True

    def _shorten(self) -> None:
        """Keeps of a line without end what its last frame could need, so that a stream without ends fills no memory."""
        surplus = len(self._buffer) - self._format.max_length
        if surplus > 0:
            del self._buffer[:surplus]
            self.counters.skipped_bytes += surplus
            self._skipped_head = True

    def _line(self, line: bytes) -> Frame | None:
        surplus = max(0, len(line) - self._format.max_length)
        whole = not surplus and not self._skipped_head and self._beginning_seen
        self._skipped_head, self._beginning_seen = False, True
        for at in self._starts(line, surplus) if self._start else (0,) if whole else self._behind_noise(line):
            frame = self._format.parse(line[at:])
            if frame is not None:
                self.counters.skipped_bytes += at
                return frame
        self.counters.skipped_bytes += len(line)
        if line != self._format.terminator:
            self.counters.bad += 1
        return None

    def _behind_noise(self, line: bytes) -> tuple[int, ...]:
        """Where a line of fixed length begins behind bytes that are no text; a text before it may be a part of it, doubled."""
        at = len(line) - self._fixed
        return (at,) if self._fixed and at > 0 and not 0x20 <= line[at - 1] < 0x7F else ()

    def _starts(self, line: bytes, first: int) -> Iterator[int]:
        at = line.find(self._start, first)
        while at >= 0:
            yield at
            at = line.find(self._start, at + 1)
