"""Frames in a stream that may be cut, noisy or joined in the middle.

Find the start, know the length, check, accept; otherwise drop one byte and count it. Nothing is clamped or replaced: what is
rejected stays in the raw journal and shows in the counters.
"""

from __future__ import annotations

from typing import Protocol

from labdesk.devices.driver import Frame, FrameCounters


class FrameFormat(Protocol):
    """The shape of one device's frames."""

    start: bytes
    """What every frame begins with, at least one byte."""

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
                continue
            if size:
                self.counters.bad += 1
            self.counters.skipped_bytes += 1
            position += 1
        del self._buffer[:position]
        self.counters.good += len(frames)
        return frames

    def flush(self) -> None:
        """Gives up the unfinished frame."""
        self.counters.skipped_bytes += len(self._buffer)
        self._buffer.clear()

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
