"""What is kept about runs with a gap near the largest force or the yield, as services see it."""

from __future__ import annotations

from typing import Protocol

from labdesk.domain.run_gaps import GapReason


class GapReasonStore(Protocol):
    """Repository of the reasons; evaluation, signature and report of a lot without one are refused by the database itself."""

    def add(self, reason: GapReason) -> None:
        """Keep a reason."""
        ...

    def of_run(self, run_id: str) -> GapReason | None:
        """The reason of a run, if one was given."""
        ...

    def of_lot(self, lot_no: str) -> list[GapReason]:
        """Reasons of a lot's runs, oldest first."""
        ...

    def lots_with_gaps(self) -> list[str]:
        """Lots with a run of a critical gap that has no reason yet; invalid and hand-read ones among them."""
        ...
