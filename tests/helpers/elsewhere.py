"""A front door in this process, before any local socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labdesk.capture.front_door import FrontDoor
from labdesk.capture.identity import Identity, read_identity
from labdesk.capture.pairing import Pairing


@contextmanager
def front_door(folder: Path, port: int = 0) -> Iterator[Pairing]:
    """Serves this capture folder on loopback; gives the pairing."""
    identity = read_identity(folder)
    door = FrontDoor(folder, identity, ("127.0.0.1", port))
    thread = threading.Thread(target=door.run)
    thread.start()
    try:
        yield pairing_of(identity, door.address[1])
    finally:
        door.stop()
        thread.join()


def pairing_of(identity: Identity, port: int, name: str = "press-pc") -> Pairing:
    """The pairing with an identity."""
    return Pairing(name, "127.0.0.1", port, identity.fingerprint.hex(), identity.secret.hex())
