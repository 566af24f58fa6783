"""Finished tests of other programs: read, compared with what they state, written as LabDesk's own curve file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from labdesk.domain.curve import Curve
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import Comparison, ImportedFile, ImportedTest
from labdesk.domain.ports.importing import ColumnMemory
from labdesk.services.curve_files import write_curve
from labdesk.services.imports.cells import read_cells
from labdesk.services.imports.comparing import compare, disagreements
from labdesk.services.imports.reading import read_export
from labdesk.services.imports.settings import COLUMNS
from labdesk.services.imports.tables import take_apart
from labdesk.services.imports.words import plain

LARGEST_FILE = 400_000_000
#: Answers that belong to a kind of file; dimensions and the chosen specimen belong to one file only.
REMEMBERED = (
    *COLUMNS, *(f"{name}_unit" for name in COLUMNS), "columns", "decimal", "encoding", "curve_a", "curve_b", "sampling_hz",
)  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """A file that was read.

    Attributes:
        comparisons: one tuple per test of ``file``.
        remembered: answers that were applied because somebody gave them for such a table before.
    """

    file: ImportedFile
    comparisons: tuple[tuple[Comparison, ...], ...]
    remembered: Mapping[str, str]


class Importing:
    """Reads exports; ``memory`` keeps answers by the look of a table."""

    def __init__(self, memory: ColumnMemory | None = None) -> None:
        self._memory = memory

    def read(self, path: Path, settings: Mapping[str, str], *, remember: bool = False) -> Imported:
        """The tests in a file.

        Raises:
            EnvironmentFault: ``curve_file.unreadable``.
            OperatorError: ``import.*``, ``curve_file.*``: nothing to read, or something that only a person knows.
        """
        data = read_bytes(path)
        return self.parse(data, settings, remember=remember)

    def parse(self, data: bytes, settings: Mapping[str, str], *, remember: bool = False) -> Imported:
        """As :meth:`read`, from bytes."""
        key = fingerprint(data) if self._memory is not None else ""
        known = dict(self._memory.recall(key)) if self._memory is not None else {}
        applied = {name: answer for name, answer in known.items() if name not in settings}
        file = read_export(data, {**applied, **settings})
        if remember and self._memory is not None:
            kept = {name: answer for name, answer in {**applied, **settings}.items() if name in REMEMBERED}
            self._memory.keep(key, kept)
        comparisons = tuple(compare(test) for test in file.tests)
        tests = tuple(
            replace(test, remarks=(*test.remarks, *disagreements(found)))
            for test, found in zip(file.tests, comparisons, strict=True)
        )
        return Imported(replace(file, tests=tests), comparisons, applied)


def read_bytes(path: Path) -> bytes:
    """A file's bytes; raises EnvironmentFault ``curve_file.unreadable``, OperatorError ``curve_file.too_large``."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise OperatorError("curve_file.too_large", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentFault("curve_file.unreadable", file=path.name, reason=error.strerror or str(error)) from error


def fingerprint(data: bytes) -> str:
    """What tables with the same titles have in common; files without titles go by their number of columns."""
    try:
        cells = read_cells(data, ".")
    except LabDeskError:
        return ""
    for sheet in cells.sheets:
        for block in take_apart(replace(sheet, rows=sheet.rows[:400])).blocks:
            titles = "|".join(plain(column.title) for column in block.columns)
            return hashlib.sha256(titles.encode()).hexdigest()[:32]
    widths = [len(row) for sheet in cells.sheets for row in sheet.rows[:400] if len(row) > 1]
    return f"untitled-{max(set(widths), key=widths.count)}" if widths else "untitled"


def own_curve(test: ImportedTest, file: ImportedFile) -> str:
    """LabDesk's own curve file of a test, marked as imported; raises OperatorError ``import.no_curve``."""
    if test.curve is None:
        raise OperatorError("import.no_curve", specimen=test.specimen or "-")
    stated = {f"stated_{place}": f"{item.symbol} {item.text} {item.unit}" for place, item in enumerate(test.results, 1)}
    origin = {"origin": f"imported from {file.vendor}", "origin_sha256": file.sha256, "state": test.state.value}
    metadata = {**stated, **origin, **test.curve.metadata}
    curve = test.curve
    return write_curve(
        Curve(curve.time_s, curve.force_kn, curve.extension_mm, curve.displacement_mm, curve.gaps, metadata)
    )


def all_remarks(test: ImportedTest, remembered: Mapping[str, str]) -> tuple[Remark, ...]:
    """Everything a person should know of a test, what was remembered first."""
    if not remembered:
        return test.remarks
    shown = ", ".join(f"{name}={answer}" for name, answer in sorted(remembered.items()))
    return (Remark("import.remembered", {"answers": shown}), *test.remarks)
