"""The front door of a capture process for other computers: secured outside, the local socket inside. It knows no machine and no run.

It is a process of its own: whatever happens to it, the capture process goes on.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from pathlib import Path

from labdesk.capture.endpoint import connect
from labdesk.capture.identity import Identity
from labdesk.capture.secured import HANDSHAKE_S, POLL_S, admit, carry, server_context, stay_awake
from labdesk.domain.errors import EnvironmentFault

AT_ONCE = 16
LOCAL_S = 2.0
log = logging.getLogger(__name__)


class FrontDoor:
    """Listens at one address; ``address`` is where it really listens. :meth:`run` returns after :meth:`stop`."""

    def __init__(self, folder: Path, identity: Identity, address: tuple[str, int]) -> None:
        """``folder`` is the capture folder; raises EnvironmentFault ``elsewhere.listen``."""
        self._folder, self._identity = folder, identity
        self._context = server_context(identity)
        try:
            family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
            self._listener = socket.create_server(address, family=family)
        except OSError as error:
            raise EnvironmentFault(
                "elsewhere.listen", address=f"{address[0]}:{address[1]}", detail=str(error)
            ) from error
        self._listener.settimeout(POLL_S)
        host, port = self._listener.getsockname()[:2]
        self.address: tuple[str, int] = (host, port)
        self._stopping = threading.Event()
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def stop(self) -> None:
        """Ends :meth:`run` and all connections within half a second."""
        self._stopping.set()

    def run(self) -> None:
        """Serves until stopped."""
        serving: list[threading.Thread] = []
        with self._listener:
            while not self._stopping.is_set():
                try:
                    connection, where = self._listener.accept()
                except OSError:
                    continue
                if not self._free.acquire(blocking=False):
                    connection.close()
                    continue
                thread = threading.Thread(target=self._serve, args=(connection, str(where[0])), daemon=True)
                serving = [each for each in serving if each.is_alive()] + [thread]
                thread.start()
        for thread in serving:
            thread.join(HANDSHAKE_S)

    def _serve(self, connection: socket.socket, where: str) -> None:
        try:
            stay_awake(connection)
            secured = admit(connection, self._context, self._identity)
        except (OSError, ValueError) as error:
            log.info("%s was not admitted: %s", where, error)
            connection.close()
            self._free.release()
            return
        try:
            inside = connect(self._folder, LOCAL_S)
        except OSError as error:
            log.info("the capture process does not answer: %s", error)
            with contextlib.suppress(OSError):
                secured.close()
        else:
            carry(secured, inside, self._stopping.is_set)
        finally:
            self._free.release()
