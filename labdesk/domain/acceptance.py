"""Acceptance of concrete or mortar over groups of a project: what the store knows of the groups, and the statement that is kept.

A statement (评定) freezes its selection: every group with the evaluation it counted by and that evaluation's hash, those left out with
their reason, and the earlier groups a known deviation came from. It is only ever added; a later one stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from labdesk.domain.evaluation import Evaluation, LotInput, Remark
from labdesk.domain.reporting import Laboratory


@dataclass(frozen=True)
class GroupRecord:
    """One received lot with its newest evaluation, as lists of thousands of groups need it.

    Attributes:
        lot_no, method, part, settings, cast_at, age_days: of the lot.
        evaluation_id: newest evaluation, empty before the first.
        evaluation: its canonical bytes.
        evaluations: how many there are; the newest counts.
    """

    lot_no: str
    method: str
    part: str
    settings: Mapping[str, str]
    cast_at: datetime | None
    age_days: int | None
    evaluation_id: str = ""
    evaluation: bytes = b""
    evaluations: int = 0


class GroupPart(StrEnum):
    """What a group is to a statement."""

    SAMPLE = "sample"
    LEFT_OUT = "left-out"
    HISTORY = "history"


@dataclass(frozen=True)
class FrozenGroup:
    """A group as it was when the statement was made.

    Attributes:
        lot_no: the group.
        evaluation_id, evaluation_sha256: the evaluation it counted by, and the SHA-256 of its canonical bytes.
        part: counted, left out, or of the period that the deviation comes from.
        why: the sentence why it was left out; ``None`` for the others.
        place: part of the structure, for the printed list.
    """

    lot_no: str
    evaluation_id: str
    evaluation_sha256: str
    part: GroupPart
    why: Remark | None = None
    place: str = ""


@dataclass(frozen=True)
class AcceptanceStatement:
    """A statement over a selection of groups, as kept.

    Attributes:
        number: continuous per year (``PD-2026-00003``).
        lot, evaluation: what was judged and the outcome; the edition is ``evaluation.rules``.
        groups: the selection, frozen.
        person_id, person_name, at: the author, and when.
        note: in the author's words; may be empty.
    """

    number: str
    project_code: str
    lot: LotInput
    evaluation: Evaluation
    groups: tuple[FrozenGroup, ...]
    person_id: str
    person_name: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class AcceptanceSheet:
    """A statement on its way to paper; ``sha256`` is the hash of its canonical bytes, ``why`` the chosen method in words."""

    statement: AcceptanceStatement
    laboratory: Laboratory
    project_name: str
    sha256: str
    why: tuple[str, ...]


class AcceptancePrinter(Protocol):
    """Makes the printed statement. Same input, same bytes."""

    def acceptance(self, sheet: AcceptanceSheet) -> bytes:
        """The statement as PDF."""
        ...
