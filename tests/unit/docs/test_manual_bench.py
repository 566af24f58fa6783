"""The chapter on the bench lists every product that goes over it, with the bands of the table."""

from __future__ import annotations

import pytest

from labdesk.services.loading_table import loading_rows
from labdesk.services.piece_plans import piece_table
from tests.helpers.source import ROOT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_product_of_the_bench_stands_in_its_chapter(language: str) -> None:
    text = (ROOT / "docs" / "manual" / language / "04-bench.md").read_text(encoding="utf-8")
    for method in piece_table():
        assert f"`{method}`" in text, method
    given = {row.given for row in loading_rows().values() if row.given is not None and row.unit.value == "MPa/s"}
    assert any(f"{low}–{high} MPa/s" in text for low, high in given)
