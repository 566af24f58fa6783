"""Ports of this computer and of every paired one: a port ``press-pc@COM3`` is listened to over the secured way, with the same drivers."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from labdesk.capture.client import CaptureClient
from labdesk.capture.finder import PortFinder
from labdesk.capture.lent_lines import LentTransport
from labdesk.capture.pairing import Pairing, split_place
from labdesk.capture.secured import connect_elsewhere
from labdesk.devices.manifest import LineSettings
from labdesk.devices.transport import Transport, open_transport
from labdesk.devices.usb_ports import resolve
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.finding import PortSeen, PortsElsewhere
from labdesk.domain.plain import from_plain

RETRY_S = 5.0
HELLO_S = 8.0


class RoomFinder(PortFinder):
    """As :class:`PortFinder`, with the paired computers; one client per computer, kept while the finder is."""

    def __init__(self, pairings: Callable[[], tuple[Pairing, ...]]) -> None:
        super().__init__(self._open_anywhere)
        self._pairings = pairings
        self._lock = threading.Lock()
        self._ways: dict[str, _Way] = {}

    def elsewhere(self) -> tuple[PortsElsewhere, ...]:
        """Ports of every paired computer, or in one sentence why it tells none; waits for those that are slow."""
        return tuple(self._ports_of(pairing) for pairing in self._pairings())

    def close(self) -> None:
        """Ends the connections."""
        with self._lock:
            ways, self._ways = list(self._ways.values()), {}
        for way in ways:
            way.close()

    def _ports_of(self, pairing: Pairing) -> PortsElsewhere:
        try:
            told = self._way(pairing).ask("ports")
        except LabDeskError as error:
            return PortsElsewhere(pairing.name, (), error)
        seen = (from_plain(PortSeen, item) for item in told)
        return PortsElsewhere(
            pairing.name, tuple(PortSeen(f"{pairing.name}@{each.url}", each.name, each.identity) for each in seen)
        )

    def _open_anywhere(self, url: str, line: LineSettings) -> Transport:
        name, port = split_place(url)
        if not name:
            return open_transport(resolve(url), line)
        pairing = next((each for each in self._pairings() if each.name == name), None)
        try:
            if pairing is None:
                raise OperatorError("elsewhere.not_paired", name=name)
            return LentTransport(self._way(pairing).ask, port, line)
        except LabDeskError as error:
            if error.key == "capture.port":
                raise
            detail = str(error.params.get("detail", name))
            raise EnvironmentFault("capture.port", port=url, trouble="no-capture", detail=detail) from error

    def _way(self, pairing: Pairing) -> _Way:
        with self._lock:
            known = self._ways.get(pairing.name)
            if known is None or known.pairing != pairing:
                if known is not None:
                    known.close()
                known = self._ways[pairing.name] = _Way(pairing)
            return known


class _Way:
    """A client to one paired computer that remembers why it was not let in."""

    def __init__(self, pairing: Pairing) -> None:
        self.pairing = pairing
        self._trouble: Exception | None = None
        self._linked = threading.Event()
        self._client = CaptureClient(functools.partial(connect_elsewhere, pairing), self._on_link, RETRY_S)

    def ask(self, operation: str, **arguments: Any) -> Any:
        """Asks; raises EnvironmentFault ``elsewhere.wrong_secret``, ``elsewhere.wrong_certificate``, ``elsewhere.unreachable``."""
        self._linked.wait(HELLO_S)
        if isinstance(self._trouble, LabDeskError):
            raise self._trouble
        try:
            return self._client.ask(operation, **arguments)
        except EnvironmentFault as error:
            where = f"{self.pairing.host}:{self.pairing.port}"
            raise EnvironmentFault(
                "elsewhere.unreachable", name=self.pairing.name, address=where, detail=str(self._trouble or error.key)
            ) from error

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()

    def _on_link(self, trouble: Exception | None) -> None:
        self._trouble = trouble
        self._linked.set()
