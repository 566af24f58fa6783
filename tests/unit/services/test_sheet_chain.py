"""Lots measured by hand through the whole laboratory: counter, sheet, evaluation, signatures, report, platform, verification."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import TestKind, Verdict
from labdesk.domain.specimens import Lot
from labdesk.domain.testing import StoredEvaluation
from labdesk.domain.verification import Outcome
from labdesk.evidence.canonical import canonical_hash
from labdesk.platform.rules.completeness import Arrived, missing
from labdesk.reports.qr import ZxingImageReader
from labdesk.reports.renderer import PdfRenderer
from labdesk.reports.verify_pdf import ReportPdfInspector
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.repeating import evaluate_again
from labdesk.services.verification import Verification, VerificationDeps
from labdesk.wire.bodies import Body, EvaluationBody, FailingResultBody, ReportRequestBody, read_body
from tests.helpers.sheetworld import NUMBER, TESTER, SheetWorld, make_sheets, order, sitting
from tests.helpers.stores import opened_engine
from tests.helpers.trustworld import LAB_ID, world

THREE = tuple(f"YK2107440902{at:02d}" for at in range(1, 4))


@dataclass(frozen=True)
class Case:
    """A lot as commissioned, what is typed, and what comes out."""

    method: str
    material: str
    tags: tuple[str, ...]
    settings: Mapping[str, str]
    of_lot: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    symbol: str
    rounded: str
    verdict: Verdict
    printed: tuple[str, ...]


CASES = (
    Case(
        "sand-mud", "天然砂", ("YK210744090101",), {"concrete": "C30-C55", "product_standard": "JGJ 52-2006"}, {},
        ({"m0_g": "400.0", "m1_g": "389.2"}, {"m0_g": "400.0", "m1_g": "388.4"}), "wc", "2.8", Verdict.PASS,
        ("砂的含泥量检测报告", "试验前烘干质量", "389.2", "含泥量 wc", "JGJ 52-2006 3.1.3", "JGJ52-2006"),
    ),
    Case(
        "cement-fineness", "普通硅酸盐水泥", ("YK210744090102",), {}, {"correction": "1.08", "product": "PO-PS-PP-PF-PC"},
        ({"m_g": "10.00", "residue_g": "0.31"}, {"m_g": "10.00", "residue_g": "0.35"}), "F", "3.6", Verdict.FAIL,
        ("筛余质量", "0.31", "PO-PS-PP-PF-PC", "GB 175-2023 7.4.4", "GBT1345-2005"),
    ),
    Case(
        "membrane-heat", "SBS 改性沥青防水卷材", THREE, {}, {},
        tuple({"upper_mm": upper, "lower_mm": lower} for upper, lower in (("0.6", "1.1"), ("0.8", "0.9"), ("0.5", "1.2"))),
        "slip", "1.1", Verdict.PASS, ("上表面滑动值", "GB 18242-2008 5.3", "GB/T 328.11-2007"),
    ),
)  # fmt: skip


@pytest.fixture
def lab(database_url: str) -> Iterator[SheetWorld]:
    with opened_engine(database_url) as engine:
        yield make_sheets(engine, PdfRenderer())


def typed(lab: SheetWorld, lot: Lot, case: Case) -> None:
    labels = list(dict.fromkeys(item.label for item in lab.entries.fields(lot.number) if item.label))
    values = {("", name): text for name, text in case.of_lot.items()}
    values |= {(label, name): text for label, row in zip(labels, case.rows, strict=True) for name, text in row.items()}
    lab.type_in(lot.number, values)


def told(lab: SheetWorld) -> list[Body]:
    """Everything that waits for the platform, as the platform reads it."""
    with lab.counter.store.read() as uow:
        messages = sorted(uow.outbox.newest(99), key=lambda item: item.id)
    return [read_body(item.kind, json.loads(item.body)) for item in messages]


@pytest.mark.rule("YK-7.2a", "YK-7.2b", "YK-7.4")
def test_lots_measured_by_hand_go_through_the_whole_laboratory(lab: SheetWorld) -> None:
    orders = [order(case.method, case.tags, case.settings, case.material, at) for at, case in enumerate(CASES, start=1)]
    for lot, case in zip(lab.receive(*orders), CASES, strict=True):
        stored = evaluated(lab, lot, case)
        again = evaluate_from_runs(replace(stored.lot, rules=stored.evaluation.rules), {})
        assert again == stored.evaluation
        draft = lab.approve(lot.number)
        told_to_the_platform(lab, stored, lot)
        if lot.lot_index == 1 or lab.counter.engine.dialect.name == "sqlite":  # the paper is the same in both
            printed_and_verified(lab, draft, case, f"YK26-7F3K-9Q2{lot.lot_index}")


def evaluated(lab: SheetWorld, lot: Lot, case: Case) -> StoredEvaluation:
    assert lot.number.startswith("CL-2026-")
    assert all(piece.tests == (TestKind.MEASURE,) for piece in lot.specimens)
    with pytest.raises(OperatorError, match=r"testing\.incomplete"):
        lab.evaluating.evaluate(lot.number, sitting(TESTER))
    typed(lab, lot, case)
    stored = lab.evaluating.evaluate(lot.number, sitting(TESTER))
    (value,) = [item for item in stored.evaluation.values if item.symbol == case.symbol]
    assert (f"{value.rounded:f}", stored.evaluation.verdict) == (case.rounded, case.verdict)
    return stored


def told_to_the_platform(lab: SheetWorld, stored: StoredEvaluation, lot: Lot) -> None:
    """The evaluation, the failing result if it is one, and a request that the platform's own rules find complete."""
    bodies = told(lab)
    mine = [item for item in bodies if getattr(item, "lot_no", "") == lot.number]
    (evaluation,) = [item for item in mine if isinstance(item, EvaluationBody)]
    assert (evaluation.input, evaluation.evaluation) == (stored.lot, stored.evaluation)
    failing = [item.evaluation_sha256 for item in mine if isinstance(item, FailingResultBody)]
    assert failing == ([canonical_hash(stored.evaluation)] if stored.evaluation.verdict is Verdict.FAIL else [])
    requests = [item for item in bodies if isinstance(item, ReportRequestBody) and item.lot_index == lot.lot_index]
    with lab.counter.store.read() as uow:
        commission, profile = uow.reception.commission(NUMBER), uow.profiles.current(lab.counter.clock.now())
    assert commission is not None
    assert missing(requests[0], Arrived(LAB_ID, commission, tuple(bodies), profile, {})) == ()


def printed_and_verified(lab: SheetWorld, draft: str, case: Case, code: str) -> None:
    pdf = lab.issue(draft, code)
    source = world().trust
    inspector = ReportPdfInspector(source)
    deps = VerificationDeps(inspector, ZxingImageReader(), source, lab.counter.clock, evaluate_again)
    result = Verification(deps).verify_pdf(pdf)
    assert result.outcome is Outcome.GENUINE, [finding.key for finding in result.findings]
    assert "verification.recomputed" in {finding.key for finding in result.findings}
    text = "".join(inspector.inspect(pdf).page_text.split())
    lacking = [words for words in (*case.printed, *case.tags, case.rounded) if "".join(words.split()) not in text]
    assert lacking == []
