"""Cuts a scanner's byte stream into whole scans."""

from __future__ import annotations

from dataclasses import dataclass

_ENDS = b"\r\n"
#: A code holds at most a few thousand characters; more without an end is noise on the line.
MAX_BYTES = 8192


@dataclass(frozen=True)
class Piece:
    """Bytes of one scan without its end, and the times of its first and last byte (monotonic seconds)."""

    data: bytes
    began_s: float
    ended_s: float


class ScanSplitter:
    """Collects bytes; a scan ends with CR, LF or a silence."""

    def __init__(self, idle_s: float = 0.1) -> None:
        self._idle_s = idle_s
        self._buffer = bytearray()
        self._began_s = 0.0
        self._last_s = 0.0

    def feed(self, data: bytes, at_s: float) -> list[Piece]:
        """Takes bytes that arrived at ``at_s``; returns the scans they completed."""
        pieces = self.idle(at_s)
        for value in data:
            if value in _ENDS:
                pieces += self._finish(at_s)
                continue
            if not self._buffer:
                self._began_s = at_s
            self._buffer.append(value)
            self._last_s = at_s
            if len(self._buffer) >= MAX_BYTES:
                pieces += self._finish(at_s)
        return pieces

    def idle(self, now_s: float) -> list[Piece]:
        """The scan that silence has ended, for scanners that send no end."""
        if self._buffer and now_s - self._last_s >= self._idle_s:
            return self._finish(self._last_s)
        return []

    def drop(self) -> list[Piece]:
        """Forgets an unfinished scan (the line was lost) and returns it."""
        return self._finish(self._last_s)

    def _finish(self, at_s: float) -> list[Piece]:
        if not self._buffer:
            return []
        piece = Piece(bytes(self._buffer), self._began_s, at_s)
        self._buffer.clear()
        return [piece]


def as_text(data: bytes) -> str:
    """Bytes as text: UTF-8, else GB 18030 (both are sold), else with U+FFFD where nothing fits."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")
