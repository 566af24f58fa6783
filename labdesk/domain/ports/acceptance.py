"""What acceptance over a project keeps: statements, and a quick way to read thousands of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from labdesk.domain.acceptance import AcceptanceStatement, GroupRecord


class AcceptanceStore(Protocol):
    """Repository of statements; groups are read from lots and their evaluations."""

    def count(self, project_code: str) -> int:
        """How many received lots of every method the project has."""
        ...

    def groups(self, project_code: str, after: str, limit: int) -> list[GroupRecord]:
        """Received lots of every method with their newest evaluation, by number; those behind ``after``, at most ``limit``."""
        ...

    def around(self, project_code: str, lot_no: str, reach: int) -> list[GroupRecord]:
        """As :meth:`groups`: the lot itself with up to ``reach`` lots of the project before and behind it by number."""
        ...

    def newest_ids(self, lot_nos: Sequence[str]) -> dict[str, str]:
        """The newest evaluation of each lot that has one."""
        ...

    def hash_of(self, evaluation_id: str) -> str:
        """SHA-256 of an evaluation's canonical bytes as they are stored now; empty where there is none."""
        ...

    def add(self, statement: AcceptanceStatement) -> None:
        """Keep a statement."""
        ...

    def get(self, number: str) -> AcceptanceStatement | None:
        """A statement by number."""
        ...

    def of_project(self, project_code: str) -> list[AcceptanceStatement]:
        """All statements of a project, newest first."""
        ...
