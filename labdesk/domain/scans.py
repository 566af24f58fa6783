"""A scan as it came in, before anyone decides what it means; kept raw, so that a misread can be explained later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ScanSource(StrEnum):
    """How the text came in. The reception gate takes handheld scanners only (YK-7.4)."""

    WEDGE = "wedge"
    SERIAL = "serial"
    CAMERA = "camera"
    IMAGE = "image"
    MANUAL = "manual"

    @property
    def handheld(self) -> bool:
        """Whether a handheld scanner read it."""
        return self in (ScanSource.WEDGE, ScanSource.SERIAL)


@dataclass(frozen=True)
class Scan:
    """One whole scan.

    Attributes:
        raw: exactly what arrived, without the closing CR, LF or TAB; bytes that are no text are replaced by U+FFFD.
        text: ``raw`` folded by :func:`labdesk.domain.codes.normalise_scan`.
        source: how it came in.
        port: serial port or device, empty for a keyboard wedge.
        duration_ms: from its first to its last character.
        at: when it was complete, aware, UTC.
    """

    raw: str
    text: str
    source: ScanSource
    port: str
    duration_ms: int
    at: datetime
