"""What the stage ``reception`` keeps: its repository as services see it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from labdesk.domain.commission import Commission, TagRecord
from labdesk.domain.reception import Hold, ReceptionPapers, Rejection, Scanned
from labdesk.domain.specimens import Lot, Specimen


class CounterStore(Protocol):
    """What happens at the counter: receptions, scans, holds, rejections."""

    def open_reception(self, reception_id: str, commission_no: str, person_id: str, at: datetime) -> None:
        """Begin a visit to the counter."""
        ...

    def reception_of(self, commission_no: str) -> str | None:
        """Key of the commission's reception, if one was begun."""
        ...

    def add_scan(self, scan: Scanned) -> None:
        """Keep a scan with its verdict."""
        ...

    def scans_of(self, reception_id: str) -> list[Scanned]:
        """Scans of a reception in order."""
        ...

    def add_hold(self, hold: Hold) -> None:
        """Keep that a commission is held."""
        ...

    def end_hold(self, hold_id: str, person_id: str, at: datetime) -> None:
        """Keep that the missing papers arrived."""
        ...

    def open_hold(self, reception_id: str) -> Hold | None:
        """The hold in force."""
        ...

    def held(self) -> list[tuple[str, Hold]]:
        """All holds in force with their commissions, the nearest deadline first."""
        ...

    def add_rejection(self, rejection: Rejection) -> None:
        """Keep a rejection with its slip."""
        ...

    def rejections_of(self, reception_id: str) -> list[Rejection]:
        """Rejections of a reception in order."""
        ...

    def rejection_of_tag(self, tag: str) -> Rejection | None:
        """The slip under which a tag was refused, at whichever commission's reception."""
        ...

    def finish(self, reception_id: str, papers: ReceptionPapers, at: datetime) -> None:
        """Close a reception with its papers."""
        ...

    def papers_of(self, reception_id: str) -> ReceptionPapers | None:
        """Receipt and labels of a finished reception; ``None`` while it is open."""
        ...


class ReceptionStore(CounterStore, Protocol):
    """Repository of the stage: the counter, what arrives from the platform, and what is in the racks."""

    def put_commission(self, commission: Commission, received_at: datetime) -> None:
        """Keep a commission as the platform sent it; one that is known stays as it is."""
        ...

    def commission(self, number: str) -> Commission | None:
        """A commission that has arrived."""
        ...

    def waiting(self, words: str, limit: int) -> list[Commission]:
        """Commissions whose reception is not finished, newest first, found by part of number or project."""
        ...

    def commissions_of(self, project_code: str) -> list[Commission]:
        """Commissions of a project, newest first."""
        ...

    def put_tag(self, record: TagRecord) -> None:
        """Keep what the platform says of a tag."""
        ...

    def tag(self, tag: str) -> TagRecord | None:
        """What the platform said of a tag."""
        ...

    def add_lot(self, lot: Lot) -> None:
        """Keep a received lot with its specimens; refused for pieces that were not found right."""
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

    def unevaluated_lots(self, since: datetime, limit: int) -> list[Lot]:
        """Lots received since a moment and not evaluated yet, oldest first: what lies in the racks, however long ago it came."""
        ...
