"""The socket side of the capture process: answers requests, pushes newest states; a slow client never gets a backlog."""

from __future__ import annotations

import contextlib
import json
import logging
import selectors
import socket
from collections.abc import Callable
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass, field
from typing import Any

from labdesk.capture.endpoint import Listener
from labdesk.capture.finder import PortFinder
from labdesk.capture.lent_lines import LentLines
from labdesk.capture.messages import (
    MAX_REQUEST,
    FrameReader,
    bytes_frame,
    error_plain,
    json_frame,
    live_message,
)
from labdesk.capture.publishing import Published
from labdesk.capture.worker import CaptureWorker
from labdesk.domain.capture import RunRequest
from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, to_plain

PUSH_S = 0.04
log = logging.getLogger(__name__)


@dataclass
class Client:
    """One connected program."""

    connection: socket.socket
    reader: FrameReader
    waiting_token: int
    token: bytes = b""
    subscribed: bool = False
    out: bytearray = field(default_factory=bytearray)
    sent: dict[str, tuple[int, int, int]] = field(default_factory=dict)


class CaptureServer:
    """One thread, one selector. ``run`` returns after :meth:`stop` or the request ``stop``."""

    def __init__(self, listener: Listener, worker: CaptureWorker) -> None:
        self._listener = listener
        self._worker = worker
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener.socket, selectors.EVENT_READ)
        self._clients: dict[socket.socket, Client] = {}
        self._running = True
        self._lent = LentLines()
        self._operations: dict[str, Callable[[dict[str, Any]], Any]] = {
            "ping": lambda _: "capture",
            "states": lambda _: [
                live_message(p.state, p.generation, 0, p.points[: p.count]) for p in worker.published()
            ],
            "configure": lambda r: worker.configure(tuple(from_plain(Machine, item) for item in r["machines"])),
            "arm": lambda r: worker.arm(from_plain(RunRequest, r["request"])),
            "abort": lambda r: worker.abort(str(r["machine_id"]), str(r["reason"])),
            "switch": lambda r: worker.switch_channel(str(r["machine_id"]), str(r["channel"]), str(r["reason"])),
            "sealed": lambda _: to_plain(worker.runs.waiting()),
            "fetch": lambda r: worker.runs.fetch(str(r["run_id"])),
            "fetch_journal": lambda r: worker.runs.fetch_journal(str(r["run_id"]), int(r.get("device", 0))),
            "acknowledge": lambda r: worker.runs.acknowledge(str(r["run_id"])),
            "ports": lambda _: to_plain(PortFinder().ports()),
            "line_open": lambda r: self._lent.open(str(r["url"]), r["line"]),
            "line_take": lambda r: self._lent.take(int(r["number"])),
            "line_write": lambda r: self._lent.write(int(r["number"]), str(r["data"])),
            "line_close": lambda r: self._lent.close(int(r["number"])),
            "stop": lambda _: self.stop(),
        }

    def stop(self) -> None:
        """Ends :meth:`run` after the replies in hand."""
        self._running = False

    def run(self) -> None:
        """Serves until stopped."""
        while self._running:
            for key, events in self._selector.select(PUSH_S):
                if key.fileobj is self._listener.socket:
                    self._accept()
                    continue
                client = self._clients.get(key.fileobj)  # type: ignore[call-overload]
                if client is not None and events & selectors.EVENT_READ:
                    self._read(client)
                if client is not None and events & selectors.EVENT_WRITE:
                    self._write(client)
            self._push()
        self._lent.close_all()
        for client in list(self._clients.values()):
            self._drop(client)
        self._selector.close()
        self._listener.socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.socket.accept()
            connection.setblocking(False)
            self._clients[connection] = Client(connection, FrameReader(MAX_REQUEST), len(self._listener.token))
            self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, client: Client) -> None:
        try:
            data = client.connection.recv(1 << 16)
            if not data:
                raise ConnectionError("closed")
            data = self._check_token(client, data)
            for kind, body in client.reader.feed(data):
                if kind != b"J":
                    raise ValueError("request kind")
                self._answer(client, json.loads(body))
        except BlockingIOError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            self._drop(client)

    def _check_token(self, client: Client, data: bytes) -> bytes:
        """What follows the token; raises ValueError if it is wrong."""
        if not client.waiting_token:
            return data
        client.token += data[: client.waiting_token]
        rest = data[client.waiting_token :]
        client.waiting_token = len(self._listener.token) - len(client.token)
        if not client.waiting_token and not self._listener.admits(client.token):
            raise ValueError("token")
        return rest

    def _answer(self, client: Client, request: dict[str, Any]) -> None:
        number, operation = int(request["id"]), str(request["op"])
        if operation == "subscribe":
            client.subscribed, client.sent = True, {}
            self._send(client, json_frame({"id": number, "result": None}))
            return
        try:
            result = self._operations[operation](request)
        except LabDeskError as error:
            self._send(client, json_frame({"id": number, "error": error_plain(error)}))
        except (NoAnswer, KeyError, TypeError, ValueError) as error:
            log.warning("request %s failed: %r", operation, error)
            late = isinstance(error, NoAnswer)
            fault: LabDeskError = (
                EnvironmentFault("capture.unreachable", detail="busy")
                if late
                else BugError("bug.plain_shape", where=operation, found=repr(error))
            )
            self._send(client, json_frame({"id": number, "error": error_plain(fault)}))
        else:
            is_file = isinstance(result, bytes)
            self._send(client, bytes_frame(number, result) if is_file else json_frame({"id": number, "result": result}))

    def _push(self) -> None:
        """Newest states to subscribers that have taken everything before; the others get theirs when they are ready."""
        eager = [client for client in self._clients.values() if client.subscribed and not client.out]
        if not eager:
            return
        published = self._worker.published()
        for client in eager:
            frames = b"".join(filter(None, (self._news(client, each) for each in published)))
            if frames:
                self._send(client, frames)

    def _news(self, client: Client, published: Published) -> bytes:
        machine_id = published.state.machine_id
        seq, generation, count = client.sent.get(machine_id, (0, -1, 0))
        if published.state.seq == seq:
            return b""
        first = count if generation == published.generation else 0
        client.sent[machine_id] = (published.state.seq, published.generation, published.count)
        points = published.points[first : published.count]
        return json_frame(live_message(published.state, published.generation, first, points))

    def _send(self, client: Client, data: bytes) -> None:
        client.out += data
        self._write(client)

    def _write(self, client: Client) -> None:
        if client.connection not in self._clients:
            return
        try:
            sent = client.connection.send(client.out)
            del client.out[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(client)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.out else 0)
        if self._selector.get_key(client.connection).events != wanted:
            self._selector.modify(client.connection, wanted)

    def _drop(self, client: Client) -> None:
        if self._clients.pop(client.connection, None) is not None:
            self._selector.unregister(client.connection)
            client.connection.close()
