"""What the stage ``review`` keeps: its repository as services see it."""

from __future__ import annotations

from typing import Protocol

from labdesk.domain.ports.gap_reasons import GapReasonStore
from labdesk.domain.review import Draft, RawRecord, Return, Signature, Viewing


class ReviewStore(Protocol):
    """Repository of raw records, drafts, signatures, returns and viewings; four eyes are held by the database too."""

    @property
    def gap_reasons(self) -> GapReasonStore: ...

    def add_record(self, record: RawRecord) -> None:
        """Keep a raw record."""
        ...

    def record(self, record_id: str) -> RawRecord | None:
        """A raw record by key."""
        ...

    def records_of_lot(self, lot_no: str) -> list[RawRecord]:
        """Raw records of a lot, oldest first."""
        ...

    def add_draft(self, draft: Draft) -> None:
        """Keep a draft; refused unless main tester and checker signed its raw record."""
        ...

    def draft(self, draft_id: str) -> Draft | None:
        """A draft by key."""
        ...

    def drafts_of_lot(self, lot_no: str) -> list[Draft]:
        """Drafts of a lot, oldest first."""
        ...

    def add_signature(self, signature: Signature) -> None:
        """Keep a signature; refused when order, persons or authority are not right."""
        ...

    def signatures_of(self, subject_id: str) -> list[Signature]:
        """Signatures on a raw record or draft, in order."""
        ...

    def add_return(self, returned: Return) -> None:
        """Keep that a raw record or draft was given back."""
        ...

    def return_of(self, subject_id: str) -> Return | None:
        """Why a raw record or draft was given back, if it was."""
        ...

    def add_viewing(self, viewing: Viewing) -> None:
        """Keep that somebody opened a page."""
        ...

    def viewings_of(self, subject_id: str, person_id: str) -> set[str]:
        """What a person has opened of a subject."""
        ...

    def open_records(self) -> list[RawRecord]:
        """Raw records that are neither fully signed nor returned, oldest first."""
        ...

    def open_drafts(self) -> list[Draft]:
        """Drafts that are neither fully signed nor returned, oldest first."""
        ...

    def newest_drafts(self, limit: int) -> list[Draft]:
        """Drafts of every state, newest first."""
        ...
