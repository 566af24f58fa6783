"""What the stage ``testing`` keeps: its repository as services see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from labdesk.domain.testing import Entry, Invalidation, LostRunFinding, LotWork, Run, StoredEvaluation


class TestingStore(Protocol):
    """Repository of runs, findings, entries and evaluations; the database refuses second loadings by itself."""

    __test__: ClassVar[bool] = False

    def add_run(self, run: Run) -> None:
        """Keep a sealed run; refused with ``testing.second_loading`` when the specimen was loaded before."""
        ...

    def run(self, run_id: str) -> Run | None:
        """A run by key."""
        ...

    def runs_of_lot(self, lot_no: str) -> list[Run]:
        """All runs of a lot's specimens in order of number."""
        ...

    def runs_of_specimen(self, label: str) -> list[Run]:
        """All runs of a specimen in order of number."""
        ...

    def work_of(self, lot_nos: Sequence[str]) -> list[LotWork]:
        """What was done with each of many lots, in the order asked for, with a handful of questions in all."""
        ...

    def newest_runs(self, limit: int) -> list[Run]:
        """The newest runs of every class, newest first."""
        ...

    def find_runs(self, words: str, limit: int) -> list[Run]:
        """Runs whose number, specimen, lot, machine or operator has all of ``words``, newest first."""
        ...

    def count_of_machine(self, machine_id: str) -> int:
        """How many runs of every class a machine has made."""
        ...

    def finding_of_run(self, run_id: str) -> LostRunFinding | None:
        """What people found after a run, if they did."""
        ...

    def add_finding(self, finding: LostRunFinding) -> None:
        """Keep what people found after a lost run."""
        ...

    def findings_of_lot(self, lot_no: str) -> list[LostRunFinding]:
        """Findings after lost runs of a lot."""
        ...

    def add_invalidation(self, invalidation: Invalidation) -> None:
        """Keep that a run is invalid."""
        ...

    def invalidations_of_lot(self, lot_no: str) -> list[Invalidation]:
        """Invalid runs of a lot."""
        ...

    def add_entry(self, entry: Entry) -> None:
        """Keep a hand entry."""
        ...

    def entries_of_lot(self, lot_no: str) -> list[Entry]:
        """All entries of a lot, oldest first."""
        ...

    def add_evaluation(self, evaluation: StoredEvaluation) -> None:
        """Keep an evaluation."""
        ...

    def evaluations_of_lot(self, lot_no: str) -> list[StoredEvaluation]:
        """All evaluations of a lot, oldest first; the newest is the one reported."""
        ...

    def evaluation(self, evaluation_id: str) -> StoredEvaluation | None:
        """An evaluation by key."""
        ...
