"""Whole lots of products from the counter to the report; their values are the worked examples of the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.domain.capture import EndReason
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, TestKind, Verdict
from labdesk.domain.people import Field
from labdesk.domain.sentences import Language, say_error
from labdesk.domain.specimens import Lot
from labdesk.domain.testing import Disposition
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.lost_runs import Found
from tests.helpers.productworld import (
    BEAMS,
    HELPER,
    PRESS,
    PRISMS,
    SMALL_PRESS,
    UTM,
    ProductWorld,
    machine,
    make_products,
    order,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.helpers.stores import opened_engine

BEAM = {"side_mm": "150", "design_grade": "C30"}
BAR = {"grade": "HRB400", "diameter_mm": "25"}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[ProductWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_products(engine)


def tags(count: int) -> tuple[str, ...]:
    return tuple(f"YK21074499{number:04d}" for number in range(1, count + 1))


def rounded(found: Evaluation, symbol: str) -> list[str]:
    """Values of a symbol in report order, as printed."""
    return [str(value.rounded) for value in found.values if value.symbol == symbol]


def repeated(lab: ProductWorld, lot: Lot) -> Evaluation:
    """What a verifier finds from the stored input and the sealed bytes alone."""
    stored = lab.evaluating.newest(lot.number)
    assert stored is not None
    hashes = [piece.run_hash for piece in stored.lot.specimens if piece.run_hash]
    return evaluate_from_runs(stored.lot, {digest: lab.counter.blobs.get(digest) for digest in hashes})


@pytest.mark.rule("YK-7.2a")
def test_mortar_cubes(lab: ProductWorld) -> None:
    """M1: 36.2, 38.5, 40.1 kN."""
    lot = lab.receive(order("mortar-cube", Field.MATERIALS, {"design_grade": "M10"}, tags(3)))
    lab.load_all(lot, SMALL_PRESS, TestKind.COMPRESSION, ("36.2", "38.5", "40.1"))
    found = lab.evaluate(lot).evaluation
    assert rounded(found, "fm,cu") == ["9.8", "10.4", "10.8"]
    assert (rounded(found, "f2"), found.verdict) == (["10.3"], Verdict.NOT_EVALUATED)
    assert repeated(lab, lot) == found
    report = lab.report(lot)
    assert "10.3" in report.conclusion
    assert "M10" in report.conclusion
    assert [run.equipment_no for run in report.runs] == [SMALL_PRESS.number] * 3


@pytest.mark.rule("YK-7.2a")
def test_concrete_in_flexure(lab: ProductWorld) -> None:
    """C13: 33.0, 34.5, 36.2 kN."""
    lot = lab.receive(order("concrete-flexural", Field.CONCRETE, BEAM, tags(3)))
    lab.load_all(lot, BEAMS, TestKind.FLEXURE, ("33.0", "34.5", "36.2"))
    lab.enter(lot, "outside", "no")
    found = lab.evaluate(lot).evaluation
    assert (rounded(found, "ff"), rounded(found, "ff,m")) == (["4.4", "4.6", "4.8"], ["4.6"])
    assert repeated(lab, lot) == found
    report = lab.report(lot)
    assert "4.6" in report.conclusion
    assert report.sample.size == "150×150 mm, l = 450 mm"


def test_a_beam_that_broke_outside_the_lines_leaves_the_other_two(lab: ProductWorld) -> None:
    lot = lab.receive(order("concrete-flexural", Field.CONCRETE, BEAM, tags(3)))
    lab.load_all(lot, BEAMS, TestKind.FLEXURE, ("33.0", "34.5", "36.2"))
    assert [item.params["label"] for item in lab.evaluating.missing(lot.number)] == [
        piece.label for piece in lot.specimens
    ]
    lab.enter(lot, "outside", "yes", "no", "no")
    assert rounded(lab.evaluate(lot).evaluation, "ff,m") == ["4.7"]


@pytest.mark.rule("YK-7.2a")
def test_bricks(lab: ProductWorld) -> None:
    """Z1: ten bricks of one pallet with one tag, faces 120 (measured) x 115 (commissioned)."""
    forces = ("254", "270", "218", "183", "238", "259", "151", "280", "220", "254")
    lot = lab.receive(order("brick-strength", Field.MATERIALS, {"grade": "MU15", "width_mm": "115"}, tags(1)))
    lab.load_all(lot, PRESS, TestKind.COMPRESSION, forces)
    lab.enter(lot, "length_mm", "120")
    assert not [field for field in lab.entries.fields(lot.number) if field.name == "width_mm" and field.needed]
    found = lab.evaluate(lot).evaluation
    assert (rounded(found, "f,m"), rounded(found, "s"), rounded(found, "fk")) == (["16.9"], ["2.94"], ["11.5"])
    assert found.verdict is Verdict.PASS
    assert [value.subject.rpartition("-")[2] for value in found.values if value.symbol == "f"][-1] == "10"
    report = lab.report(lot)
    assert len(report.runs) == 10
    assert len(report.sample.tags) == 1


@pytest.mark.rule("YK-7.2a")
def test_cement_prisms_and_their_halves(lab: ProductWorld) -> None:
    """K7 in flexure: 2990, 3080, 3030 N; K1 in compression."""
    lot = lab.receive(order("cement-strength", Field.MATERIALS, {"grade": "42.5", "age_d": "28"}, tags(1)))
    lab.load_all(lot, PRISMS, TestKind.FLEXURE, ("2.990", "3.080", "3.030"))
    lab.load_all(lot, SMALL_PRESS, TestKind.COMPRESSION, ("75.2", "76.8", "74.4", "77.6", "73.9", "76.0"))
    found = lab.evaluate(lot).evaluation
    assert (rounded(found, "Rf"), rounded(found, "Rf,m")) == (["7.0", "7.2", "7.1"], ["7.1"])
    assert rounded(found, "Rc") == ["47.0", "48.0", "46.5", "48.5", "46.2", "47.5"]
    assert (rounded(found, "Rc,m"), found.verdict) == (["47.3"], Verdict.PASS)
    assert [value.subject[-2:] for value in found.values if value.symbol == "Rc"] == [
        "1A",
        "1B",
        "2A",
        "2B",
        "3A",
        "3B",
    ]
    assert repeated(lab, lot) == found
    report = lab.report(lot)
    assert {run.equipment_no for run in report.runs} == {PRISMS.number, SMALL_PRESS.number}
    assert len(report.runs) == 9


@pytest.mark.rule("YK-7.2a")
def test_splices(lab: ProductWorld) -> None:
    """J1 and J2: 265.2 kN and the bar broke, 291.6 kN and the coupler failed."""
    lot = lab.receive(order("rebar-splice", Field.STEEL, {**BAR, "joints": "300"}, tags(3)))
    lab.load_all(lot, UTM, TestKind.TENSION, ("265.2", "291.6", "270.0"))
    lab.enter(lot, "fracture", "bar", "connector", "bar")
    found = lab.evaluate(lot).evaluation
    assert [value.verdict for value in found.values if value.symbol == "fmst"] == [Verdict.PASS] * 3
    assert (rounded(found, "fmst")[:2], found.verdict) == (["540", "594"], Verdict.PASS)
    assert repeated(lab, lot) == found
    assert "JGJ 107-2016" in lab.report(lot).conclusion


def test_a_splice_that_fails_asks_for_six_more(lab: ProductWorld) -> None:
    """J4: 265.2 kN and the coupler failed; one of three."""
    lot = lab.receive(order("rebar-splice", Field.STEEL, {**BAR, "joints": "300"}, tags(3)))
    lab.load_all(lot, UTM, TestKind.TENSION, ("265.2", "291.6", "270.0"))
    lab.enter(lot, "fracture", "connector", "connector", "bar")
    found = lab.evaluate(lot).evaluation
    assert found.verdict is Verdict.RETEST
    assert {"item": "@products.item_tension", "count": "6"} in [dict(remark.params) for remark in found.remarks]


def test_the_process_test_of_a_splice_waits_for_its_residual_deformations(lab: ProductWorld) -> None:
    lot = lab.receive(order("rebar-splice-process", Field.STEEL, BAR, tags(3)))
    lab.load_all(lot, UTM, TestKind.TENSION, ("270.0", "271.0", "272.0"))
    lab.enter(lot, "fracture", "bar")
    assert {item.params["name"] for item in lab.evaluating.missing(lot.number)} == {"u0_mm"}
    lab.enter(lot, "u0_mm", "0.05", "0.06", "0.11")
    found = lab.evaluate(lot).evaluation
    assert found.verdict is Verdict.FAIL
    assert "products.process_no_retest" in {remark.key for remark in found.remarks}


@pytest.mark.rule("YK-7.2a")
def test_welds_are_pulled_and_bent(lab: ProductWorld) -> None:
    """J8: B 1.05, B 1.02, W 1.00 of 540 MPa on 314.2 mm2; J12: one crack of three."""
    settings = {"grade": "HRB400", "diameter_mm": "20", "weld_kind": "flash-butt", "joints": "300"}
    lot = lab.receive(order("rebar-weld", Field.STEEL, settings, tags(6)))
    lab.load_all(lot, UTM, TestKind.TENSION, ("178.20", "173.10", "169.70"))
    lab.enter(lot, "fracture", "B", "B", "W")
    lab.enter(lot, "crack_mm", "0", "0.5", "0.2")
    found = lab.evaluate(lot).evaluation
    assert [str(round(value.raw, 2)) for value in found.values if value.symbol == "R" and value.raw] == [
        "1.05",
        "1.02",
        "1.00",
    ]
    assert found.verdict is Verdict.PASS
    assert repeated(lab, lot) == found
    report = lab.report(lot)
    assert len(report.runs) == 3
    assert "JGJ 18-2012" in report.conclusion
    assert report.sheet is not None, "where each broke is printed"
    assert [line.name for line in report.sheet.lines] == ["断裂位置及特征", "弯曲后裂缝宽"]
    assert list(report.sheet.lines[0].texts.values()) == ["断于母材（B）", "断于母材（B）", "断于焊缝（W）"]


def test_welded_fabric_is_pulled_bent_and_sheared(lab: ProductWorld) -> None:
    small = machine(16, "50", TestKind.TENSION)
    lab.change(small)
    lot = lab.receive(order("welded-fabric", Field.STEEL, {"grade": "CRB550", "diameter_mm": "8"}, tags(1)))
    lab.load_all(lot, small, TestKind.TENSION, ("31.0", "31.5"))
    lab.load_all(lot, small, TestKind.SHEAR, ("9.0", "9.5", "10.0"))
    lab.enter(lot, "l0_mm", "80")
    lab.enter(lot, "lu_mm", "89")
    lab.enter(lot, "bend_result", "no-crack")
    found = lab.evaluate(lot).evaluation
    assert [value.rounded for value in found.values if value.symbol == "Fs" and value.limit] != []
    assert found.verdict is Verdict.PASS
    assert repeated(lab, lot) == found


def test_straightened_bars_are_weighed_and_pulled(lab: ProductWorld) -> None:
    small = machine(16, "100", TestKind.TENSION)
    lab.change(small)
    lot = lab.receive(order("straightened-bar", Field.STEEL, {"grade": "HRB400", "diameter_mm": "10"}, tags(3)))
    lab.load_all(lot, small, TestKind.TENSION, ("45.0", "45.5", "46.0"))
    lab.enter(lot, "length_mm", "500")
    lab.enter(lot, "mass_g", "300")
    lab.enter(lot, "l0_mm", "50")
    lab.enter(lot, "lu_mm", "60")
    found = lab.evaluate(lot).evaluation
    assert rounded(found, "A") == ["20.0", "20.0", "20.0"]
    assert found.verdict is Verdict.PASS


def test_splitting_prism_and_same_condition(lab: ProductWorld) -> None:
    """C15: 95.0, 101.2, 98.4 kN; a press splits cubes with its strips."""
    lot = lab.receive(order("concrete-splitting", Field.CONCRETE, BEAM, tags(3)))
    lab.load_all(lot, SMALL_PRESS, TestKind.SPLITTING, ("95.0", "101.2", "98.4"))
    found = lab.evaluate(lot).evaluation
    assert rounded(found, "fts") == ["2.69", "2.86", "2.78"]


@pytest.mark.parametrize(("method", "symbol"), [("concrete-prism", "fcp,m"), ("concrete-same-condition", "fcu,m")])
def test_prisms_and_cubes_of_the_same_condition(lab: ProductWorld, method: str, symbol: str) -> None:
    large = machine(17, "2000", TestKind.COMPRESSION)
    lab.change(large)
    lot = lab.receive(order(method, Field.CONCRETE, BEAM, tags(3)))
    lab.load_all(lot, large, TestKind.COMPRESSION, ("675", "675", "675"))
    assert rounded(lab.evaluate(lot).evaluation, symbol) == ["30.0"]


def test_a_modulus_takes_the_strength_afterwards_from_the_run(lab: ProductWorld) -> None:
    large = machine(17, "2000", TestKind.COMPRESSION)
    lab.change(large)
    lot = lab.receive(order("concrete-modulus", Field.CONCRETE, {**BEAM, "gauge_mm": "150"}, tags(3)))
    lab.load_all(lot, large, TestKind.COMPRESSION, ("675", "675", "500"))
    lab.enter(lot, "fcp_mpa", "30")
    lab.enter(lot, "f0_kn", "11.25")
    lab.enter(lot, "fa_kn", "225")
    lab.enter(lot, "shortening_mm", "0.0475", "0.0480", "0.0470")
    found = lab.evaluate(lot).evaluation
    dropped = [remark.params["label"] for remark in found.remarks if remark.key == "products.modulus_dropped"]
    assert dropped == [lot.specimens[2].label]
    assert rounded(found, "Ec,m") != []


def test_the_gate_refuses_the_wrong_specimen_machine_and_range_as_for_cubes(lab: ProductWorld) -> None:
    lot = lab.receive(order("concrete-flexural", Field.CONCRETE, BEAM, tags(3)))
    first = lot.specimens[0]
    refused = {finding.key for finding in lab.bench.open(first.label, SMALL_PRESS.id, session()).gate.findings}
    assert "bench.wrong_machine" in refused, "a press that is not registered for flexure"
    with pytest.raises(OperatorError, match=r"bench\.wrong_machine"):
        lab.bench.arm(lab.case(first.label, SMALL_PRESS), session())
    weak = lab.bench.open(first.label, PRISMS.id, session())
    (range_,) = [finding for finding in weak.gate.findings if finding.key == "bench.load_out_of_range"]
    assert range_.params["other"] == BEAMS.number
    case = lab.bench.open(first.label, BEAMS.id, session())
    other = lab.bench.scan_tag(case, lot.specimens[1].tag, session())
    assert [finding.key for finding in other.gate.findings] == ["bench.other_tag"]
    with pytest.raises(OperatorError, match=r"bench\.tag_first"):
        lab.bench.arm(case, session())
    lab.load(first.label, BEAMS, "33.0")
    assert "bench.loaded_before" in {
        finding.key for finding in lab.bench.open(first.label, BEAMS.id, session()).gate.findings
    }


def test_a_commission_without_a_needed_setting_is_refused_at_the_machine_in_words(lab: ProductWorld) -> None:
    lot = lab.receive(order("mortar-cube", Field.MATERIALS, {}, tags(3)))
    with pytest.raises(OperatorError) as caught:
        lab.bench.open(lot.specimens[0].label, SMALL_PRESS.id, session())
    assert caught.value.key == "evaluation.missing"
    assert all(lot.number in say_error(caught.value, language) for language in Language)


def test_the_tag_of_a_bag_is_not_asked_for_at_the_machine(lab: ProductWorld) -> None:
    """It stayed on the bag; the piece carries only its laboratory label."""
    lot = lab.receive(order("cement-strength", Field.MATERIALS, {"grade": "42.5"}, tags(1)))
    assert lab.bench.open(lot.specimens[0].label, PRISMS.id, session()).gate.may_load()


def test_six_of_a_retest_pass_or_the_lot_fails(lab: ProductWorld) -> None:
    """J5, second half: one bundle with one tag, as many as the standard asks for in a retest."""
    lot = lab.receive(order("rebar-splice", Field.STEEL, {**BAR, "joints": "300", "stage": "retest"}, tags(1)))
    lab.load_all(lot, UTM, TestKind.TENSION, ("270", "271", "272", "273", "274", "265.0"))
    lab.enter(lot, "fracture", "bar")
    found = lab.evaluate(lot).evaluation
    assert [value.verdict for value in found.values if value.symbol == "fmst"].count(Verdict.FAIL) == 1
    assert found.verdict is Verdict.FAIL


def test_a_spare_takes_the_place_of_a_splice_that_broke_at_the_grip(lab: ProductWorld) -> None:
    made = order("rebar-splice", Field.STEEL, {**BAR, "joints": "300"}, tags(4))
    lot = lab.receive(replace(made, required=3))
    first, second, third, spare = lot.specimens
    assert spare.spare
    run = lab.load(first.label, UTM, "200.0")
    lab.lost.invalidate(run.id, "断于夹具", spare.label, session())
    for piece, peak in ((second, "270"), (third, "271"), (spare, "272")):
        lab.load(piece.label, UTM, peak)
    asked = {field.label for field in lab.entries.fields(lot.number) if field.name == "fracture"}
    assert asked == {second.label, third.label, spare.label}
    lab.enter(lot, "fracture", "bar")
    found = lab.evaluate(lot).evaluation
    assert found.verdict is Verdict.PASS
    assert first.label not in {value.subject for value in found.values}


@pytest.mark.rule("YK-7.2a")
def test_a_reading_from_the_display_counts_and_is_marked(lab: ProductWorld) -> None:
    """The line was lost in mid-test: the peak two people read stands for the curve, and every page says so."""
    lot = lab.receive(order("concrete-flexural", Field.CONCRETE, BEAM, tags(3)))
    first, *others = lot.specimens
    run = lab.load(first.label, BEAMS, "33.0", end=EndReason.LOST_LINK)
    lab.lost.record(
        run.id, Found(Disposition.PEAK_ON_DISPLAY, "采集线脱落", HELPER.badge, PIN, "33.0", b"\x89PNG"), session()
    )
    for piece, peak in zip(others, ("34.5", "36.2"), strict=True):
        lab.load(piece.label, BEAMS, peak)
    lab.enter(lot, "outside", "no")
    found = lab.evaluate(lot).evaluation
    assert rounded(found, "ff,m") == ["4.6"]
    assert "evaluation.no_curve" in {remark.key for remark in found.remarks}
    assert [line.manual for line in lab.report(lot).runs] == [True, False, False]
