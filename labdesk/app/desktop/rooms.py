"""All rooms of the desktop, built once, off the first thread, when somebody first needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labdesk.app.paths import Home
from labdesk.domain.people import Session
from labdesk.domain.people_ports import LabSetup

if TYPE_CHECKING:
    from labdesk.app.foundation import Foundation
    from labdesk.app.rooms import BenchRoom, Counter, Line, Office, People
    from labdesk.capture.many import ManyCaptures
    from labdesk.domain.sync_ports import StatusListener
    from labdesk.ui.testing.lot_page import LotChoice


@dataclass(frozen=True)
class Rooms:
    """Everything the pages work with."""

    base: Foundation
    people: People
    counter: Counter
    bench: BenchRoom
    office: Office
    line: Line
    capture: ManyCaptures
    choice: LotChoice

    def close(self) -> None:
        """End what runs: the sync thread, the clients of the capture processes, the database. Capture itself goes on."""
        if self.line.engine is not None:
            self.line.engine.stop()
        self.capture.close()
        self.base.close()


def build_rooms(home: Home, listener: StatusListener) -> Rooms:
    """Open the laboratory and build every service; loads the heavy modules."""
    from labdesk.app.elsewhere_commands import build_captures
    from labdesk.app.foundation import open_foundation
    from labdesk.app.rooms import build_bench, build_counter, build_line, build_office, build_people
    from labdesk.ui.testing.lot_page import LotChoice

    base = open_foundation(home)
    people = build_people(base)
    capture = build_captures(home.folder)
    counter = build_counter(base)
    office = build_office(base, people)
    return Rooms(
        base=base,
        people=people,
        counter=counter,
        bench=build_bench(base, capture, people),
        office=office,
        line=build_line(base, counter.commissions, office.reporting, listener),
        capture=capture,
        choice=LotChoice(),
    )


class LazyRooms:
    """Gives the rooms, building them on the first call; may be called from any thread but the first."""

    def __init__(self, build: Callable[[], Rooms]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._rooms: Rooms | None = None

    def get(self) -> Rooms:
        """The rooms; raises what building them raised, and tries again next time."""
        with self._lock:
            if self._rooms is None:
                self._rooms = self._build()
            return self._rooms

    @property
    def built(self) -> Rooms | None:
        """The rooms, if they were built."""
        return self._rooms


class LazySignIn:
    """The sign-in port before the services exist."""

    def __init__(self, rooms: LazyRooms) -> None:
        self._rooms = rooms

    def by_badge(self, badge_code: str, pin: str) -> Session:
        """Sign in by badge and PIN."""
        return self._rooms.get().people.sign_in.by_badge(badge_code, pin)

    def by_name(self, name: str, password: str) -> Session:
        """Sign in by name and password."""
        return self._rooms.get().people.sign_in.by_name(name, password)

    def recent_names(self) -> tuple[str, ...]:
        """Who signed in last."""
        return self._rooms.get().people.sign_in.recent_names()


class LazySetup:
    """The first-start port before the services exist."""

    def __init__(self, rooms: LazyRooms) -> None:
        self._rooms = rooms

    def needed(self) -> bool:
        """Whether this is a first start."""
        return self._rooms.get().people.setup.needed()

    def create(self, setup: LabSetup) -> None:
        """Create laboratory and administrator."""
        self._rooms.get().people.setup.create(setup)
