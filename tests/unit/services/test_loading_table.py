"""The table of loading plans: complete, free of contradiction, and every row backed by a ruleset."""

from __future__ import annotations

import pytest

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.evaluation import TestKind
from labdesk.services.house_rules import house_rules
from labdesk.services.loading_bases import BASES
from labdesk.services.loading_table import loading_rows, read_row, rows_of
from labdesk.services.piece_plans import piece_table
from labdesk.services.product_methods import PRODUCTS

GOOD = {
    "method": "m", "test": "tension", "basis": "wire", "reserve": "1.1", "rates": "given", "low": "6", "high": "60",
    "unit": "MPa/s", "from_share": "0.1", "to_share": "0.5", "preload_share": "0.005", "preload_least_kn": "0.1",
    "arming_share": "0.2", "break_percent": "60", "ages": "none", "clause": "c", "certainty": "CONV",
}  # fmt: skip


def test_every_row_names_a_method_a_machine_test_and_a_known_basis() -> None:
    for (method, test), row in loading_rows().items():
        assert method in PRODUCTS
        assert test in MACHINE_TESTS
        assert row.basis in BASES
        assert row.certainty.split()[0] in ("V", "C", "M-h", "M-m", "M-l", "CONV"), row
        assert any(rules.method == row.rates_of for rules in house_rules().rules.values())


def test_every_machine_test_that_reception_plans_has_its_row() -> None:
    for method, row in piece_table().items():
        kinds = {*row.get("each", ()), *([row["halves"]] if "halves" in row else ())}
        kinds |= {kind for kind, _ in row.get("items", ())}
        machine = {TestKind(kind) for kind in kinds} & MACHINE_TESTS
        assert machine == {found.test for found in rows_of(method)}, method


@pytest.mark.parametrize(
    "broken",
    [
        {"low": "60", "high": "6"}, {"arming_share": "0.001"}, {"break_percent": "0"}, {"to_share": "0.05"},
        {"rates": "guessed"}, {"ages": "old"}, {"unit": "N/s"}, {"test": "hammering"}, {"reserve": "0.5"},
    ],
)  # fmt: skip
def test_a_row_that_contradicts_itself_is_refused(broken: dict[str, str]) -> None:
    assert read_row(GOOD).test is TestKind.TENSION
    with pytest.raises(ValueError, match=r".+"):
        read_row({**GOOD, **broken})
