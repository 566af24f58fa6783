"""The printed statement: outcome, bounds, selection; long parts, many groups, both languages, same bytes for the same input."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from labdesk.domain.acceptance import AcceptanceSheet, AcceptanceStatement, FrozenGroup, GroupPart
from labdesk.domain.evaluation import Evaluation, LotInput, Remark, SpecimenInput
from labdesk.domain.sentences import Language
from labdesk.evidence.canonical import canonical_hash
from labdesk.reports.acceptance import PdfAcceptancePrinter
from labdesk.services.evaluation import evaluate_lot
from tests.helpers.acceptanceworld import LAB, TOWER_CODE

LONG = "地下二层至地上三层核心筒剪力墙及框架柱（含转换层）③–⑥/Ⓐ–Ⓓ 轴 −8.400～+13.200 m 标高"


def statement(count: int, value: str = "36.0") -> AcceptanceStatement:
    pieces = tuple(
        SpecimenInput(f"HNT-2026-{at:05d}", (), {"fcu_mpa": value, "cast_at": "2026-03-01T08:00:00+00:00", "rule": ""})
        for at in range(count)
    )
    lot = LotInput("concrete-acceptance", "", {"design_grade": "C30", "curing": "standard"}, pieces)
    groups = tuple(FrozenGroup(piece.label, "e", "ab" * 32, GroupPart.SAMPLE, None, LONG) for piece in pieces)
    out = FrozenGroup("HNT-2026-99999", "e", "cd" * 32, GroupPart.LEFT_OUT, Remark("evaluation.group_invalid"))
    at = datetime(2026, 11, 21, 6, tzinfo=UTC)
    return AcceptanceStatement(
        "PD-2026-00003", TOWER_CODE, lot, _evaluated(lot), (*groups, out), "p-1", "陈立", at, "主体结构"
    )


def _evaluated(lot: LotInput) -> Evaluation:
    return evaluate_lot(lot, {})


def pages(made: AcceptanceStatement, language: Language = Language.ZH) -> list[str]:
    sheet = AcceptanceSheet(made, LAB, "滨海大厦", canonical_hash(made), ("理由",))
    data = PdfAcceptancePrinter(language).acceptance(sheet)
    assert data == PdfAcceptancePrinter(language).acceptance(sheet)
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[at].get_textpage().get_text_range() for at in range(len(document))]
    finally:
        document.close()


@pytest.mark.parametrize(
    ("language", "words"), [(Language.ZH, ("合格", "未修约值")), (Language.EN, ("accepted", "Unrounded"))]
)
def test_a_statement_says_everything_on_one_page(language: Language, words: tuple[str, ...]) -> None:
    made = statement(3)
    (page,) = pages(made, language)
    for part in (
        *words,
        "PD-2026-00003",
        TOWER_CODE,
        "陈立",
        "主体结构",
        "36.0",
        "28.5",
        "HNT-2026-00002",
        "HNT-2026-99999",
    ):
        assert part in page, part
    assert canonical_hash(made) in page.replace("\r\n", "")
    assert "ababab" in page
    assert "−8.400" not in page, "a long part is cut within its cell"


def test_hundreds_of_groups_take_pages_with_their_heads() -> None:
    found = pages(statement(300))
    assert len(found) > 4
    assert all("样品编号" in page for page in found[1:])
    assert "HNT-2026-00299" in found[-1] or "HNT-2026-00299" in found[-2]


def test_a_lot_that_fails_says_so_and_what_follows() -> None:
    (page,) = pages(statement(2, "20.0"))
    assert "不合格" in page


def test_many_batches_print_the_failing_ones() -> None:
    made = statement(90)
    lot = replace(made.lot, settings={**made.lot.settings, "acceptance": "statistical-known", "sigma0_mpa": "3"})
    found = pages(replace(made, lot=lot, evaluation=_evaluated(lot)))
    assert "1/30" in found[0]
