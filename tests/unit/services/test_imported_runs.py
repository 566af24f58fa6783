"""A file of another program becomes a run of its specimen: once, marked, with the file kept; questions are asked, never guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.imported import TestState
from labdesk.domain.people import Role
from labdesk.domain.sealed_run import RunMark, decode_run
from labdesk.services.imported_runs import FileLook, ImportDesk, column_answers, file_columns
from labdesk.services.importing import Importing
from labdesk.services.runs import RunDeps
from tests.helpers import exports
from tests.helpers.benchworld import STATION, TECHNICIAN, UTM, BenchWorld, make_bench, session
from tests.helpers.exports import PEAK_KN, lines
from tests.helpers.stores import opened_engine

ONE, TWO, BEND = "G26-00417-1", "G26-00417-2", "G26-00417-3"
UNITLESS = ("Zeit,Kraft\n" + lines(lambda row: row[:2])).encode()
ABORTED = ("Time (s),Load (kN)\n" + "\n".join(f"{row[0]:.2f},{row[1]:.4f}" for row in exports.ROWS[:50])).encode()
EMPTY = ("Time (s),Load (kN)\n" + "\n".join(f"{at / 10:.1f},0.0" for at in range(40))).encode()


class Memory:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    def recall(self, fingerprint: str) -> Mapping[str, str]:
        return self.kept.get(fingerprint, {})

    def keep(self, fingerprint: str, answers: Mapping[str, str]) -> None:
        self.kept[fingerprint] = dict(answers)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BenchWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_bench(engine)


@pytest.fixture
def desk(world: BenchWorld) -> ImportDesk:
    deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
    return ImportDesk(deps, Importing(Memory()))


def look(desk: ImportDesk, data: bytes, **answers: str) -> FileLook:
    return desk.look("test.csv", data, answers)


@pytest.mark.rule("YK-7.2a")
def test_a_file_becomes_a_run_of_its_specimen_marked_as_imported(world: BenchWorld, desk: ImportDesk) -> None:
    data = exports.bluehill()
    run = desk.keep(look(desk, data), 0, ONE, UTM.id, session())
    assert (run.specimen_label, run.machine_id, run.loaded, run.marks) == (ONE, UTM.id, True, (RunMark.IMPORTED,))
    assert float(run.peak_kn or 0) == pytest.approx(PEAK_KN, abs=1e-3)
    header = decode_run(world.blobs.get(run.sealed_sha256)).header
    assert header.journal_sha256 == hashlib.sha256(data).hexdigest()
    assert world.blobs.get(header.journal_sha256) == data
    assert "test.csv" in header.end_detail
    assert world.desk.view(run.lot_no).runs[0].run == run


def test_the_same_test_is_imported_once_and_a_piece_is_loaded_once(desk: ImportDesk) -> None:
    desk.keep(look(desk, exports.bluehill()), 0, ONE, UTM.id, session())
    with pytest.raises(OperatorError, match=r"import_page\.taken"):
        desk.keep(look(desk, exports.bluehill()), 0, TWO, UTM.id, session())
    with pytest.raises(OperatorError, match=r"import_page\.loaded"):
        desk.keep(look(desk, exports.testxpert_german()), 0, ONE, UTM.id, session())


def test_two_tests_of_one_file_go_to_two_pieces(desk: ImportDesk) -> None:
    found = look(desk, exports.shimadzu_two())
    first = desk.keep(found, 0, ONE, UTM.id, session())
    second = desk.keep(found, 1, TWO, UTM.id, session())
    assert first.peak_kn != second.peak_kn
    assert first.id != second.id


def test_a_unit_nobody_printed_is_asked_and_remembered_when_told(desk: ImportDesk) -> None:
    found = look(desk, UNITLESS)
    assert found.found is None
    assert found.asked_units() == {"time", "force"}
    assert [column.title for column in found.columns] == ["Zeit", "Kraft"]
    with pytest.raises(OperatorError, match=r"import\.ask_unit"):
        desk.keep(found, 0, ONE, UTM.id, session())
    answers = column_answers(found, {"time": 1, "force": 2}, {"time": "s", "force": "kN"})
    told = desk.look("test.csv", UNITLESS, answers)
    assert told.found is not None
    desk.remember(told)
    again = look(desk, UNITLESS)
    assert again.found is not None
    assert again.found.remembered["force_unit"] == "kN"


def test_columns_without_titles_are_chosen_by_their_place(desk: ImportDesk) -> None:
    data = lines(lambda row: (row[0], row[2], row[1])).encode()
    found = look(desk, data)
    assert found.found is None
    assert not found.titled
    assert [column.place for column in found.columns] == [1, 2, 3]
    answers = column_answers(
        found, {"time": 1, "force": 3, "displacement": 2}, {"time": "s", "force": "kN", "displacement": "mm"}
    )
    told = desk.look("test.csv", data, answers)
    assert told.question is None
    assert told.found is not None
    curve = told.found.file.tests[0].curve
    assert curve is not None
    assert float(curve.force_kn.view.max()) == pytest.approx(PEAK_KN, abs=1e-3)
    assert curve.displacement_mm is not None
    assert column_answers(found, {"time": 0}, {}) == {}


def test_an_aborted_test_is_a_run_without_a_break_and_an_empty_one_is_none(desk: ImportDesk) -> None:
    aborted = look(desk, ABORTED)
    assert aborted.found is not None
    assert aborted.found.file.tests[0].state is TestState.ABORTED
    run = desk.keep(aborted, 0, ONE, UTM.id, session())
    assert run.end_reason is EndReason.OPERATOR
    assert set(run.marks) == {RunMark.IMPORTED, RunMark.NO_BREAK}
    with pytest.raises(OperatorError, match=r"import_page\.empty"):
        desk.keep(look(desk, EMPTY), 0, TWO, UTM.id, session())


@pytest.mark.parametrize(
    ("label", "machine", "key"),
    [
        (BEND, UTM.id, "import_page.nothing_planned"),
        ("G26-09999-1", UTM.id, "bench.unknown_label"),
        (ONE, "", "bench.unknown_machine"),
    ],
)
def test_what_does_not_fit_is_refused(desk: ImportDesk, label: str, machine: str, key: str) -> None:
    with pytest.raises(OperatorError, match=key.replace(".", r"\.")):
        desk.keep(look(desk, exports.bluehill()), 0, label, machine, session())


def test_who_has_no_part_in_testing_imports_nothing(desk: ImportDesk) -> None:
    with pytest.raises(OperatorError, match=r"import_page\.role"):
        who = session(replace(TECHNICIAN, roles=(Role.RECEPTION,)))
        desk.keep(look(desk, exports.bluehill()), 0, ONE, UTM.id, who)


def test_a_machine_out_of_calibration_takes_no_test(world: BenchWorld, desk: ImportDesk) -> None:
    world.change_machine(replace(UTM, certificate_valid_to=date(2026, 1, 31)))
    with pytest.raises(OperatorError, match=r"import_page\.calibration"):
        desk.keep(look(desk, exports.bluehill()), 0, ONE, UTM.id, session())


def test_no_test_at_that_place_or_no_table_at_all(desk: ImportDesk, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"import_page\.question"):
        desk.keep(look(desk, exports.bluehill()), 7, ONE, UTM.id, session())
    assert look(desk, b"nothing here").found is None
    assert file_columns(b"\x00" * 40, {}) == ((), False)
    with pytest.raises(EnvironmentFault):
        desk.open(tmp_path / "missing.csv")
