"""A finished test of another program becomes a run of its specimen: looked at, its questions answered, stored and read back.

The file itself is kept by its hash; the sealed run names that hash where a captured one names its raw journal, and is marked as
imported, so that nobody takes it for one of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from labdesk.domain.bench import loading_run, next_test
from labdesk.domain.clock import WALL
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.imported import ImportedTest, TestState
from labdesk.domain.machines import Machine
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor
from labdesk.domain.testing import Run
from labdesk.domain.watching import RawRecord, SourceKind, WatchedSource
from labdesk.services.importing import Imported, Importing, read_bytes
from labdesk.services.imports.cells import is_number, read_cells
from labdesk.services.imports.settings import COLUMNS
from labdesk.services.imports.tables import take_apart
from labdesk.services.runs import RunCollector, RunDeps
from labdesk.services.watched.sealing import ImportedRuns, run_id_of, seal
from labdesk.services.watched.understanding import Understood, moment_of

MAY_IMPORT = (Role.TECHNICIAN, Role.QUALITY)
MEDIA_TYPE = "application/vnd.labdesk.imported-file"
#: What LabDesk needs of a table, in the order it is shown, with the units that are offered; strain is a ratio.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "time": ("s", "ms", "min", "h"),
    "force": ("kN", "N", "MN", "kgf", "tf", "lbf"),
    "extension": ("mm", "µm", "cm", "m", "in"),
    "displacement": ("mm", "µm", "cm", "m", "in"),
    "strain": ("%", "mm/mm", "µm/m"),
}
_EXAMPLES = 3


@dataclass(frozen=True)
class FileColumn:
    """A column as it stands in the file.

    Attributes:
        place: counted from 1, as the answers name it.
        title, unit: as printed; empty where nothing is printed.
        examples: its first cells.
        kind: what its title says it is (``force`` ...), empty without a title.
    """

    place: int
    title: str
    unit: str
    examples: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class FileLook:
    """A file that was opened.

    Attributes:
        name, data, sha256: the file.
        answers: what the person said.
        columns: of its table, as printed; empty for other layouts.
        titled: whether the columns are known by their titles; else they are named by their places.
        found: what was read; ``None`` while something is asked or nothing can be read.
        question: why it is ``None``.
    """

    name: str
    data: bytes
    sha256: str
    answers: Mapping[str, str]
    columns: tuple[FileColumn, ...]
    titled: bool
    found: Imported | None
    question: LabDeskError | None

    def asked_units(self) -> frozenset[str]:
        """Quantities whose unit nobody printed."""
        asked = str(self.question.params.get("answer", "")) if self.question is not None else ""
        return frozenset(name for name in NEEDED if f"{name}_unit=" in asked)


@dataclass(frozen=True)
class ImportPiece:
    """The specimen a test is imported for; blind: neither project nor maker.

    Attributes:
        test: what is planned for it, ``None`` if nothing is loaded of it.
        loaded: the run that loaded it before, if there is one.
    """

    specimen: Specimen
    lot: Lot
    test: TestKind | None
    loaded: Run | None


class ImportDesk:
    """The use case of the page: open a file, answer, choose test, piece and machine, keep."""

    def __init__(self, deps: RunDeps, importing: Importing) -> None:
        self._deps = deps
        self._importing = importing

    def open(self, path: Path, answers: Mapping[str, str] | None = None) -> FileLook:
        """A file from disk.

        Raises:
            EnvironmentFault: ``curve_file.unreadable``.
            OperatorError: ``curve_file.too_large``.
        """
        return self.look(path.name, read_bytes(path), answers or {})

    def look(self, name: str, data: bytes, answers: Mapping[str, str], *, remember: bool = False) -> FileLook:
        """What the file holds under these answers; what must be asked is part of the answer, not an error."""
        said = {key: text for key, text in answers.items() if text.strip()}
        columns, titled = file_columns(data, said)
        found, question = None, None
        try:
            found = self._importing.parse(data, said, remember=remember)
        except OperatorError as error:
            question = error
        return FileLook(name, data, hashlib.sha256(data).hexdigest(), said, columns, titled, found, question)

    def machines(self) -> list[Machine]:
        """Machines a test may have been made on."""
        with self._deps.store.read() as uow:
            return uow.equipment.all()

    def piece(self, label: str) -> ImportPiece:
        """The specimen with that label; raises OperatorError ``bench.unknown_label``."""
        with self._deps.store.read() as uow:
            specimen = uow.reception.specimen(label)
            lot = uow.reception.lot(specimen.lot_no) if specimen is not None else None
            if specimen is None or lot is None:
                raise OperatorError("bench.unknown_label", label=label)
            runs = uow.testing.runs_of_lot(lot.number)
            invalid = uow.testing.invalidations_of_lot(lot.number)
            findings = uow.testing.findings_of_lot(lot.number)
        kinds = {run.id: run.test for run in runs if run.test is not None}
        return ImportPiece(
            specimen, lot, next_test(specimen, invalid, kinds), loading_run(specimen.label, runs, findings)
        )

    def keep(self, look: FileLook, place: int, label: str, machine_id: str, session: Session) -> Run:
        """The ``place``-th test of the file as a run of the piece, the file beside it; read back before it is returned.

        Raises:
            OperatorError: ``import_page.role``, ``import_page.question``, ``import_page.no_curve``, ``import_page.empty``,
                ``import_page.taken``, ``import_page.loaded``, ``import_page.nothing_planned``, ``import_page.calibration``,
                ``bench.unknown_label``, ``bench.unknown_machine``, or what the database refuses.
            EnvironmentFault: ``import_page.not_kept``, or a disk or database that cannot be used.
        """
        if not any(session.person.may(role) for role in MAY_IMPORT):
            raise OperatorError("import_page.role", name=session.person.name)
        test = _test_of(look, place)
        piece = self.piece(label)
        machine = self._machine(machine_id)
        at = moment_of(test.notes.get("date", ""))
        self._check(piece, machine, at)
        source = _source(look, piece, machine, session.person)
        record = RawRecord(str(place + 1), look.data)
        run_id = run_id_of(source, record)
        with self._deps.store.read() as uow:
            known = uow.testing.run(run_id)
        if known is not None:
            raise OperatorError(
                "import_page.taken", file=look.name, run=known.number, label=known.specimen_label or "-"
            )
        what = Understood(label, test.notes.get("operator", ""), at, test)
        sealed = seal(source, machine, record, what, self._deps.clock.now())
        self._keep_file(look, session)
        RunCollector(self._deps, ImportedRuns([sealed])).collect()
        return self._read_back(look, run_id)

    def remember(self, look: FileLook) -> FileLook:
        """Keep the answers for files with the same titles; raises EnvironmentFault ``import.memory``."""
        return self.look(look.name, look.data, look.answers, remember=True)

    def _machine(self, machine_id: str) -> Machine:
        with self._deps.store.read() as uow:
            machine = uow.equipment.get(machine_id) if machine_id else None
        if machine is None:
            raise OperatorError("bench.unknown_machine", machine=machine_id or "-")
        return machine

    def _check(self, piece: ImportPiece, machine: Machine, at: datetime | None) -> None:
        """Nothing is loaded twice, nothing without a plan, and not on a machine that was out of calibration."""
        label = piece.specimen.label
        if piece.loaded is not None:
            raise OperatorError("import_page.loaded", label=label, run=piece.loaded.number)
        if piece.test is None:
            raise OperatorError("import_page.nothing_planned", label=label)
        day = (at or self._deps.clock.now()).astimezone(WALL).date()
        if not machine.calibration().holds_on(day):
            raise OperatorError("import_page.calibration", machine=machine.number, day=day.isoformat())

    def _keep_file(self, look: FileLook, session: Session) -> None:
        digest = self._deps.blobs.put(look.data)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            uow.blobs.add(digest, len(look.data), MEDIA_TYPE, self._deps.clock.now())
            uow.commit()

    def _read_back(self, look: FileLook, run_id: str) -> Run:
        with self._deps.store.read() as uow:
            run = uow.testing.run(run_id)
        if run is None or self._deps.blobs.get(look.sha256) != look.data:
            raise EnvironmentFault("import_page.not_kept", file=look.name)
        return run


def _tests(look: FileLook) -> tuple[ImportedTest, ...]:
    return look.found.file.tests if look.found is not None else ()


def _test_of(look: FileLook, place: int) -> ImportedTest:
    """The chosen test, if there is a curve in it."""
    tests = _tests(look)
    if not 0 <= place < len(tests):
        raise look.question or OperatorError("import_page.question", file=look.name)
    test = tests[place]
    if test.state is TestState.EMPTY:
        raise OperatorError("import_page.empty", file=look.name)
    if test.curve is None:
        raise OperatorError("import_page.no_curve", file=look.name)
    return test


def _source(look: FileLook, piece: ImportPiece, machine: Machine, person: Person) -> WatchedSource:
    """The file as a source of one record; the same bytes give the same run, whoever brings them."""
    vendor = look.found.file.vendor if look.found is not None else ""
    return WatchedSource(
        id="file",
        name=f"{vendor} file {look.name}".strip(),
        machine_id=machine.id,
        kind=SourceKind.FOLDER,
        location=look.name,
        mapping={},
        settle_s=0,
        method=piece.lot.method,
        responsible_id=person.id,
        responsible_name=person.name,
    )


def file_columns(data: bytes, answers: Mapping[str, str]) -> tuple[tuple[FileColumn, ...], bool]:
    """The columns of the first table of samples as printed, and whether they have titles; empty where there is no table."""
    mark = {"point": ".", "comma": ","}.get(answers.get("decimal", ""), answers.get("decimal", ""))
    try:
        cells = read_cells(data, mark or ".")
    except LabDeskError:
        return (), False
    for sheet in cells.sheets:
        for block in take_apart(replace(sheet, rows=sheet.rows[:400])).blocks:
            found = tuple(
                FileColumn(
                    column.place + 1,
                    column.title,
                    column.unit.name if column.unit is not None else "",
                    tuple(row[column.place].strip() for row in block.rows[:_EXAMPLES] if column.place < len(row)),
                    column.kind.value,
                )
                for column in block.columns
            )
            return found, True
    rows = [row for sheet in cells.sheets for row in sheet.rows[:400] if len(row) > 1]
    if not rows:
        return (), False
    width = max(len(row) for row in rows)
    wide = [row for row in rows if len(row) == width]
    first = next((at for at, row in enumerate(wide) if sum(map(is_number, row)) * 2 > width), 0)
    above = wide[first - 1] if first else [""] * width
    titles = ["" if is_number(cell) else cell.strip() for cell in above]
    body = wide[first : first + _EXAMPLES]
    return tuple(
        FileColumn(at + 1, titles[at], "", tuple(row[at].strip() for row in body)) for at in range(width)
    ), False


def column_answers(look: FileLook, columns: Mapping[str, int], units: Mapping[str, str]) -> dict[str, str]:
    """What was chosen side by side as answers: quantity to the column's place (0: not used) and to its unit."""
    said = {f"{name}_unit": unit for name, unit in units.items() if unit and columns.get(name)}
    if look.titled:
        titles = {column.place: column.title or str(column.place) for column in look.columns}
        return said | {name: titles.get(place, "-") for name, place in columns.items() if name in COLUMNS}
    named = {place: name for name, place in columns.items() if place}
    if not named:
        return {}
    own = {name: name for name in named.values()}
    return said | own | {"columns": ",".join(named.get(column.place, "-") for column in look.columns)}
