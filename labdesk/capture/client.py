"""The client of the capture process: no Qt, one thread, finds its way back by itself when the process was restarted."""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from pathlib import Path
from typing import Any

from labdesk.capture.endpoint import connect
from labdesk.capture.messages import MAX_REPLY, FrameReader, error_from, json_frame, live_from, split_bytes
from labdesk.domain.capture import LiveListener, LivePoint, LiveState, RunOutcome, RunRequest
from labdesk.domain.errors import EnvironmentFault, LabDeskError
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, to_plain

ANSWER_S = 15.0
CONNECT_S = 2.0
RETRY_S = 0.1

Way = Callable[[float], socket.socket]
"""Gives a connection within so many seconds; raises OSError, or a LabDeskError that says why it was refused."""
LinkListener = Callable[[Exception | None], None]
"""Called on the client's thread: ``None`` when connected, what is in the way when not."""


class CaptureClient:
    """A :class:`labdesk.domain.capture.CapturePort` over the local socket.

    Requests may come from any thread and wait for their answer. Listeners are called on the client's thread.
    """

    def __init__(self, way: Path | Way, on_link: LinkListener = lambda _: None, retry_s: float = RETRY_S) -> None:
        """Begins to connect at once.

        Args:
            way: the capture folder (``supervisor.capture_folder(home)``), or another way to a capture process.
            on_link: told whenever a connection is made, lost or refused.
            retry_s: pause in seconds before the next attempt.
        """
        self._way: Way = functools.partial(connect, way) if isinstance(way, Path) else way
        self._on_link, self._retry_s = on_link, retry_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._connected = threading.Condition(self._lock)
        self._answers: dict[int, Future[Any]] = {}
        self._number = 0
        self._listeners: list[LiveListener] = []
        self._known: dict[str, tuple[int, tuple[LivePoint, ...]]] = {}
        self._newest: dict[str, LiveState] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture-client", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the connection and the thread; capture goes on."""
        self._stop.set()
        self._disconnect()
        self._thread.join()

    def states(self) -> tuple[LiveState, ...]:
        """See ``CapturePort``."""
        return tuple(live_from(message, (-1, ()))[1] for message in self.ask("states"))

    def newest(self, machine_id: str) -> LiveState | None:
        """The newest state received so far, without asking; ``None`` before the first one."""
        return self._newest.get(machine_id)

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """See ``CapturePort``."""
        self.ask("configure", machines=to_plain(machines))

    def arm(self, request: RunRequest) -> None:
        """See ``CapturePort``."""
        self.ask("arm", request=to_plain(request))

    def abort(self, machine_id: str, reason: str) -> None:
        """See ``CapturePort``."""
        self.ask("abort", machine_id=machine_id, reason=reason)

    def switch_channel(self, machine_id: str, channel: str, reason: str) -> None:
        """See ``CapturePort``."""
        self.ask("switch", machine_id=machine_id, channel=channel, reason=reason)

    def subscribe(self, listener: LiveListener) -> Callable[[], None]:
        """See ``CapturePort``."""
        self._listeners = [*self._listeners, listener]
        for state in list(self._newest.values()):
            listener(state)

        def unsubscribe() -> None:
            self._listeners = [each for each in self._listeners if each is not listener]

        return unsubscribe

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """See ``CapturePort``."""
        return tuple(from_plain(RunOutcome, item) for item in self.ask("sealed"))

    def fetch(self, run_id: str) -> bytes:
        """See ``CapturePort``."""
        return bytes(self.ask("fetch", run_id=run_id))

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """See ``CapturePort``."""
        return bytes(self.ask("fetch_journal", run_id=run_id, device=device))

    def acknowledge(self, run_id: str) -> None:
        """See ``CapturePort``."""
        self.ask("acknowledge", run_id=run_id)

    def stop_capture(self) -> None:
        """Asks the capture process to end (installers, tests); runs in progress stay in their journals."""
        self.ask("stop")

    def ask(self, operation: str, **arguments: Any) -> Any:
        """Asks and waits for the answer; raises the error that came back, or EnvironmentFault ``capture.unreachable``."""
        answer: Future[Any] = Future()
        with self._lock:
            if self._socket is None and not self._connected.wait_for(lambda: self._socket is not None, CONNECT_S):
                raise EnvironmentFault("capture.unreachable", detail="no connection")
            self._number += 1
            number = self._number
            self._answers[number] = answer
            try:
                assert self._socket is not None
                self._socket.sendall(json_frame({"id": number, "op": operation} | arguments))
            except OSError as error:
                self._answers.pop(number, None)
                raise EnvironmentFault("capture.unreachable", detail=str(error)) from error
        try:
            return answer.result(ANSWER_S)
        except NoAnswer as error:
            self._answers.pop(number, None)
            raise EnvironmentFault("capture.unreachable", detail=f"{operation}: {ANSWER_S} s") from error

    # ---- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                connection = self._way(CONNECT_S)
            except (OSError, LabDeskError) as error:
                self._on_link(error)
                self._stop.wait(self._retry_s)
                continue
            with contextlib.suppress(OSError, ValueError, KeyError, LabDeskError):
                self._serve(connection)
            self._disconnect()
            self._on_link(ConnectionError("connection lost"))
            self._stop.wait(self._retry_s)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        self._known.clear()
        connection.sendall(json_frame({"id": 0, "op": "subscribe"}))
        with self._lock:
            self._socket = connection
            self._connected.notify_all()
        self._on_link(None)
        reader = FrameReader(MAX_REPLY)
        while not self._stop.is_set():
            data = connection.recv(1 << 18)
            if not data:
                return
            for kind, body in reader.feed(data):
                if kind == b"B":
                    self._answered(*split_bytes(body))
                else:
                    self._received(json.loads(body))

    def _received(self, message: dict[str, Any]) -> None:
        if "live" in message:
            machine_id = str(message["live"]["machine_id"])
            generation, state = live_from(message, self._known.get(machine_id, (-1, ())))
            self._known[machine_id] = (generation, state.points)
            self._newest[machine_id] = state
            for listener in self._listeners:
                listener(state)
        elif "error" in message:
            answer = self._answers.pop(int(message["id"]), None)
            if answer is not None:
                answer.set_exception(error_from(message["error"]))
        else:
            self._answered(int(message["id"]), message["result"])

    def _answered(self, number: int, result: Any) -> None:
        answer = self._answers.pop(number, None)
        if answer is not None:
            answer.set_result(result)

    def _disconnect(self) -> None:
        with self._lock:
            connection, self._socket = self._socket, None
            lost = list(self._answers.values())
            self._answers.clear()
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for answer in lost:
            answer.set_exception(EnvironmentFault("capture.unreachable", detail="connection lost"))
