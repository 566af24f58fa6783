"""Answers are remembered by the look of a table; stated results that their curve contradicts are said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.services.curve_files import parse_curve
from labdesk.services.importing import Importing, all_remarks, fingerprint, own_curve
from labdesk.services.imports.reading import read_export
from tests.helpers import exports
from tests.helpers.exports import PEAK_KN, lines


class Memory:
    """Answers in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    def recall(self, fingerprint: str) -> Mapping[str, str]:
        return self.kept.get(fingerprint, {})

    def keep(self, fingerprint: str, answers: Mapping[str, str]) -> None:
        self.kept[fingerprint] = dict(answers)


UNITLESS = ("Zeit,Kraft\n" + lines(lambda row: row[:2])).encode()


def test_an_answer_is_asked_once_and_remembered_for_the_same_titles() -> None:
    importing = Importing(Memory())
    with pytest.raises(OperatorError, match="ask_unit"):
        importing.parse(UNITLESS, {})
    importing.parse(UNITLESS, {"time_unit": "s", "force_unit": "kN", "l0_mm": "50"}, remember=True)
    again = importing.parse(UNITLESS.replace(b"Zeit", b"ZEIT"), {})
    assert again.remembered == {"time_unit": "s", "force_unit": "kN"}  # never a dimension
    assert all_remarks(again.file.tests[0], again.remembered)[0].key == "import.remembered"
    with pytest.raises(OperatorError, match="ask_unit"):
        importing.parse(("Zeit,Kraft,Weg\n" + lines(lambda row: row[:3])).encode(), {})


def test_nothing_is_remembered_unasked() -> None:
    memory = Memory()
    Importing(memory).parse(UNITLESS, {"time_unit": "s", "force_unit": "kN"})
    assert memory.kept == {}


def test_an_explicit_answer_wins_over_a_remembered_one() -> None:
    memory = Memory()
    memory.keep(fingerprint(UNITLESS), {"time_unit": "s", "force_unit": "N"})
    found = Importing(memory).parse(UNITLESS, {"force_unit": "kN"})
    curve = found.file.tests[0].curve
    assert curve is not None
    assert float(curve.force_kn.view.max()) == pytest.approx(PEAK_KN)


def test_a_stated_result_that_the_curve_contradicts_is_said_and_kept() -> None:
    data = ("Fmax;45,0;kN\nZeit (s);Kraft (kN)\n" + lines(lambda row: row[:2], ";", ",")).encode()
    found = Importing().parse(data, {})
    (comparison,) = found.comparisons[0]
    assert comparison.agrees is False
    assert comparison.stated.text == "45,0"
    assert [item.key for item in found.file.tests[0].remarks] == ["import.result_differs"]


def test_our_own_file_gives_the_same_numbers_and_says_where_it_came_from() -> None:
    file = read_export(exports.chinese())
    again = parse_curve(own_curve(file.tests[0], file).encode()).curve
    before = file.tests[0].curve
    assert before is not None
    assert [again.force_kn.exact(at) for at in range(len(again))] == [
        before.force_kn.exact(at) for at in range(len(before))
    ]
    assert again.metadata["diameter_mm"] == "16"
    assert again.metadata["origin_sha256"] == file.sha256
    assert own_curve(read_export(own_curve(file.tests[0], file).encode()).tests[0], file)


def test_results_alone_give_no_curve_file() -> None:
    file = read_export(b"Specimen;Fmax;d0\n;kN;mm\nP1;410;100\nP2;387;100\n")
    assert [test.specimen for test in file.tests] == ["P1", "P2"]
    with pytest.raises(OperatorError, match="no_curve"):
        own_curve(file.tests[0], file)
