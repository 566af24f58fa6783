"""Human numbers: a prefix per category, continuous per year; a refused sample takes none, a void one is listed."""

from __future__ import annotations

from dataclasses import dataclass

from labdesk.domain.people import Field

LOT_PREFIX = {Field.STEEL: "GJ", Field.CONCRETE: "HNT", Field.MATERIALS: "CL"}
LABEL_LETTER = {Field.STEEL: "G", Field.CONCRETE: "H", Field.MATERIALS: "C"}
REPORT_PREFIX = "BG"
RECORD_PREFIX = "YS"
SLIP_PREFIX = "JS"


@dataclass(frozen=True)
class Number:
    """A number of a yearly series: ``GJ-2026-00417``."""

    prefix: str
    year: int
    value: int

    def text(self) -> str:
        """As printed."""
        return f"{self.prefix}-{self.year}-{self.value:05d}"


def specimen_label(field: Field, number: Number, piece: int) -> str:
    """Blind number of a specimen (``G26-00417-2``): sayable aloud, names neither project nor maker."""
    return f"{LABEL_LETTER[field]}{number.year % 100:02d}-{number.value:05d}-{piece}"
