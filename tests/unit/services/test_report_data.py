"""What a report says comes from what is stored; the real renderer prints it and the real verifier finds it genuine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.messages import BODIES
from labdesk.domain.plain import from_plain
from labdesk.domain.profile import BUILT_IN
from labdesk.domain.reporting import Environment, SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.store import SYSTEM
from labdesk.domain.testing import Entry, Invalidation
from labdesk.platform.rules.completeness import Arrived, missing
from labdesk.services import report_data
from labdesk.services.report_data import build_report_data, conclusion
from labdesk.services.review_facts import ReviewFacts, load_subject
from labdesk.services.review_notices import notices
from tests.helpers.reportworld import cubes
from tests.helpers.reviewworld import COMMISSION_NO, LOT_NO, TESTER, ReviewWorld, commission, make_world
from tests.helpers.stores import opened_engine
from tests.helpers.trustworld import LAB_ID


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as opened:
        yield opened


@pytest.fixture
def made(engine: Engine) -> ReviewWorld:
    return make_world(engine)


def data_of(made: ReviewWorld, draft_id: str):
    with made.store.read() as uow:
        return made.reporting.data(uow, draft_id)


def facts_of(made: ReviewWorld, draft_id: str) -> ReviewFacts:
    with made.store.read() as uow:
        return load_subject(uow, Subject.REPORT, draft_id)


@pytest.mark.rule("O57")
@pytest.mark.rule("YK-3")
def test_everything_order_57_asks_for_is_there(made: ReviewWorld) -> None:
    data = data_of(made, made.approved())
    assert data.title == "钢筋力学性能、工艺性能及重量偏差检测报告"
    assert (data.commission.witness.name, data.commission.sampler.name) == ("赵敏", "王海涛")
    assert data.commission.deliverer == "孙志"
    assert (data.project.code, data.project.unit, data.project.part) == ("2108002611200001", "2#楼", "三层柱 ③–⑥/Ⓐ–Ⓓ")
    assert (data.sample.number, data.sample.size, data.sample.grade) == (LOT_NO, "φ20 mm", "HRB400E")
    assert [line.number for line in data.standards] == ["GB/T 28900-2022", "GB/T 228.1-2021", "GB 1499.2-2024"]
    assert [(line.number, line.certificate_no) for line in data.equipment] == [("JC-07", "LX2026-118")]
    assert [line.label for line in data.runs] == ["K1-0720", "K1-0721"]
    assert (data.tested_from, data.issued_on) == (date(2026, 11, 21), date(2026, 11, 21))
    assert {"client", "contractor", "supervisor"} <= {party.role.value for party in data.project.parties}
    assert data.conclusion == "该批样品所检项目符合 GB 1499.2-2024 中 HRB400E 的要求。"
    assert data.signatures[-1].certificate_no == "授字 2026-01"
    assert data.commission.is_acceptance_evidence


def test_room_conditions_are_the_newest_entries(made: ReviewWorld) -> None:
    with made.store.write(SYSTEM) as uow:
        for name, typed in (("temperature_c", "2I"), ("temperature_c", "21.5"), ("humidity_percent", "48")):
            uow.testing.add_entry(
                Entry(made.ids.new_id(), LOT_NO, "", name, typed, TESTER.id, made.clock.now(), "更正")
            )
        uow.commit()
    assert data_of(made, made.checked()).environment == Environment(Decimal("21.5"), Decimal(48))


def test_an_invalid_run_and_its_replacement_are_told_in_words(made: ReviewWorld) -> None:
    with made.store.write(SYSTEM) as uow:
        run = uow.testing.runs_of_lot(LOT_NO)[0]
        uow.testing.add_invalidation(
            Invalidation(made.ids.new_id(), run.id, "断于夹持部位", "", TESTER.id, made.clock.now())
        )
        uow.commit()
    assert (
        "试件 K1-0720 的试验 SY-2026-00001 无效（断于夹持部位），原数据保留。" in data_of(made, made.checked()).remarks
    )


def test_two_machines_within_one_group_are_printed_and_shown_to_the_reviewer(made: ReviewWorld) -> None:
    draft_id = made.approved()
    assert not [line for line in data_of(made, draft_id).remarks if "两台设备" in line]
    facts = facts_of(made, draft_id)
    first, second, *others = facts.bench.runs
    apart = (replace(first, machine_number="JC-07"), replace(second, machine_number="JC-09"))
    two = replace(facts, bench=replace(facts.bench, runs=(*apart, *others)))
    assert "本组试件在两台设备上完成试验：JC-07（K1-0720）；JC-09（K1-0721）。" in list(report_data._remarks(two))
    assert [line.equipment_no for line in report_data._run_lines(two)] == ["JC-07", "JC-09"]
    keys = [notice.key for notice in notices(two)]
    assert "review.notice.two_machines" in keys
    assert "review.notice.two_machines" not in [notice.key for notice in notices(facts)]


def test_without_the_commission_there_is_no_report(made: ReviewWorld) -> None:
    draft_id = made.checked()
    made.store.reception.commissions.clear()
    with pytest.raises(OperatorError, match=r"reporting\.no_commission"):
        data_of(made, draft_id)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.FAIL, "判定为不合格"), (Verdict.RETEST, "加倍取样复验"), (Verdict.NOT_EVALUATED, "不作判定")],
)
def test_the_conclusion_names_what_failed(made: ReviewWorld, verdict: Verdict, words: str) -> None:
    facts = facts_of(made, made.checked())
    values = tuple(
        replace(value, verdict=Verdict.FAIL) if value.symbol == "ReL" else value
        for value in facts.stored.evaluation.values
    )
    stored = replace(facts.stored, evaluation=replace(facts.stored.evaluation, verdict=verdict, values=values))
    text = conclusion(replace(facts, stored=stored))
    assert words in text
    assert ("下屈服强度 ReL" in text) is (verdict is not Verdict.NOT_EVALUATED)


def test_a_group_of_cubes_has_a_strength_and_no_verdict(made: ReviewWorld) -> None:
    facts = facts_of(made, made.checked())
    document = cubes().data
    stored = replace(facts.stored, lot=document.lot, evaluation=document.evaluation)
    cube_lot = replace(facts.lot, method="concrete-cube")
    text = conclusion(replace(facts, lot=cube_lot, stored=stored))
    assert "不作合格判定" in text
    assert "C35" in text
    without: tuple[Value, ...] = tuple(value for value in document.evaluation.values if value.subject)
    stored = replace(stored, evaluation=replace(document.evaluation, values=without))
    assert "不给出强度代表值" in conclusion(replace(facts, lot=cube_lot, stored=stored))


@pytest.mark.rule("YK-7.2b")
def test_the_platform_finds_the_signatures_and_the_agreement_in_order(made: ReviewWorld) -> None:
    made.approved()
    with made.store.read() as uow:
        messages = uow.outbox.newest(50)
    bodies = tuple(from_plain(BODIES[item.kind], json.loads(item.body)) for item in messages)  # type: ignore[type-var]
    request = bodies[0]
    lacking = missing(request, Arrived(LAB_ID, commission(""), bodies, BUILT_IN, {}))  # type: ignore[arg-type]
    assert {piece.split(":")[0] for piece in lacking} == {"reception", "run", "evaluation"}  # told by the other stages
    assert messages[0].stream == COMMISSION_NO


def test_a_draft_without_a_subject_is_refused(made: ReviewWorld) -> None:
    from labdesk.services.report_data import ReportFacts, laboratory_from

    record = made.record()
    with made.store.read() as uow:
        review = load_subject(uow, Subject.RECORD, record.id)
        laboratory = laboratory_from(uow.facts.get("laboratory"))
    with pytest.raises(OperatorError, match=r"review\.no_such_subject"):
        build_report_data(ReportFacts(review, laboratory, None, {}))


@pytest.mark.rule("YK-7.2b")
def test_the_paper_made_from_it_is_genuine(made: ReviewWorld) -> None:
    from labdesk.domain.verification import Outcome, Severity
    from labdesk.reports.renderer import PdfRenderer
    from labdesk.reports.signing import PadesSigner
    from labdesk.services.reporting import ReportTools
    from tests.helpers.reviewworld import Keys
    from tests.helpers.trustworld import LAB_NAME, world
    from tests.unit.services.test_reporting import answer, request_message
    from tests.unit.services.test_verification import verifier

    draft_id = made.approved()
    signer = PadesSigner(world().pdf_key, world().pdf_certificate, world().authority, LAB_NAME)
    made.reporting._tools = ReportTools(PdfRenderer(), signer, Keys())  # type: ignore[arg-type]
    made.reporting.on_result(request_message(made), answer(made, draft_id))
    result = verifier().verify_pdf(made.reporting.report_pdf(draft_id))
    against = [finding for finding in result.findings if finding.severity is Severity.DISPROVES]
    assert (result.outcome, against) == (Outcome.GENUINE, [])
    assert result.report_no == "BG-2026-00001"
    assert SignatureRole.APPROVED in {line.role for line in data_of(made, draft_id).signatures}
