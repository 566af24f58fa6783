"""Lots and specimens after reception: what lies in the rack, what is to be done with it, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from labdesk.domain.evaluation import TestKind
from labdesk.domain.people import Field

#: Between a piece's label and the number of one of several determinations on it: ``C26-00012-1/2``.
DETERMINATION = "/"


def piece_label(label: str) -> str:
    """The piece that a determination was made on; a piece's own label as it is."""
    return label.partition(DETERMINATION)[0]


class LotState(StrEnum):
    """Where a received lot stands; derived from what is stored, never set by hand."""

    TESTING = "testing"
    TO_MEASURE = "to-measure"
    EVALUATED = "evaluated"
    RECORD_SIGNED = "record-signed"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    ISSUED = "issued"


@dataclass(frozen=True)
class Specimen:
    """One piece on its way through the laboratory.

    Attributes:
        id: UUIDv7.
        label: blind number (``G26-00417-2``), body of its label code (kind ``S``).
        tag: body of the site tag it came with.
        lot_no: the lot it belongs to.
        piece: 1, 2, 3 ... within the lot.
        tests: chain of tests planned at reception; a spare has none until it replaces another.
        spare: received as a replacement piece.
    """

    id: str
    label: str
    tag: str
    lot_no: str
    piece: int
    tests: tuple[TestKind, ...]
    spare: bool = False


@dataclass(frozen=True)
class Lot:
    """A received lot: pieces tested, judged and reported together.

    Attributes:
        number: continuous per year (``GJ-2026-00417``).
        commission_no, lot_index: where it comes from.
        project_code: kept here for the platform; the bench never shows it (blind sample).
        method, field, material, settings, part, quantity, batch, maker: as commissioned.
        received_at, received_by: when and by whom (name).
        cast_at: casting moment of concrete.
        age_days: age at test, for concrete.
        due_at: when it should be tested; ``None`` = as soon as possible.
        client_commissioned: False when the client did not commission it: the report then says so (O57 art. 21, YK-4.1).
        profile_edition: edition of the region profile it was received under.
        specimens: all pieces, spares last.
    """

    number: str
    commission_no: str
    lot_index: int
    project_code: str
    method: str
    field: Field
    material: str
    settings: Mapping[str, str]
    part: str
    quantity: str
    batch: str
    maker: str
    received_at: datetime
    received_by: str
    cast_at: datetime | None
    age_days: int | None
    due_at: datetime | None
    client_commissioned: bool
    profile_edition: str
    specimens: tuple[Specimen, ...]

    def specimen(self, label: str) -> Specimen | None:
        """The piece with that label, if it is of this lot."""
        return next((piece for piece in self.specimens if piece.label == label), None)
