"""Questions and answers of an H5K that somebody else asks, in whatever order: which number is the load, its question says."""

from __future__ import annotations

from labdesk.devices.driver import Frame
from labdesk.devices.overheard import NO_ANSWER, UNFINISHED, Answer

from .protocol import DIGITS, END, read_count, within_cell

LOAD, TRAVEL, CELL = b"RL\r", b"RP\r", b"RC\r"
QUESTIONS = (LOAD, TRAVEL, CELL)
LONGEST = DIGITS + 2


class LoadAndTravel:
    """A frame is a load with the travel asked after it; a load alone where travel is not asked. No frame while another cell is fitted."""

    needs_question = True
    checked = False

    def __init__(self, code: int) -> None:
        self._code = code
        self._fits = True
        self._load: tuple[int | None, bytes] | None = None
        self._travels = True

    def question(self, buffer: bytearray, at: int) -> int | None:
        """``RL``, ``RP`` or ``RC``."""
        head = bytes(buffer[at : at + len(LOAD)])
        if head in QUESTIONS:
            return len(head)
        return None if any(known.startswith(head) for known in QUESTIONS) else 0

    def answer(self, question: bytes, buffer: bytearray, at: int) -> Answer:
        """A number and CR."""
        end = buffer.find(END, at, at + LONGEST) + 1
        if not end:
            return UNFINISHED if len(buffer) - at < LONGEST else NO_ANSWER
        raw = bytes(buffer[at:end])
        count = read_count(raw[: -len(END)])
        if count is None:
            return NO_ANSWER
        frame = self._frame(question, count, raw)
        return Answer(len(raw), (frame,) if frame is not None and self._fits else ())

    def forget(self) -> None:
        """A load that waits for its travel."""
        self._load = None

    def _frame(self, question: bytes, count: int, raw: bytes) -> Frame | None:
        if question == CELL:
            self._fits = count == self._code
            return None
        waiting, self._load = self._load, None
        if question == TRAVEL:
            self._travels = True
            return None if waiting is None else Frame((waiting[0], count), raw=waiting[1] + raw)
        self._travels = self._travels and waiting is None  # a load again, without travel in between
        if self._travels:
            self._load = (within_cell(count), raw)
            return None
        return Frame((within_cell(count), None), raw=raw)
