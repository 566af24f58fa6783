"""What two others say to each other, decoded: questions of the other program, answers of the machine, and which belongs to which.

A driver's decoder sees answers only. On a tap a question may look like an answer (it is never taken for one), an answer may belong to
a question that is not ours (it is taken only where its question is known or cannot be another), and a device may not answer at all.
Every byte is in a good frame, in a question or an answer that was understood, or counted as skipped.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from labdesk.devices.driver import Decoder, Driver, Frame, FrameCounters, Poll

ENDS = b"\r\n"
FOREIGN = b""
"""Stands for a question that is not understood."""
REMEMBERED = 32


class Answer(NamedTuple):
    """What stands behind a question: ``size`` bytes of answer (``None``: more are needed, 0: none) with these frames in it."""

    size: int | None
    frames: tuple[Frame, ...] = ()


NO_ANSWER, UNFINISHED = Answer(0), Answer(None)


class Exchange(Protocol):
    """Questions and answers of a device that is asked.

    Attributes:
        needs_question: an answer alone does not say what it answers.
        checked: a wrong byte in a question or an answer is noticed, so both are found wherever they begin.
    """

    needs_question: bool
    checked: bool

    def question(self, buffer: bytearray, at: int) -> int | None:
        """Length of the question that begins at ``at``; ``None`` when more bytes are needed, 0 if there is none."""
        ...

    def answer(self, question: bytes, buffer: bytearray, at: int) -> Answer:
        """The answer to ``question`` that begins at ``at``."""
        ...

    def forget(self) -> None:
        """Something was lost or not understood: what is waiting for its other half will not get it."""
        ...


@runtime_checkable
class TellsExchange(Protocol):
    """A driver that knows more about its line than its own questions."""

    def exchange(self) -> Exchange:
        """Questions and answers on its line."""
        ...


@dataclass
class Ear:
    """What a tap has heard since the last good frame; whitespace between messages is not counted.

    Attributes:
        heard, asked: bytes in all, bytes in questions, on the wire where the machine is heard.
        questions: how many of them.
        known: questions heard where they belong.
    """

    heard: int = 0
    asked: int = 0
    questions: int = 0
    known: int = 0

    def question(self, data: bytes) -> None:
        """A question was understood."""
        self.questions += 1
        self.asked += len(data.strip(ENDS))

    def good(self) -> None:
        """A good frame came."""
        self.heard = self.asked = self.questions = self.known = 0


class PollExchange:
    """The questions a driver would ask itself, each followed by one frame of its own decoder."""

    needs_question = False

    def __init__(self, driver: Driver, poll: Poll) -> None:
        self._driver = driver
        self.questions = tuple(sorted(set(poll.requests), key=len, reverse=True))
        self.checked = not driver.check.weak

    def question(self, buffer: bytearray, at: int) -> int | None:
        """See :class:`Exchange`."""
        rest = bytes(buffer[at : at + len(self.questions[0])])
        for known in self.questions:
            if rest.startswith(known):
                return len(known)
        return None if any(known.startswith(rest) for known in self.questions) else 0

    def answer(self, question: bytes, buffer: bytearray, at: int) -> Answer:
        """See :class:`Exchange`; line ends in front of the answer belong to the question."""
        decoder = self._driver.new_decoder()
        if isinstance(decoder, Beginning):
            decoder.begin()
        for end in range(at, len(buffer)):
            frames = decoder.feed(bytes(buffer[end : end + 1]))
            if frames:
                frame = frames[0]
                lead = buffer[at : end + 1 - len(frame.raw)]
                return NO_ANSWER if lead.strip(ENDS) or frame.raw in self.questions else Answer(end + 1 - at, (frame,))
            lost = decoder.counters.skipped_bytes
            if decoder.counters.bad or buffer[at : at + lost].strip(ENDS):
                return NO_ANSWER
        return UNFINISHED

    def forget(self) -> None:
        """See :class:`Exchange`; nothing waits here."""


@runtime_checkable
class Overhears(Protocol):
    """A decoder that also hears the other side."""

    def overhear(self, data: bytes) -> None:
        """What the other program sent."""
        ...


@runtime_checkable
class Beginning(Protocol):
    """A decoder that gives up what may have lost its beginning."""

    def begin(self) -> None:
        """The next byte is the first of a whole message."""
        ...


def exchange_of(driver: Driver) -> Exchange | None:
    """Questions and answers of a driver's device; ``None`` for one that sends by itself."""
    if isinstance(driver, TellsExchange):
        return driver.exchange()
    poll = driver.poll()
    return None if poll is None else PollExchange(driver, poll)


class SharedDecoder:
    """Both sides on one wire: a frame is what stands directly behind a question.

    Where neither a check nor a word of several bytes marks a question, one is trusted only if it stands directly behind an answer,
    so that a digit of an answer is never taken for the question ``9``.
    """

    def __init__(self, exchange: Exchange, ear: Ear, cautious: bool) -> None:
        self.counters = FrameCounters()
        self._exchange = exchange
        self._ear = ear
        self._buffer = bytearray()
        self._begin = 0
        self._behind = 0
        self._question = b""
        self._cautious = cautious
        self._in_step = not cautious

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        self._buffer += data
        frames: list[Frame] = []
        while self._read_answer(frames) if self._question else self._read_question():
            pass
        self._ear.heard += len(self._buffer[: self._begin].translate(None, ENDS))
        del self._buffer[: self._begin]
        self._behind -= self._begin
        self._begin = 0
        if frames:
            self.counters.good += len(frames)
            self._ear.good()
        return frames

    def flush(self) -> None:
        """Gives up what is unfinished."""
        self.counters.skipped_bytes += len(self._buffer)
        self._buffer.clear()
        self._exchange.forget()
        self._begin = self._behind = 0
        self._question, self._in_step = b"", not self._cautious

    def _read_question(self) -> bool:
        """``False`` when more bytes are needed. ``_begin``: everything before it is dealt with."""
        if self._begin >= len(self._buffer):
            return False
        size = self._exchange.question(self._buffer, self._begin)
        if size is None:
            return False
        if size == 0:
            self._skip()
            return True
        self._question = bytes(self._buffer[self._begin : self._begin + size])
        self._behind = self._begin + size
        self._ear.question(self._question)
        self._ear.known += 1
        return True

    def _read_answer(self, frames: list[Frame]) -> bool:
        if self._behind >= len(self._buffer):
            return False
        answer = self._exchange.answer(self._question, self._buffer, self._behind)
        if answer.size is None:
            return False
        if answer.size:
            self._begin = self._behind + answer.size
            if self._in_step:
                frames.extend(answer.frames)
            else:
                self.counters.skipped_bytes += answer.size
            self._in_step, self._question = True, b""
            return True
        follows = self._exchange.question(self._buffer, self._behind)
        if follows is None:
            return False
        self._question = b""
        self._exchange.forget()
        if follows:  # nobody answered
            self._begin = self._behind
        else:
            self._skip()
        return True

    def _skip(self) -> None:
        """One byte that is none of it; where nothing is checked, whoever comes next must prove himself again."""
        if self._buffer[self._begin] not in ENDS:
            self._in_step = not self._cautious
            self._exchange.forget()
        self.counters.skipped_bytes += 1
        self._begin += 1


class QuestionSpotter:
    """Finds the questions on a wire."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The questions completed by ``data``, and ``FOREIGN`` for anything else between them."""
        self._buffer += data
        found: list[bytes] = []
        at = 0
        while at < len(self._buffer):
            size = self._exchange.question(self._buffer, at)
            if size is None:
                break
            if size:
                found.append(bytes(self._buffer[at : at + size]))
            elif self._buffer[at] not in ENDS and found[-1:] != [FOREIGN]:
                found.append(FOREIGN)
            at += size or 1
        del self._buffer[:at]
        return found

    def flush(self) -> None:
        """Gives up what is unfinished."""
        self._buffer.clear()


class AnswersDecoder:
    """The machine's side on a wire of its own.

    A question on it is never taken for a frame: then the wire hangs on the wrong side. With a second wire on the other side,
    :meth:`overhear` takes what is asked there. The two adapters do not keep the order of what they bring to the millisecond; so a
    frame is taken only while the last two questions that it could answer are ones of ours and alike.
    """

    def __init__(self, decoder: Decoder, exchange: Exchange, ear: Ear, host_heard: bool) -> None:
        self.counters = FrameCounters()
        self._decoder, self._exchange, self._ear = decoder, exchange, ear
        self._host_heard = host_heard
        self._mine, self._theirs = QuestionSpotter(exchange), QuestionSpotter(exchange)
        self._asked: deque[bytes] = deque(maxlen=REMEMBERED)
        self._refused = 0

    def overhear(self, data: bytes) -> None:
        """What the other program sent."""
        for question in self._theirs.feed(data):
            self._asked.append(question)
            self._ear.known += question != FOREIGN

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        self._ear.heard += len(data.translate(None, ENDS))
        for question in self._mine.feed(data):
            if question != FOREIGN:
                self._ear.question(question)
        frames = []
        for frame in self._decoder.feed(data):
            if self._is_question(frame.raw) or not self._answers_ours():
                self._refused += len(frame.raw)
            else:
                frames.append(frame)
        self._count(len(frames))
        return frames

    def flush(self) -> None:
        """Gives up what is unfinished."""
        self._decoder.flush()
        self._mine.flush()
        self._count(0)

    def _answers_ours(self) -> bool:
        if self._exchange.needs_question:
            return False
        return not self._host_heard or (len(self._asked) > 1 and FOREIGN not in (self._asked[-1], self._asked[-2]))

    def _is_question(self, raw: bytes) -> bool:
        return bool(raw) and self._exchange.question(bytearray(raw), 0) == len(raw)

    def _count(self, good: int) -> None:
        """What was refused stands among the skipped bytes."""
        inner = self._decoder.counters
        self.counters.good += good
        self.counters.bad, self.counters.skipped_bytes = inner.bad, inner.skipped_bytes + self._refused
        if good:
            self._ear.good()


class PairedDecoder(AnswersDecoder):
    """The machine's side where an answer means something only with its question, and carries a check by which it is found.

    An answer that fits two different ones of the last questions is given up.
    """

    def __init__(self, decoder: Decoder, exchange: Exchange, ear: Ear) -> None:
        super().__init__(decoder, exchange, ear, host_heard=True)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``."""
        self._ear.heard += len(data.translate(None, ENDS))
        for question in self._mine.feed(data):
            if question != FOREIGN:
                self._ear.question(question)
        self._buffer += data
        frames: list[Frame] = []
        at = 0
        while at < len(self._buffer):
            answer = self._fitting(at)
            if answer.size is None:
                break
            if answer.size:
                frames.extend(answer.frames)
            else:
                self.counters.skipped_bytes += 1
            at += answer.size or 1
        del self._buffer[:at]
        self.counters.good += len(frames)
        if frames:
            self._ear.good()
        return frames

    def flush(self) -> None:
        """Gives up what is unfinished."""
        self.counters.skipped_bytes += len(self._buffer)
        self._buffer.clear()
        self._mine.flush()

    def _fitting(self, at: int) -> Answer:
        """The answer that begins here, without frames where it is not sure what it answers."""
        fits = {question: self._exchange.answer(question, self._buffer, at) for question in set(self._asked)}
        sized = [question for question in self._asked if fits[question].size]
        if not sized:
            return UNFINISHED if any(answer.size is None for answer in fits.values()) else NO_ANSWER
        sure = len(sized) > 1 and sized[-1] == sized[-2]
        answer = fits[sized[-1]]
        return answer if sure else Answer(answer.size)
