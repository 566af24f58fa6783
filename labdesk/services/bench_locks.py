"""A piece is tested at one machine at a time, whichever station asks: the lock is taken with the run and ends with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from labdesk.domain.bench_locks import BEAT_EVERY, SILENT_AFTER, BenchLock, LockEnd, LockEnding, Missing
from labdesk.domain.capture import CapturePort, LinkTrouble
from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.people import Session
from labdesk.domain.store import SYSTEM, Actor, Store, UnitOfWork


@dataclass(frozen=True)
class Held:
    """Where else a piece stands.

    Attributes:
        where: machine, with its station in front if that is another one.
        here: it is this station's own machine that is asked about.
        silent_at: when the other station was last heard, if that is so long ago that another may take over.
    """

    where: str
    here: bool = False
    silent_at: datetime | None = None


class BenchLockDesk:
    """Takes, keeps alive and ends the locks of one laboratory's pieces."""

    def __init__(self, store: Store, capture: CapturePort, clock: Clock) -> None:
        self._store, self._capture, self._clock = store, capture, clock
        self._missing = Missing()

    def take(self, uow: UnitOfWork, piece: tuple[str, str], run_id: str, session: Session) -> None:
        """Lock a piece (label, machine number) for a run, in the transaction that says that it stands there."""
        label, machine = piece
        now = self._clock.now()
        uow.equipment.locks.add(BenchLock(run_id, label, session.station, machine, session.person.name, now, now))

    def held(self, uow: UnitOfWork, label: str, machine: str, station: str) -> Held | None:
        """Where a piece stands that was scanned at ``machine`` of ``station``; ``None`` if nowhere."""
        lock = uow.equipment.locks.in_force(label)
        if lock is None:
            return None
        if lock.station == station:
            return Held(lock.machine_number, here=lock.machine_number == machine)
        silent = lock.silent(self._clock.now())
        return Held(f"{lock.station} · {lock.machine_number}", silent_at=lock.seen_at if silent else None)

    def not_armed(self, run_id: str, why: str, session: Session) -> None:
        """The machine did not take the run: nothing was loaded, the piece is free."""
        end = LockEnd(run_id, LockEnding.NOT_ARMED, why, session.station, session.person.name, self._clock.now())
        with self._store.write(Actor(session.person.id, session.station)) as uow:
            uow.equipment.locks.end(end)
            uow.commit()

    def take_over(self, uow: UnitOfWork, label: str, reason: str, session: Session) -> BenchLock:
        """End the lock of a station that has been silent; returns that lock.

        Raises:
            OperatorError: ``bench.lock_alive`` if that station was heard of, ``bench.reason_needed``.
        """
        now = self._clock.now()
        lock = uow.equipment.locks.in_force(label)
        if not reason.strip():
            raise OperatorError("bench.reason_needed")
        if lock is None or lock.station == session.station or not lock.silent(now):
            raise OperatorError("bench.lock_alive")
        uow.equipment.locks.end(
            LockEnd(
                lock.run_id,
                LockEnding.TAKEN_OVER,
                reason.strip(),
                session.station,
                session.person.name,
                now,
                silent_since=now - SILENT_AFTER,
            )
        )
        return lock

    def beat(self, station: str) -> None:
        """Say of this station's locks that capture still has their runs, and end those whose run it does not know.

        Called now and then by whoever runs in the background; without a lock it only reads. Where the capture process does
        not answer nothing is said: after a while another station may take the piece.
        """
        with self._store.read() as uow:
            locks = uow.equipment.locks.of_station(station)
        if not locks:
            return
        try:
            known, whole = self._known()
        except EnvironmentFault:
            return
        now = self._clock.now()
        asked = (
            known if whole else frozenset(lock.run_id for lock in locks)
        )  # nothing is missing where nobody could be asked
        gone = self._missing.gone(locks, asked, now)
        alive = [lock for lock in locks if lock.run_id in known and now - lock.seen_at >= BEAT_EVERY]
        if not gone and not alive:
            return
        with self._store.write(Actor(SYSTEM.person_id, station)) as uow:
            for lock in alive:
                uow.equipment.locks.seen(lock.run_id, now)
            for lock in gone:
                uow.equipment.locks.end(LockEnd(lock.run_id, LockEnding.CAPTURE_GONE, "", station, "", now))
            uow.commit()

    def _known(self) -> tuple[frozenset[str], bool]:
        """Runs that capture has (going on, being sealed, or waiting to be stored), and whether every computer could be asked."""
        states = self._capture.states()
        going = {state.run_id for state in states if state.run_id}
        whole = all(state.trouble is not LinkTrouble.NO_CAPTURE for state in states)
        return frozenset(going | {outcome.run_id for outcome in self._capture.sealed_runs()}), whole
