"""Every method of the catalogue has an entry sheet, and what is typed there comes out as the method's own examples say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind, Verdict
from labdesk.domain.people import Field, Person, Role, Session
from labdesk.domain.reception import plan_tests
from labdesk.domain.sentences import Language, say
from labdesk.domain.specimens import Lot, Specimen, piece_label
from labdesk.domain.testing import Entry
from labdesk.services import lot_forms, method_sources
from labdesk.services.entries import Entries, EntryField
from labdesk.services.evaluating import Evaluating, lot_input, read_lot
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.method_catalogue import DataMethods
from labdesk.services.runs import RunDeps
from labdesk.standards.methods.catalogue import shipped_methods
from labdesk.standards.methods.examples import work_example
from labdesk.standards.methods.schema import DataMethod, Example, Per
from tests.helpers.receptionworld import bars, cubes
from tests.helpers.sheetworld import order, typed_values
from tests.helpers.stores import START, CountingIds, SetClock

METHODS = shipped_methods().newest()
WHO = Session(Person("p-sun", "孙晓", "M1001", (Role.TECHNICIAN,)), "材料室", START)
NUMBER = "CL-2026-00001"


def lot_of(
    method: str, pieces: int = 1, settings: Mapping[str, str] | None = None, received_at: datetime = START
) -> Lot:
    """A received lot with so many tagged pieces."""
    wanted = order(method, [f"YK{at}" for at in range(1, pieces + 1)], settings)
    chains = plan_tests(wanted, tuple(range(1, pieces + 1)))
    specimens = tuple(
        Specimen(f"s-{at}", f"C26-00001-{at}", f"YK{at}", NUMBER, at, chains[at]) for at in range(1, pieces + 1)
    )
    return Lot(
        NUMBER, "WT-1", 1, "LN-1", method, Field.MATERIALS, wanted.material, wanted.settings, "", "400 m³", "", "",
        received_at, "李雯", None, None, None, True, "2026-01-01", specimens,
    )  # fmt: skip


class Nothing:
    """A repository in which there is nothing, whatever is asked."""

    def __getattr__(self, name: str) -> Nothing:
        return self

    def __call__(self, *asked: object) -> list[Any]:
        return []


class Entered(Nothing):
    """Entries, and no runs or words about runs."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    def entries_of_lot(self, lot_no: str) -> list[Entry]:
        del lot_no
        return list(self._entries)

    def add_entry(self, entry: Entry) -> None:
        self._entries.append(entry)


class Unit(Nothing):
    """A unit of work on one lot."""

    def __init__(self, lot: Lot, entries: list[Entry]) -> None:
        self.testing = Entered(entries)
        self.reception = SimpleNamespace(lot=lambda number: lot if number == lot.number else None)


@dataclass
class Memory:
    """A store that keeps entries in a list: what the sheet needs and nothing else."""

    lot: Lot
    entries: list[Entry] = field(default_factory=list)

    def read(self) -> Memory:
        return self

    def write(self, actor: object) -> Memory:
        del actor
        return self

    def __enter__(self) -> Unit:
        return Unit(self.lot, self.entries)

    def __exit__(self, *error: object) -> None:
        return None


@dataclass
class Sheet:
    """One lot's sheet with the services behind it."""

    store: Memory
    clock: SetClock
    entries: Entries
    evaluating: Evaluating

    def type_in(self, values: Mapping[tuple[str, str], str]) -> None:
        """Types what the sheet shows, until all of it stands there; rows may appear by typing."""
        left = dict(values)
        while left:
            ready = [item for item in self.entries.fields(NUMBER) if (item.label, item.name) in left]
            assert ready, f"no field for {left}"
            for item in ready:
                self.entries.enter(NUMBER, item, left.pop((item.label, item.name)), WHO)

    def cells(self) -> list[tuple[str, str]]:
        return [(item.label, item.name) for item in self.entries.fields(NUMBER)]


def sheet(lot: Lot, now: datetime = START) -> Sheet:
    store, clock = Memory(lot), SetClock(now)
    deps = RunDeps(store, None, clock, CountingIds(), "材料室")  # type: ignore[arg-type]
    entries = Entries(deps)
    return Sheet(store, clock, entries, Evaluating(deps, entries, evaluate_from_runs))


def labels_of(method: DataMethod, example: Example, pieces: Sequence[str]) -> list[str]:
    rows = max((len(value) for value in example.inputs.values() if isinstance(value, tuple)), default=0)
    several = any(entry.count.most > 1 for entry in method.inputs if entry.per is Per.SPECIMEN)
    if len(pieces) > 1:
        return list(pieces)
    return [f"{pieces[0]}/{at}" if several else pieces[0] for at in range(1, rows + 1)]


@pytest.mark.rule("YK-7.2a")
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_a_methods_own_examples_typed_on_its_sheet_give_the_examples_results(method: DataMethod) -> None:
    """One bag with one tag: its determinations are numbered, and the sheet grows where the method leaves their number open."""
    for example in method.examples:
        made = sheet(lot_of(method.id))
        if any(item.name == "edition" for item in made.entries.fields(NUMBER)):
            made.type_in({("", "edition"): method.edition})
        pieces = [piece.label for piece in made.store.lot.specimens]
        made.type_in(typed_values(example, labels_of(method, example, pieces)))
        live = made.evaluating.live(NUMBER, {})
        assert live.missing == ()
        assert live.evaluation is not None
        direct = work_example(method, example)
        assert live.evaluation.rules == method.rules
        assert live.evaluation.values == tuple(
            replace(value, subject=live_value.subject)
            for value, live_value in zip(direct.values, live.evaluation.values, strict=True)
        )
        assert live.evaluation.verdict.value == example.verdict, example.id


def fields(made: Sheet) -> dict[tuple[str, str], EntryField]:
    return {(item.label, item.name): item for item in made.entries.fields(NUMBER)}


def refused(made: Sheet, key: tuple[str, str], text: str, reason: str = "") -> OperatorError:
    with pytest.raises(OperatorError) as caught:
        made.entries.enter(NUMBER, fields(made)[key], text, WHO, reason)
    return caught.value


def test_a_bag_has_numbered_determinations_and_pieces_are_their_own_rows() -> None:
    bag = [label for label, name in sheet(lot_of("sand-mud")).cells() if name == "m0_g"]
    assert bag == ["C26-00001-1/1", "C26-00001-1/2"]
    two = [label for label, name in sheet(lot_of("sand-mud", 2)).cells() if name == "m0_g"]
    assert two == ["C26-00001-1", "C26-00001-2"]
    tiles = [label for label, name in sheet(lot_of("tile-strength", 12)).cells() if name == "force_n"]
    assert tiles == [f"C26-00001-{at}" for at in range(1, 11)]
    halves = [label for label, name in sheet(lot_of("sbs-tensile", 2)).cells() if name == "long_n"]
    assert halves == [f"C26-00001-{1 + at % 2}/{1 + at // 2}" for at in range(5)]
    assert [label for label, _ in sheet(lot_of("sand-mica")).cells() if label] == ["C26-00001-1"] * 2
    assert {piece_label(label) for label in bag} == {"C26-00001-1"}


def test_a_spare_piece_is_no_row() -> None:
    lot = lot_of("tile-strength", 6)
    kept = (*lot.specimens[:5], replace(lot.specimens[5], tests=(), spare=True))
    made = sheet(replace(lot, specimens=kept))
    assert "C26-00001-6" not in {label for label, _ in made.cells()}


def test_what_the_commission_says_is_not_typed_and_what_it_says_wrongly_is_asked() -> None:
    given = fields(sheet(lot_of("sand-mud", settings={"concrete": "C30-C55", "product_standard": "JGJ 52"})))
    assert (given[("", "concrete")].given, given[("", "concrete")].needed) == ("C30-C55", False)
    wrong = fields(sheet(lot_of("sand-mud", settings={"concrete": "C30"})))
    assert (wrong[("", "concrete")].given, wrong[("", "concrete")].asked) == ("", "C30")
    range_ = fields(sheet(lot_of("cement-fineness", settings={"correction": "3"})))
    assert (range_[("", "correction")].given, range_[("", "correction")].needed) == ("", True)
    made = sheet(lot_of("sand-mud", settings={"concrete": "C30-C55"}))
    assert refused(made, ("", "concrete"), "<=C25").key == "testing.as_commissioned"
    assert made.store.entries == []


ONE, TWO = "C26-00001-1/1", "C26-00001-1/2"
MUD = {(ONE, "m0_g"): "400.0", (TWO, "m0_g"): "400.0", (ONE, "m1_g"): "389.2", (TWO, "m1_g"): "388.4"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("400,5", "400.5"), ("４００．５", "400.5"), ("400。5", "400.5"), (" 400.50 ", "400.50"), ("4e2", "4e2"), ("0,400e3", "0.400e3")],
)  # fmt: skip
def test_what_an_input_method_makes_of_a_point_is_a_point(typed: str, kept: str) -> None:
    made = sheet(lot_of("sand-mud"))
    entry = made.entries.enter(NUMBER, fields(made)[(ONE, "m0_g")], typed, WHO)
    assert entry is not None
    assert entry.text == kept
    assert made.entries.enter(NUMBER, fields(made)[(ONE, "m0_g")], typed, WHO) is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1,234", "testing.thousands"), ("12,345,678", "testing.thousands"), ("1,2,3", "testing.bad_entry"),
        ("1.234,5", "testing.bad_entry"), ("", "testing.bad_entry"), ("4OO", "testing.bad_entry"), ("NaN", "testing.bad_entry"),
        ("Infinity", "testing.bad_entry"), ("99.9", "testing.bad_entry"), ("5000.1", "testing.bad_entry"),
        ("1" * 60, "testing.bad_entry"), ("-400", "testing.bad_entry"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_inputs_name_in_both_languages(typed: str, key: str) -> None:
    made = sheet(lot_of("sand-mud"))
    error = refused(made, (ONE, "m0_g"), typed)
    assert error.key == key
    assert "试验前烘干质量" in say(error.key, Language.ZH, **error.params)
    assert "dry mass before washing" in say(error.key, Language.EN, **error.params)
    assert made.store.entries == []


def test_a_correction_asks_why_and_both_values_stay() -> None:
    made = sheet(lot_of("sand-mud"))
    made.type_in(MUD)
    assert refused(made, (ONE, "m1_g"), "398.2").key == "testing.correction_needs_reason"
    made.entries.enter(NUMBER, fields(made)[(ONE, "m1_g")], "398.2", WHO, "读错天平")
    chain = [item for item in made.store.entries if item.name == "m1_g" and item.specimen_label == ONE]
    assert [(item.text, item.reason, item.person_id) for item in chain] == [
        ("389.2", "", "p-sun"),
        ("398.2", "读错天平", "p-sun"),
    ]


def test_the_result_so_far_uses_what_is_typed_and_keeps_nothing() -> None:
    made = sheet(lot_of("sand-mud", settings={"concrete": "C30-C55"}))
    first = made.evaluating.live(NUMBER, {})
    assert first.evaluation is None
    assert [item.params["name"] for item in first.missing] == ["m0_g", "m1_g", "m0_g", "m1_g"]
    live = made.evaluating.live(NUMBER, MUD)
    assert live.evaluation is not None
    assert (str(live.evaluation.values[0].rounded), live.evaluation.verdict) == ("2.8", Verdict.PASS)
    wrong = made.evaluating.live(NUMBER, {**MUD, (TWO, "m1_g"): "3,884"})
    assert [item.params["name"] for item in wrong.missing] == ["m1_g"]
    assert made.store.entries == []


def test_a_failing_lot_says_what_its_methods_data_say_about_a_retest() -> None:
    made = sheet(lot_of("sand-mud", settings={"concrete": ">=C60"}))
    live = made.evaluating.live(NUMBER, MUD)
    assert live.evaluation is not None
    assert live.evaluation.verdict is Verdict.FAIL
    retest = shipped_methods().methods["sand-mud"]["JGJ52-2006"].retest
    assert retest is not None
    assert retest.zh in [remark.params.get("zh") for remark in live.evaluation.remarks]


def test_what_is_kept_repeats_on_another_day_and_names_its_day_and_edition() -> None:
    made = sheet(lot_of("sand-mud"))
    made.type_in(MUD)
    before = made.evaluating.live(NUMBER, {}).evaluation
    made.clock.forward(days=4000)
    assert made.evaluating.live(NUMBER, {}).evaluation == before
    given = lot_input(read_lot(made.store.__enter__(), NUMBER))  # type: ignore[arg-type]
    assert given.settings == {"test_date": "2026-11-21"}
    assert [piece.tests for piece in given.specimens] == [(TestKind.MEASURE,)] * 2


OWN = """id = "dust"
edition = "{edition}"
material = "sand"
zh = "粉尘"
en = "dust"
standard = "Q/LAB 1"
clause = "Q/LAB 1"
in_force_from = {start}
{end}
author = "李"
reason = "试"
checked_against_print = false
certainty = "M-h"
inputs = [{{ name = "m_g", zh = "质量", en = "mass", unit = "g" }}]
[[results]]
symbol = "d"
zh = "粉尘"
en = "dust"
unit = "g"
value = "m_g {sign}"
round = "1"
[[examples]]
id = "D1"
inputs = {{ m_g = "3" }}
expect = {{ d = "{found}" }}
verdict = "NOT_EVALUATED"
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laboratory's own method in an old and a new edition."""
    old = OWN.format(edition="D-2020", start="2020-01-01", end="in_force_to = 2026-11-20", sign="", found="3")
    new = OWN.format(edition="D-2026", start="2026-11-21", end="", sign="* 2", found="6")
    (tmp_path / "dust-2020.toml").write_text(old, encoding="utf-8")
    (tmp_path / "dust-2026.toml").write_text(new, encoding="utf-8")
    monkeypatch.setattr(method_sources, "SOURCES", (DataMethods(lambda: tmp_path),))
    return tmp_path


def value_of(made: Sheet) -> str:
    live = made.evaluating.live(NUMBER, {}).evaluation
    assert live is not None
    return f"{live.values[0].rounded} {live.rules.partition(':')[0]}"


def test_the_edition_is_that_of_the_day_of_the_first_entry(own: Path) -> None:
    del own
    yesterday = sheet(lot_of("dust"), START - timedelta(days=1))
    yesterday.type_in({("", "m_g"): "3"})
    yesterday.clock.forward(days=2)
    assert value_of(yesterday) == "3 D-2020"
    today = sheet(lot_of("dust"))
    today.type_in({("", "m_g"): "3"})
    assert value_of(today) == "6 D-2026"


def test_an_edition_that_the_commission_names_is_taken_and_one_that_is_not_there_refused(own: Path) -> None:
    del own
    made = sheet(lot_of("dust", settings={"edition": "D-2020"}))
    made.type_in({("", "m_g"): "3"})
    assert value_of(made) == "3 D-2020"
    with pytest.raises(OperatorError, match=r"standards\.unknown_rules"):
        sheet(lot_of("dust", settings={"edition": "D-1999"})).cells()


def test_where_no_edition_is_in_force_the_sheet_asks_which_and_keeps_it(own: Path) -> None:
    del own
    made = sheet(lot_of("dust"), START - timedelta(days=4000))
    made.type_in({("", "m_g"): "3"})
    lacking = made.evaluating.live(NUMBER, {})
    assert [item.params["name"] for item in lacking.missing] == ["edition"]
    asked = fields(made)[("", "edition")]
    assert (asked.choices, asked.needed) == (("D-2020", "D-2026"), True)
    made.type_in({("", "edition"): "D-2020"})
    assert value_of(made) == "3 D-2020"
    assert refused(made, ("", "edition"), "D-2026").key == "testing.correction_needs_reason"


def test_a_method_whose_file_is_gone_has_no_form_by_its_rules(own: Path) -> None:
    made = sheet(lot_of("dust"))
    made.type_in({("", "m_g"): "3"})
    kept = made.evaluating.live(NUMBER, {}).evaluation
    assert kept is not None
    assert lot_forms.form_by("dust", kept.rules) is not None
    (own / "dust-2026.toml").unlink()
    assert lot_forms.form_by("dust", kept.rules) is None
    assert lot_forms.form_by("rebar-lot", "GB1499.2-2024") is None


def test_every_input_result_and_choice_has_a_name_in_both_languages() -> None:
    for method in METHODS:
        for item in (*method.inputs, *method.results):
            assert item.words.zh, (method.id, item)
            assert item.words.en, (method.id, item)
        for entry in method.inputs:
            for choice in entry.choices:
                if choice.isascii() and choice.islower() and not any(letter.isdigit() for letter in choice):
                    assert lot_forms.choice_words(choice, Language.ZH) != choice, (method.id, choice)


def test_pieces_of_machine_tests_are_planned_as_before() -> None:
    cube = plan_tests(cubes([f"T{at}" for at in range(1, 5)]), (1, 2, 3, 4))
    assert cube == {1: (TestKind.COMPRESSION,), 2: (TestKind.COMPRESSION,), 3: (TestKind.COMPRESSION,), 4: ()}
    bar = plan_tests(bars([f"T{at}" for at in range(1, 7)]), (1, 2, 3, 4, 5, 6))
    assert bar[5] == (TestKind.WEIGHT, TestKind.REVERSE_BEND)
