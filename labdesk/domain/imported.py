"""A finished test as another program exported it: what the file says, what LabDesk made of it, and what it left alone.

Nothing here was captured by LabDesk. Channels keep the title and the unit that were printed; a unit that nobody printed is
asked for, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import Remark


class ChannelKind(StrEnum):
    """What a column of an export is."""

    TIME = "time"
    FORCE = "force"
    EXTENSION = "extension"
    DISPLACEMENT = "displacement"
    STRAIN = "strain"
    OTHER = "other"
    """Read and listed, not used: stress, set points, speeds, temperatures ..."""


class TestState(StrEnum):
    """Whether the exported test was carried through."""

    __test__ = False

    COMPLETE = "complete"
    """The force fell from its peak, or the file says that the piece broke."""
    ABORTED = "aborted"
    """The curve ends under load, or the file itself says that the test was stopped."""
    EMPTY = "empty"
    """A header without samples, or samples that never left zero."""
    RESULTS_ONLY = "results-only"
    """The file states results and holds no curve."""


@dataclass(frozen=True)
class ImportedChannel:
    """One column as printed.

    Attributes:
        title: as printed.
        kind: what it is.
        unit: as printed, or as the person answered; empty where there is none.
        used_as: column of the curve it became (``force_kn`` ...), empty if it was not used.
        samples: numbers in it.
        smallest, largest: of these numbers, exact, in ``unit``; ``None`` without numbers.
    """

    title: str
    kind: ChannelKind
    unit: str
    used_as: str
    samples: int
    smallest: Decimal | None
    largest: Decimal | None


@dataclass(frozen=True)
class StatedResult:
    """A result that the other program printed.

    Attributes:
        symbol: the standards' symbol (``Fm``, ``Rm``, ``Rp0.2``, ``A`` ...).
        name, text, unit: as printed.
        value: the number in ``unit``.
    """

    symbol: str
    name: str
    text: str
    unit: str
    value: Decimal


@dataclass(frozen=True, eq=False)
class ImportedTest:
    """One specimen's test.

    Attributes:
        specimen: its name in the file, may be empty.
        state: carried through, aborted, empty, or results without a curve.
        channels: every column.
        curve: what can be evaluated; ``None`` when there is none. ``curve.metadata`` repeats the geometry.
        geometry: LabDesk's names (``s0_mm2`` ...) to exact text.
        notes: further facts by LabDesk's names (date, operator, machine, standard), as printed.
        results: as stated in the file.
        remarks: what a person should know.
    """

    specimen: str
    state: TestState
    channels: tuple[ImportedChannel, ...]
    curve: Curve | None
    geometry: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    results: tuple[StatedResult, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class ImportedFile:
    """An export.

    Attributes:
        vendor: program that wrote it, as far as the content shows (``zwick-testxpert``, ``instron-bluehill``, ``mts-793`` ...).
        container: ``text``, ``xlsx``, ``xls``, ``xml``.
        encoding: of a text (``utf-8``, ``utf-16-le``, ``gb18030``, ``cp1252`` ...); empty for workbooks.
        decimal_mark: ``.`` or ``,``.
        layout: ``table``, or the letter of a Chinese platform's curve encoding.
        tests: one per specimen, in the order of the file.
        sha256: of the file's bytes.
    """

    vendor: str
    container: str
    encoding: str
    decimal_mark: str
    layout: str
    tests: tuple[ImportedTest, ...]
    sha256: str


@dataclass(frozen=True)
class Comparison:
    """A stated result beside ours.

    Attributes:
        stated: as printed.
        ours: computed from the curve in the same unit; ``None`` where the curve does not give it.
        difference: ours minus stated, in the result's unit.
        agrees: within the tolerance; ``None`` without a value of ours.
        tolerance: as text (``0.5 %``).
    """

    stated: StatedResult
    ours: Decimal | None
    difference: Decimal | None
    agrees: bool | None
    tolerance: str
