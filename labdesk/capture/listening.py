"""Listening to a line without recording: what comes, as bytes and as a driver understands it, for the eye of whoever connects a machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import cycle

from labdesk.devices.driver import Driver, Frame
from labdesk.devices.host_wire import HostWire
from labdesk.devices.manifest import LineSettings
from labdesk.devices.overheard import Overhears
from labdesk.devices.tap import TapDriver
from labdesk.devices.transport import LineLost, Transport
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.finding import Listened, Shown
from labdesk.domain.sealed_run import Channel
from labdesk.domain.taps import parse_tap

TAIL = 256
_WAIT_S = 0.1
TAP_S = 3.0
"""A tap that understood nothing for so long is told what is wrong with it."""


def shown_values(channels: Sequence[Channel], frame: Frame) -> tuple[Shown, ...]:
    """The values of a frame, exactly; a channel without a value is left out."""
    return tuple(
        Shown(channel.name, count * channel.quantum, channel.unit)
        for channel, count in zip(channels, frame.counts, strict=True)
        if count is not None
    )


class PortListening:
    """One open port and one thread; asks where the driver must ask, on a tap never. The second wire of a tap has a thread of its own."""

    def __init__(self, url: str, driver: Driver, open_line: Callable[[str, LineSettings], Transport]) -> None:
        self._driver = driver
        self._decoder = driver.new_decoder()
        self._lock = threading.Lock()
        self._said = Listened()
        self._stop = threading.Event()
        self._url, self._open_line = url, open_line
        self._host: HostWire | None = None
        tap = parse_tap(url)
        if tap is not None and tap.host:
            self._host = HostWire(tap.host, driver.manifest.line_for(driver.settings), self._overheard)
            threading.Thread(target=self._host.run, name=f"listening {tap.host}", daemon=True).start()
        self._thread = threading.Thread(target=self._run, name=f"listening {url}", daemon=True)
        self._thread.start()

    def heard(self) -> Listened:
        """What was heard so far."""
        with self._lock:
            return self._said

    def close(self) -> None:
        """Lets go of the port; twice without harm."""
        self._stop.set()
        if self._host is not None:
            self._host.stop()
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
        heard_at = time.monotonic()
        while not self._stop.is_set():
            if poll is not None and time.monotonic() >= ask_at:
                transport.write(next(questions))
                ask_at = time.monotonic() + poll.period_ms / 1000
            data = transport.read_chunk(_WAIT_S if poll is None else min(_WAIT_S, poll.period_ms / 1000))
            if data and self._take(data):
                heard_at = time.monotonic()
            elif isinstance(self._driver, TapDriver) and time.monotonic() - heard_at > TAP_S:
                self._tell_tap(self._driver)

    def _tell_tap(self, driver: TapDriver) -> None:
        received = self.heard().received
        trouble = driver.misplaced() if received else LinkTrouble.TAP_SILENT
        if trouble is not LinkTrouble.GARBAGE:
            self._note(trouble=trouble.value, detail="")

    def _overheard(self, stamp_ns: int, data: bytes) -> None:
        """What the other program sent."""
        with self._lock:
            if isinstance(self._decoder, Overhears):
                self._decoder.overhear(data)

    def _take(self, data: bytes) -> bool:
        """Whether a good frame came."""
        with self._lock:
            frames = self._decoder.feed(data)
            counters = self._decoder.counters
            before = self._said
            self._said = Listened(
                received=before.received + len(data),
                tail=(before.tail + data)[-TAIL:],
                values=shown_values(self._driver.channels, frames[-1]) if frames else before.values,
                good=counters.good,
                bad=counters.bad,
                skipped=counters.skipped_bytes,
            )
        return bool(frames)

    def _note(self, trouble: str, detail: str) -> None:
        with self._lock:
            said = self._said
            self._said = Listened(
                said.received, said.tail, said.values, said.good, said.bad, said.skipped, trouble, detail
            )
