"""What the stage ``reception`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol

from labdesk.domain.commission import Commission
from labdesk.domain.specimens import Lot, Specimen


class ReceptionStore(Protocol):
    """Repository of commissions, tags, scans, holds, rejections, lots and specimens."""

    def commission(self, number: str) -> Commission | None:
        """A commission that has arrived."""
        ...

    def lot(self, number: str) -> Lot | None:
        """A received lot with its specimens."""
        ...

    def lots_of(self, commission_no: str) -> list[Lot]:
        """Received lots of a commission."""
        ...

    def specimen(self, label: str) -> Specimen | None:
        """A specimen by its blind number."""
        ...

    def specimen_of_tag(self, tag: str) -> Specimen | None:
        """The specimen that came with a tag."""
        ...

    def recent_lots(self, limit: int) -> list[Lot]:
        """The newest lots, newest first."""
        ...
