"""Tells a scanner's burst from a person's typing, by the times of the keys alone. No Qt: the filter feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import median

#: At most this median between characters is a scanner (measured keyboards: people 80 ms and more, scanners 1-30 ms).
MEDIAN_MS = 50
#: Shorter bursts are typing: nobody prints codes of fewer characters, and fingers roll over two or three keys.
MIN_CHARACTERS = 8
#: A character later than this after the one before begins something new ...
GAP_MS = 60
#: ... except inside what already runs like a scan, where a busy USB hub may stall.
STALL_MS = 150
_RUNNING = 4
_SHORTEST_CUT = 3
_CLOSING = frozenset("\r\n\t")
_OURS = ("LD", "ＬＤ", "ld", "ｌｄ", "HTTP", "http")


class Judgement(Enum):
    """What a burst was."""

    TYPING = "typing"
    SCAN = "scan"
    CUT_SHORT = "cut-short"


@dataclass
class Burst:
    """Characters withheld so far.

    Attributes:
        text: the characters, without a closing one.
        times_ms: event time of each character; an input method's commit gives all its characters one time.
    """

    text: str = ""
    times_ms: tuple[int, ...] = ()

    def add(self, text: str, at_ms: int) -> None:
        """Takes characters that came at ``at_ms``."""
        self.text += text
        self.times_ms += (at_ms,) * len(text)

    @property
    def patience_ms(self) -> int:
        """How long after its last character the burst may go on."""
        return STALL_MS if len(self.text) >= _RUNNING and self._median() <= MEDIAN_MS else GAP_MS

    @property
    def duration_ms(self) -> int:
        """From the first to the last character."""
        return self.times_ms[-1] - self.times_ms[0] if self.times_ms else 0

    def continues(self, at_ms: int) -> bool:
        """Whether a character at ``at_ms`` belongs to this burst."""
        return bool(self.text) and 0 <= at_ms - self.times_ms[-1] <= self.patience_ms

    def judge(self, closed: bool, *, rest: bool = False) -> Judgement:
        """What the burst was.

        At scanner speed, eight characters without their end, or the beginning of one of our codes with too few characters,
        are a scan cut short: it must be heard, and must not end up in a text field.

        Args:
            closed: it was ended by a closing character, not by silence.
            rest: a scan was cut short a moment ago, so that few fast characters with an end are its rest.
        """
        if self._median() > MEDIAN_MS or len(self.text) < _SHORTEST_CUT:
            return Judgement.TYPING
        if len(self.text) >= MIN_CHARACTERS:
            return Judgement.SCAN if closed else Judgement.CUT_SHORT
        return Judgement.CUT_SHORT if self.text.startswith(_OURS) or (rest and closed) else Judgement.TYPING

    def _median(self) -> float:
        gaps = [later - earlier for earlier, later in zip(self.times_ms, self.times_ms[1:], strict=False)]
        return median(gaps) if gaps else float("inf")


def is_closing(text: str) -> bool:
    """Whether a character ends a scan: CR, LF or TAB."""
    return len(text) == 1 and text in _CLOSING


def could_be_scanned(text: str) -> bool:
    """Whether characters can come from a code of ours: printable ASCII or its full-width twin, and no Chinese."""
    return bool(text) and all("!" <= ch <= "~" or "！" <= ch <= "～" for ch in text)
