"""Every method of the catalogue has an entry sheet, and what is typed there comes out as the method's own examples say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from labdesk.domain.people import Field, Person, Role, Session
from labdesk.domain.profile import RegionProfile
from labdesk.domain.reception import plan_tests
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.testing import Entry
from labdesk.services.entries import Entries
from labdesk.services.evaluating import Evaluating
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.runs import RunDeps
from labdesk.standards.methods.catalogue import shipped_methods
from labdesk.standards.methods.examples import work_example
from labdesk.standards.methods.schema import DataMethod, Example, Per
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


@dataclass
class _Testing:
    """Entries, and no runs or words about runs."""

    entries: list[Entry]

    def __getattr__(self, name: str) -> Any:
        return lambda lot_no: []

    def entries_of_lot(self, lot_no: str) -> list[Entry]:
        del lot_no
        return list(self.entries)

    def add_entry(self, entry: Entry) -> None:
        self.entries.append(entry)


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

    def __enter__(self) -> Any:
        testing = _Testing(self.entries)
        reception = SimpleNamespace(lot=lambda number: self.lot if number == self.lot.number else None)
        profiles = SimpleNamespace(current=lambda day: RegionProfile)
        custody = SimpleNamespace(add=lambda event: None)
        return SimpleNamespace(
            testing=testing,
            gap_reasons=_Testing([]),
            reception=reception,
            custody=custody,
            profiles=profiles,
            commit=lambda: None,
        )

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

    def keys(self) -> list[tuple[str, str]]:
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
