"""Machines of the laboratory."""

from __future__ import annotations

import json

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain
from labdesk.evidence.canonical import canonical_bytes
from labdesk.storage.base import Base, Tracked, key_column
from labdesk.storage.bench_locks import BenchLocks


class MachineRow(Base, Tracked):
    """A machine; every change of its certificate or port is a logged version."""

    __tablename__ = "machines"
    id: Mapped[str] = key_column(36)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    body: Mapped[str] = mapped_column()


class Equipment:
    """Repository of machines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.locks = BenchLocks(session)

    def put(self, machine: Machine) -> None:
        """Keep a new machine, or a new version of a known one."""
        row = self._session.get(MachineRow, machine.id)
        body = canonical_bytes(machine).decode()
        if row is None:
            self._session.add(MachineRow(id=machine.id, number=machine.number, body=body))
        else:
            row.number, row.body = machine.number, body

    def get(self, machine_id: str) -> Machine | None:
        """The machine with that key."""
        row = self._session.get(MachineRow, machine_id)
        return None if row is None else from_plain(Machine, json.loads(row.body))

    def all(self) -> list[Machine]:
        """All machines by number."""
        rows = self._session.scalars(select(MachineRow).order_by(MachineRow.number))
        return [from_plain(Machine, json.loads(row.body)) for row in rows]
