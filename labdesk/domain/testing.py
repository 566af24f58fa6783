"""Runs, hand entries, manual readings and evaluations: what the bench adds to a lot. Everything here is only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.capture import EndReason, RunClass
from labdesk.domain.evaluation import Evaluation, LotInput, TestKind, Verdict
from labdesk.domain.sealed_run import RunMark


class Disposition(StrEnum):
    """What people found when the line, power or machine was lost in mid-test."""

    UNBROKEN = "unbroken"
    PEAK_ON_DISPLAY = "peak-on-display"
    LOST = "lost"


@dataclass(frozen=True)
class Run:
    """One loading on one machine (YK-7.2a): immutable, numbered, never deleted.

    Attributes:
        id: UUIDv7, given when it was armed.
        number: the laboratory's continuous run number (``SY-2026-00017``).
        specimen_label, lot_no: what was loaded; empty for a warm-up or check.
        test: kind of test; ``None`` for classes other than test.
        run_class: declared before loading.
        machine_id, machine_number: where.
        operator_id, operator_name: who.
        started_at, sealed_at: when.
        sealed_sha256: hash of the sealed run in the content store.
        end_reason: how capture ended it.
        peak_kn: largest captured force, exact text of the counts; ``None`` when nothing was loaded.
        loaded: whether loading began: a piece once loaded is not loaded again.
        marked: gaps, restarts or bad frames that a reviewer must see.
        marks: which of them.
    """

    id: str
    number: str
    specimen_label: str
    lot_no: str
    test: TestKind | None
    run_class: RunClass
    machine_id: str
    machine_number: str
    operator_id: str
    operator_name: str
    started_at: datetime
    sealed_at: datetime
    sealed_sha256: str
    end_reason: EndReason
    peak_kn: Decimal | None
    loaded: bool
    marked: bool
    marks: tuple[RunMark, ...] = ()

    def ended_with_break(self) -> bool:
        """Whether capture itself saw the piece break."""
        return self.end_reason is EndReason.BREAK


@dataclass(frozen=True)
class LostRunFinding:
    """What two people found after a run was lost in mid-test; one per run.

    Attributes:
        run_id: the run that ended without a break.
        disposition: unbroken (another machine may take it), peak on the display, or lost.
        peak_kn: read from the display; only with ``PEAK_ON_DISPLAY``.
        photo_sha256: photo of the display; required with ``PEAK_ON_DISPLAY``.
        reader_id, second_id: two different people.
        reason: in words.
    """

    id: str
    run_id: str
    disposition: Disposition
    peak_kn: Decimal | None
    photo_sha256: str
    reader_id: str
    second_id: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Invalidation:
    """A run declared invalid (break at the grip, device fault), and the spare that takes its place."""

    id: str
    run_id: str
    reason: str
    replacement_label: str
    person_id: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """A hand entry as typed. A correction is a new entry with a reason; the newest counts, all stay.

    Attributes:
        id: UUIDv7.
        lot_no: the lot.
        specimen_label: empty for values of the lot as a whole (total mass).
        name: with unit (``lu_mm``, ``total_mass_g`` ...).
        text: exactly as typed.
        person_id: who.
        at: when.
        reason: why it replaces an earlier one; empty for the first.
    """

    id: str
    lot_no: str
    specimen_label: str
    name: str
    text: str
    person_id: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class StoredEvaluation:
    """An evaluation with its input, as kept; a new one stands beside the old."""

    id: str
    lot_no: str
    lot: LotInput
    evaluation: Evaluation
    person_id: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class LotWork:
    """What the bench has done with a lot so far, as lists of many lots need it.

    Attributes:
        runs: in order of number.
        findings, invalidations: oldest first.
        verdict: of the newest evaluation, ``None`` before the first.
    """

    lot_no: str
    runs: tuple[Run, ...] = ()
    findings: tuple[LostRunFinding, ...] = ()
    invalidations: tuple[Invalidation, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True)
class BenchFinding:
    """One reason of the bench gate: key of a sentence with both values, and what the profile makes of it."""

    key: str
    params: Mapping[str, str]
    treatment: str
