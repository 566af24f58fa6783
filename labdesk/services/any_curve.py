"""Curves for an evaluation out of any file: LabDesk's own, MTS 793 text, or another program's export through the importer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from labdesk.domain.curve import Curve
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import TestState
from labdesk.services.curve_files import CurveFile, parse_curve
from labdesk.services.curve_tables import decode
from labdesk.services.importing import REMEMBERED, Importing, read_bytes

OWN_COLUMNS = frozenset({"time_s", "force_kn", "extension_mm", "displacement_mm"})
ANSWERS = frozenset({*REMEMBERED, "specimen"})
"""Settings that say what a foreign file does not (``force_unit=kN``); no method has an input of these names."""
_NEEDED_TO_READ = ("l0_mm", "le_mm", "s0_mm2")
#: An export is told by its first lines: characters looked at, and lines among them that are neither empty nor a remark.
_HEAD, _FEW_LINES = 200_000, 4
_NOT_SEEN = frozenset({"import.no_table", "import.ask_columns"})


def read_any_curve(path: Path, settings: Mapping[str, str]) -> tuple[tuple[str, CurveFile], ...]:
    """The curves in a file, each with its name: the file's, or the specimen's where the file holds several tests.

    ``settings`` are those of the evaluation; of them only :data:`ANSWERS`, the gauge length (a strain column becomes an
    extension by it) and the area (a stress read as force) are used.

    Raises:
        EnvironmentFault: ``curve_file.unreadable``.
        OperatorError: ``curve_file.*``, ``import.*``: no curve, or a question: units are never guessed.
    """
    data = read_bytes(path)
    sizes = {name: settings[name] for name in _NEEDED_TO_READ if _is_number(settings.get(name, ""))}
    if _is_own(data):
        return ((path.stem, parse_curve(data, sizes)),)
    answers = {name: text for name, text in settings.items() if name in ANSWERS} | sizes
    try:
        tests = Importing().parse(data, answers).file.tests
    except OperatorError as error:
        if error.key in _NOT_SEEN:
            _say_more(data)
        raise
    found = [(test.specimen, test.curve, test.remarks) for test in tests if test.curve is not None]
    if not found and all(test.state is TestState.EMPTY for test in tests):
        raise OperatorError("import.empty_file", file=path.name)
    if not found:
        raise OperatorError("import.no_curve", specimen=tests[0].specimen or path.stem)
    return tuple(_named(path, place, len(found), *each) for place, each in enumerate(found, 1))


def _named(
    path: Path, place: int, count: int, specimen: str, curve: Curve, remarks: tuple[Remark, ...]
) -> tuple[str, CurveFile]:
    name = path.stem if count == 1 else specimen or f"{path.stem}-{place}"
    return name, CurveFile(curve, remarks)


def _is_own(data: bytes) -> bool:
    """MTS 793 text, or LabDesk's columns with commas between numbers that have none: their units are in their names."""
    text = decode(data)
    if text.startswith("MTS793|"):
        return True
    lines = _filled(text[:_HEAD])
    if len(lines) < _FEW_LINES and len(text) > _HEAD:
        lines = _filled(text)
    if not lines:
        return False
    return set(lines[0].split(",")) <= OWN_COLUMNS and not any('"' in line for line in lines[1:3])


def _filled(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _say_more(data: bytes) -> None:
    """Raises what the curve reader says of a table that lacks a channel; nothing if it has nothing to add."""
    try:
        parse_curve(data)
    except OperatorError as error:
        if error.key in ("curve_file.no_force", "curve_file.no_time"):
            raise
    except LabDeskError:
        return
