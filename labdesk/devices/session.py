"""One machine's line, held open by one thread that reads, journals and hands on, and does nothing else.

Losing the line is a state, not a crash: the thread reports it, waits a little longer each time, and opens it again.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import cycle
from typing import NamedTuple, Protocol

from labdesk.devices.beat import Beat, Gathering
from labdesk.devices.driver import Driver
from labdesk.devices.host_wire import HostWire
from labdesk.devices.journal import JournalWriter
from labdesk.devices.transport import (
    PAUSE_S,
    WAIT_S,
    DescriptorTransport,
    LineLost,
    PySerialTransport,
    adopt,
    open_transport,
)
from labdesk.devices.usb_ports import Ports, identity, present_ports, resolve
from labdesk.domain.capture import LinkTrouble
from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.taps import parse_tap

BACKOFF_S = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0)
RECENT_NS = 6_000_000_000
RECENT_BYTES = 1 << 20

BACKLOG_BYTES, MOST_BACKLOG = 4000, 1 << 20
"""A first chunk of this size filled what a port gives at once: there is more behind it."""

LineTransport = DescriptorTransport | PySerialTransport


class LineEvent(NamedTuple):
    """Something that came from the line, in order.

    Attributes:
        stamp_ns: host's monotonic clock.
        data: received bytes; empty for a change of the line.
        host: bytes that the other program sent, heard on a tap's second wire.
        opened: the line was opened (``adopted``: it never was closed, only the process was restarted).
        lost: the trouble that closed it.
        slept_ns: the computer slept for this long; the line may still be open.
    """

    stamp_ns: int
    data: bytes = b""
    opened: bool = False
    adopted: bool = False
    lost: LinkTrouble | None = None
    detail: str = ""
    slept_ns: int = 0
    host: bytes = b""

    def mark(self) -> dict[str, str]:
        """A change of the line, or what the other program sent, as it stands in the journal."""
        if self.host:
            return {"event": "host", "bytes": self.host.hex()}
        if self.slept_ns:
            return {"event": "slept", "detail": self.detail}
        if self.lost is not None:
            return {"event": "lost", "trouble": self.lost.value, "detail": self.detail}
        return {"event": "adopted" if self.adopted else "opened"}


class PortKeeper(Protocol):
    """Who keeps an open port's descriptor over the death of this process."""

    def take(self, machine_id: str, url: str) -> int | None:
        """The descriptor kept for this machine's port; ours from now on, the keeper keeps its own copy."""
        ...

    def keep(self, machine_id: str, url: str, descriptor: int) -> None:
        """Keep this one from now on."""
        ...

    def drop(self, machine_id: str) -> None:
        """Close what is kept."""
        ...


class NoKeeper:
    """Keeps nothing: where the system cannot, and for one capture without a supervisor."""

    def take(self, machine_id: str, url: str) -> int | None:
        """Nothing was kept."""
        return None

    def keep(self, machine_id: str, url: str, descriptor: int) -> None:
        """Does nothing."""

    def drop(self, machine_id: str) -> None:
        """Does nothing."""


class Line:
    """The line of one machine.

    ``drain`` gives what came since the last call, in order. A journal attached with :meth:`attach` gets every chunk before ``drain``
    can show it. Received bytes of the last seconds are remembered, so that a run can begin before it was noticed.
    """

    def __init__(
        self,
        machine_id: str,
        url: str,
        driver: Driver,
        keeper: PortKeeper,
        ports: Ports = present_ports,
        beat: Beat | None = None,
    ) -> None:
        """``ports``: the ports of this computer; ``beat``: the one all lines are read by, its own if there is none."""
        self.machine_id = machine_id
        self.url = url
        self.journal_fault = ""
        self._driver = driver
        self._keeper = keeper
        self._lock = threading.Lock()
        self._pending: deque[LineEvent] = deque()
        self._recent: deque[LineEvent] = deque()
        self._recent_bytes = 0
        self._journal: JournalWriter | None = None
        self._stop = threading.Event()
        self._transport: LineTransport | None = None
        self._told: LinkTrouble | None = None
        self._ports = ports
        self._beat = beat or Beat()
        self._identity = ""
        self._thread = threading.Thread(target=self._run, name=f"line-{machine_id}", daemon=True)
        self._host: HostWire | None = None
        tap = parse_tap(url)
        if tap is not None and tap.host:
            self._host = HostWire(tap.host, driver.manifest.line_for(driver.settings), self._overheard, ports)

    def start(self) -> None:
        """Begins to open the line."""
        if self._host is not None:
            threading.Thread(target=self._host.run, name=f"host-{self.machine_id}", daemon=True).start()
        self._thread.start()

    def stop(self, wait_s: float = 1.0) -> None:
        """Closes the line and ends the thread; one that hangs in opening a port ends by itself a little later."""
        self._stop.set()
        if self._host is not None:
            self._host.stop()
        self.reopen()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def reopen(self) -> None:
        """Closes a line that is open but dead; the thread opens it again."""
        transport = self._transport
        if transport is not None:
            transport.wake()

    def drain(self) -> list[LineEvent]:
        """Everything since the last call."""
        with self._lock:
            events = list(self._pending)
            self._pending.clear()
        return events

    def attach(self, make: Callable[[list[LineEvent]], JournalWriter]) -> list[LineEvent]:
        """Starts a journal without losing or doubling a byte.

        ``make`` gets the remembered events and returns the journal in which they already stand; what ``drain`` had not
        given out yet is among them. Whatever ``make`` raises leaves everything as it was.
        """
        with self._lock:
            recent = list(self._recent)
            self._journal = make(recent)
            changes = [event for event in self._pending if not (event.data or event.host)]
            self._pending.clear()
            self._pending.extend(changes)
            self.journal_fault = ""
            return recent

    def resume(self, journal: JournalWriter) -> None:
        """Goes on writing an unfinished run's journal; call before :meth:`start`."""
        self._journal = journal

    def detach(self) -> JournalWriter | None:
        """Ends journalling; gives the journal back, not closed."""
        with self._lock:
            journal, self._journal = self._journal, None
            return journal

    def finish(self, mark: dict[str, str]) -> tuple[JournalWriter | None, list[LineEvent]]:
        """Ends journalling with a mark; gives the journal, not closed, and what came before the mark and was not drained yet.

        Every byte in front of the mark belongs to the run, also those that nobody had looked at.
        """
        with self._lock:
            self._journalled(lambda journal: journal.mark(time.monotonic_ns(), mark))
            journal, self._journal = self._journal, None
            events = list(self._pending)
            self._pending.clear()
            return journal, events

    def mark(self, mark: dict[str, str]) -> int:
        """Writes a mark of ours into the journal, if there is one; gives its stamp."""
        with self._lock:
            stamp_ns = time.monotonic_ns()
            self._journalled(lambda journal: journal.mark(stamp_ns, mark))
        return stamp_ns

    def slept(self, stamp_ns: int, slept_ns: int) -> LineEvent:
        """The computer slept: written into the journal in its place, and given back for who follows the line."""
        event = LineEvent(stamp_ns, slept_ns=slept_ns, detail=f"{slept_ns / 1e9:.1f} s")
        with self._lock:
            self._journalled(lambda journal: journal.mark(stamp_ns, event.mark()))
            self._recent.clear()
            self._recent_bytes = 0
        return event

    def _run(self) -> None:
        attempt = 0
        while not self._stop.is_set():
            try:
                transport, adopted = self._open()
            except EnvironmentFault as fault:
                trouble = LinkTrouble(str(fault.params.get("trouble", LinkTrouble.NO_SUCH_PORT)))
                self._changed(lost=trouble, detail=str(fault.params.get("detail", fault.key)))
            except Exception as error:  # noqa: BLE001 - a port library that stumbles must not end the watch over this line
                self._changed(lost=LinkTrouble.NO_SUCH_PORT, detail=repr(error))
            else:
                self._transport = transport
                attempt = self._read_all(transport, adopted, attempt)
                self._transport = None
                self._keeper.drop(self.machine_id)
                transport.close()
            self._stop.wait(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
            attempt += 1

    def _open(self) -> tuple[LineTransport, bool]:
        kept = self._keeper.take(self.machine_id, self.url)
        if kept is not None:
            return adopt(self.url, kept), True
        transport = self._open_where_it_is()
        descriptor = transport.descriptor()
        if descriptor is not None:
            self._keeper.keep(self.machine_id, self.url, descriptor)
        return transport, False

    def _open_where_it_is(self) -> LineTransport:
        """Opens the port; a USB adapter that was open before is looked for by what it is when its name is gone."""
        settings = self._driver.manifest.line_for(self._driver.settings)
        try:
            device = resolve(self.url, self._ports)
            transport = open_transport(device, settings)
        except EnvironmentFault as fault:
            if not self._identity or fault.params.get("trouble") != LinkTrouble.NO_SUCH_PORT.value:
                raise
            return open_transport(resolve(self._identity, self._ports), settings)
        if not self._identity and "://" not in device:
            self._identity = identity(device, self._ports)
        return transport

    def _read_all(self, transport: LineTransport, adopted: bool, attempt: int) -> int:
        """Reads until the line is lost; gives the attempt to go on counting from (0 after something was received)."""
        self._changed(opened=True, adopted=adopted)
        poll = self._driver.poll()
        questions = cycle(poll.requests if poll is not None else ())
        ask_at, wait_s = time.monotonic(), WAIT_S
        by_itself = poll is None and self._host is None
        heard = adopted
        gathering = Gathering(self._beat, self._driver.tick is not None and by_itself)
        try:
            if self._driver.opening() and not adopted:
                transport.write(self._driver.opening())
            while not self._stop.is_set():
                if poll is not None and time.monotonic() >= ask_at:
                    transport.write(next(questions))
                    ask_at = max(ask_at + poll.period_ms / 1000, time.monotonic())
                if poll is not None:
                    wait_s = max(0.0, min(WAIT_S, ask_at - time.monotonic()))
                gathering.wait()
                data = transport.read_chunk(wait_s, gathering.pause_s)
                if data:
                    if not heard:
                        heard, data = True, data + _backlog(transport, len(data))
                    stamp_ns = time.monotonic_ns()
                    gathering.took(stamp_ns, len(data))
                    self._received(stamp_ns, data)
                    attempt = 0
        except LineLost as loss:
            if not self._stop.is_set():
                self._changed(lost=loss.trouble, detail=loss.detail)
        return attempt

    def _received(self, stamp_ns: int, data: bytes) -> None:
        event = LineEvent(stamp_ns, data)
        with self._lock:
            self._journalled(lambda journal: journal.append(stamp_ns, data))
            self._pending.append(event)
            self._remember(event)

    def _overheard(self, stamp_ns: int, data: bytes) -> None:
        """The other program sent something: journalled in its place among the machine's bytes."""
        event = LineEvent(stamp_ns, host=data)
        with self._lock:
            self._journalled(lambda journal: journal.mark(stamp_ns, event.mark()))
            self._pending.append(event)
            self._remember(event)

    def _changed(
        self, opened: bool = False, adopted: bool = False, lost: LinkTrouble | None = None, detail: str = ""
    ) -> None:
        if lost is not None and lost is self._told:
            return
        self._told = lost
        event = LineEvent(time.monotonic_ns(), opened=opened, adopted=adopted, lost=lost, detail=detail)
        with self._lock:
            self._journalled(lambda journal: journal.mark(event.stamp_ns, event.mark()))
            self._pending.append(event)
            if not adopted:
                self._recent.clear()
                self._recent_bytes = 0

    def _journalled(self, write: Callable[[JournalWriter], None]) -> None:
        """Writes to the journal; a full disk is reported, and reading goes on, because the machine does."""
        if self._journal is not None:
            try:
                write(self._journal)
            except OSError as error:
                self.journal_fault = str(error)

    def _remember(self, event: LineEvent) -> None:
        self._recent.append(event)
        self._recent_bytes += len(event.data) + len(event.host)
        while self._recent and (
            event.stamp_ns - self._recent[0].stamp_ns > RECENT_NS or self._recent_bytes > RECENT_BYTES
        ):
            oldest = self._recent.popleft()
            self._recent_bytes -= len(oldest.data) + len(oldest.host)


def _backlog(transport: LineTransport, received: int) -> bytes:
    """The rest of what waited in a port when it was opened: its newest sample, not its oldest, has the time of arrival."""
    rest = b""
    with contextlib.suppress(LineLost):  # the next read will meet it again
        while received >= BACKLOG_BYTES and len(rest) < MOST_BACKLOG:
            part = transport.read_chunk(PAUSE_S, 0.0)
            received, rest = len(part), rest + part
    return rest
