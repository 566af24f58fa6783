"""Listening to a line without recording: what comes, as bytes and as a driver understands it, for the eye of whoever connects a machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import cycle

from labdesk.devices.driver import Driver, Frame
from labdesk.devices.manifest import LineSettings
from labdesk.devices.transport import LineLost, Transport
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.finding import Listened, Shown
from labdesk.domain.sealed_run import Channel

TAIL = 256
_WAIT_S = 0.1


def shown_values(channels: Sequence[Channel], frame: Frame) -> tuple[Shown, ...]:
    """The values of a frame, exactly; a channel without a value is left out."""
    return tuple(
        Shown(channel.name, count * channel.quantum, channel.unit)
        for channel, count in zip(channels, frame.counts, strict=True)
        if count is not None
    )


class PortListening:
    """One open port and one thread; asks where the driver must ask."""

    def __init__(self, url: str, driver: Driver, open_line: Callable[[str, LineSettings], Transport]) -> None:
        self._driver = driver
        self._decoder = driver.new_decoder()
        self._lock = threading.Lock()
        self._said = Listened()
        self._stop = threading.Event()
        self._url, self._open_line = url, open_line
        self._thread = threading.Thread(target=self._run, name=f"listening {url}", daemon=True)
        self._thread.start()

    def heard(self) -> Listened:
        """What was heard so far."""
        with self._lock:
            return self._said

    def close(self) -> None:
        """Lets go of the port; twice without harm."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            transport = self._open_line(self._url, self._driver.manifest.line_for(self._driver.settings))
        except EnvironmentFault as fault:
            self._note(trouble=str(fault.params["trouble"]), detail=str(fault.params["detail"]))
            return
        try:
            self._read(transport)
        except LineLost as lost:
            self._note(trouble=lost.trouble.value, detail=lost.detail)
        finally:
            transport.close()

    def _read(self, transport: Transport) -> None:
        poll = self._driver.poll()
        questions = cycle(poll.requests if poll is not None else ())
        if self._driver.opening():
            transport.write(self._driver.opening())
        ask_at = 0.0
        while not self._stop.is_set():
            if poll is not None and time.monotonic() >= ask_at:
                transport.write(next(questions))
                ask_at = time.monotonic() + poll.period_ms / 1000
            data = transport.read_chunk(_WAIT_S if poll is None else min(_WAIT_S, poll.period_ms / 1000))
            if data:
                self._take(data)

    def _take(self, data: bytes) -> None:
        frames = self._decoder.feed(data)
        counters = self._decoder.counters
        with self._lock:
            before = self._said
            self._said = Listened(
                received=before.received + len(data),
                tail=(before.tail + data)[-TAIL:],
                values=shown_values(self._driver.channels, frames[-1]) if frames else before.values,
                good=counters.good,
                bad=counters.bad,
                skipped=counters.skipped_bytes,
            )

    def _note(self, trouble: str, detail: str) -> None:
        with self._lock:
            said = self._said
            self._said = Listened(
                said.received, said.tail, said.values, said.good, said.bad, said.skipped, trouble, detail
            )
