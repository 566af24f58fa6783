"""Data methods as a laboratory uses them: on the command line, in lots, corrected in its own folder, old results kept."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.cli.evaluate import run_evaluate, run_methods
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import LotInput, SpecimenInput, Verdict
from labdesk.services.evaluation import evaluate_from_runs, evaluate_lot, list_methods
from labdesk.services.method_catalogue import DataMethods
from labdesk.services.method_info import CODED
from labdesk.standards.methods.catalogue import load_methods, shipped_methods
from tests.helpers.source import ROOT

MUD = (ROOT / "resources" / "methods" / "sand-mud.toml").read_text(encoding="utf-8")


def lot(rules: str = "", m1: tuple[str, ...] = ("389.2", "388.4"), **settings: str) -> LotInput:
    pieces = tuple(
        SpecimenInput(f"S-{place}", (), entries={"m0_g": "400.0", "m1_g": text}) for place, text in enumerate(m1, 1)
    )  # fmt: skip
    return LotInput("sand-mud", rules, {"concrete": "C30-C55", **settings}, pieces)


def signed(text: str) -> str:
    """The text as a laboratory's own: with author and reason."""
    return 'author = "Li Hua"\nreason = "read in the print"\n' + text


def own_folder(tmp_path: Path, **texts: str) -> DataMethods:
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return DataMethods(lambda: tmp_path)


@pytest.mark.rule("YK-7.2a")
def test_a_lot_of_a_data_method_is_evaluated_and_repeated_like_any_other() -> None:
    found = evaluate_lot(lot(), {})
    (value,) = found.values
    assert (value.symbol, value.rounded, value.limit, value.verdict) == ("wc", Decimal("2.8"), "<= 3.0", Verdict.PASS)
    assert value.raw == Decimal("2.8")
    assert value.clause == "JGJ 52-2006 3.1.3"
    assert value.regime == "0.1 %, full-value"
    assert found.rules == "JGJ52-2006"
    assert "evaluation.rows_unchecked" in {remark.key for remark in found.remarks}
    assert evaluate_from_runs(lot(), {}) == found


def test_without_the_use_there_is_a_value_and_no_limit() -> None:
    given = lot()
    found = evaluate_lot(LotInput(given.method, "", {}, given.specimens), {})
    assert found.verdict is Verdict.NOT_EVALUATED
    assert found.values[0].rounded == Decimal("2.8")


def test_an_invalid_test_has_no_verdict_and_says_why() -> None:
    found = evaluate_lot(lot(m1=("389.2", "386.4")), {})
    assert found.verdict is Verdict.INVALID
    assert all(value.verdict is Verdict.INVALID for value in found.values)
    assert any("0.5" in remark.params.get("en", "") for remark in found.remarks)


def test_a_failing_lot_gets_the_words_for_the_retest() -> None:
    found = evaluate_lot(lot(concrete=">=C60"), {})
    assert found.verdict is Verdict.FAIL
    assert any("twice the samples" in remark.params.get("en", "") for remark in found.remarks)


def test_the_reviewer_is_told_where_the_other_regime_would_decide_otherwise() -> None:
    found = evaluate_lot(lot(m1=("388.0", "387.8")), {})
    assert found.values[0].rounded == Decimal("3.0")
    assert found.verdict is Verdict.FAIL
    assert "methods.flips" in {remark.key for remark in found.remarks}


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (lot(m1=("389.2",)), "methods.specimen_count"),
        (lot(m1=("389.2", "388.4", "388.0")), "methods.specimen_count"),
        (lot(m1=("389.2", "-1")), "methods.out_of_range"),
        (lot(m1=("389.2", "9999999")), "methods.out_of_range"),
        (lot(m1=("389.2", "NaN")), "evaluation.not_a_number"),
        (lot(m1=("389.2", "1e400")), "evaluation.not_a_number"),
        (lot(m1=("389.2", "much")), "evaluation.not_a_number"),
        (lot(m1=("389.2", "")), "methods.specimen_count"),
        (lot(m1=("", "")), "evaluation.missing"),
        (lot(m1=()), "evaluation.missing"),
        (lot(concrete="C31"), "evaluation.bad_choice"),
        (lot(colour="red"), "evaluation.unknown_setting"),
        (lot(m0_g="400"), "methods.per_specimen"),
        (lot(rules="JGJ52-1999"), "standards.unknown_rules"),
        (lot(edition="JGJ52-1999"), "standards.unknown_rules"),
        (lot(test_date="1999-01-01"), "standards.no_rules_on_day"),
        (lot(test_date="yesterday"), "evaluation.bad_date"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_a_sentence(given: LotInput, key: str) -> None:
    with pytest.raises(OperatorError) as caught:
        evaluate_lot(given, {})
    assert caught.value.key == key


def test_an_edition_that_has_ended_is_taken_by_date_or_with_a_remark() -> None:
    entries = {"force_n": "2680", "area_mm2": "10000"}
    pieces = tuple(SpecimenInput(f"P{place}", (), entries=entries) for place in range(5))
    told = evaluate_lot(LotInput("xps-compressive", "", {"grade": "X250"}, pieces), {})
    assert told.verdict is Verdict.PASS
    assert "methods.edition_ended" in {remark.key for remark in told.remarks}
    dated = LotInput("xps-compressive", "", {"grade": "X250", "test_date": "2026-06-30"}, pieces)
    assert "methods.edition_ended" not in {remark.key for remark in evaluate_lot(dated, {}).remarks}
    late = LotInput("xps-compressive", "", {"grade": "X250", "test_date": "2026-07-01"}, pieces)
    with pytest.raises(OperatorError) as caught:
        evaluate_lot(late, {})
    assert caught.value.key == "standards.no_rules_on_day"


def test_a_gap_in_one_of_the_readings_names_the_specimen() -> None:
    readings = ({"m_g": "518", "m0_g": "480"}, {"m_g": "520"}, {"m_g": "521", "m0_g": "482"}, {"m0_g": "481"})
    pieces = tuple(SpecimenInput(f"P{place}", (), entries=entry) for place, entry in enumerate(readings))
    with pytest.raises(OperatorError) as caught:
        evaluate_lot(LotInput("aac-water-content", "", {}, pieces), {})
    assert caught.value.key == "evaluation.missing"
    assert caught.value.params["where"] == "P1"


def test_one_value_of_the_group_may_stand_in_every_row_but_not_differ() -> None:
    first, second = lot().specimens
    rows = (first, SpecimenInput("S-2", (), entries={**second.entries, "concrete": ">=C60"}))
    same = evaluate_lot(LotInput("sand-mud", "", {}, rows), {})
    assert same.verdict is Verdict.FAIL
    with pytest.raises(OperatorError) as caught:
        evaluate_lot(LotInput("sand-mud", "", {"concrete": "<=C25"}, rows), {})
    assert caught.value.key == "methods.group_differs"


# ---- the laboratory's own folder


CORRECTED = signed(MUD).replace('high = "3.0"', 'high = "2.5"').replace('verdict = "PASS"', 'verdict = "FAIL"')


@pytest.mark.rule("YK-7.2a")
def test_a_laboratory_corrects_a_limit_without_code_and_old_results_keep_theirs(tmp_path: Path) -> None:
    before = evaluate_lot(lot(), {})
    source = own_folder(tmp_path, mud=CORRECTED)
    after = source.evaluate(lot(), {})
    assert (before.verdict, after.verdict) == (Verdict.PASS, Verdict.FAIL)
    assert after.rules.startswith("JGJ52-2006:lab-")
    assert source.evaluate(lot(before.rules), {}) == before
    assert source.evaluate(lot(after.rules), {}) == after
    assert source.evaluate(lot(edition="JGJ52-2006"), {}) == after


def test_two_own_texts_of_one_method_stand_side_by_side_and_the_higher_revision_counts(tmp_path: Path) -> None:
    second = CORRECTED.replace('high = "2.5"', 'high = "2.9"').replace('verdict = "FAIL"', 'verdict = "PASS"', 1)
    source = own_folder(tmp_path, a=CORRECTED, b=second.replace("specimens = 2", "specimens = 2\nrevision = 2"))
    assert not source.faults()
    newest = source.evaluate(lot(), {})
    assert newest.values[0].limit == "<= 2.9"
    older = next(rules for rules in source.catalogue().methods["sand-mud"] if rules not in (newest.rules, "JGJ52-2006"))
    assert source.evaluate(lot(older), {}).values[0].limit == "<= 2.5"


def test_a_new_method_and_a_new_edition_are_found_by_date(tmp_path: Path) -> None:
    later = signed(MUD).replace('edition = "JGJ52-2006"', 'edition = "JGJ52-2030"').replace("2007-06-01", "2030-01-01")
    new = signed(MUD).replace('id = "sand-mud"', 'id = "dust"').replace('material = "sand"', 'material = "dust"')
    source = own_folder(tmp_path, later=later, new=new)
    assert {"dust", "sand-mud"} <= {info.id for info in source.infos()}
    assert source.evaluate(lot(test_date="2029-12-31"), {}).rules == "JGJ52-2006"
    assert source.evaluate(lot(test_date="2030-01-01"), {}).rules.startswith("JGJ52-2030:lab-")
    assert source.catalogue().propose("sand-mud", date(2026, 1, 1)).edition == "JGJ52-2006"


def test_a_broken_own_file_is_refused_and_the_rest_keeps_working(tmp_path: Path) -> None:
    wrong = CORRECTED.replace('expect = { wc = "2.8" }', 'expect = { wc = "2.7" }', 1)
    source = own_folder(
        tmp_path, broken="id = ", wrong=wrong, new=signed(MUD).replace('id = "sand-mud"', 'id = "dust"')
    )
    (tmp_path / "bytes.toml").write_bytes(b"id = 1\n# \xff\xfe")
    faults = {fault.file: fault for fault in source.faults()}
    assert set(faults) == {"broken.toml", "wrong.toml", "bytes.toml"}
    assert faults["broken.toml"].line == 1
    assert faults["bytes.toml"].line == 2
    assert "2.7" in faults["wrong.toml"].reason
    assert "2.8" in faults["wrong.toml"].reason
    assert source.evaluate(lot(), {}).rules == "JGJ52-2006"
    assert "dust" in {info.id for info in source.infos()}


@pytest.mark.parametrize("line", ["author", "reason"])
def test_an_own_file_says_who_wrote_it_and_why(tmp_path: Path, line: str) -> None:
    text = "\n".join(row for row in CORRECTED.splitlines() if not row.startswith(f"{line} ="))
    (fault,) = own_folder(tmp_path, mud=text).faults()
    assert line in fault.reason


def test_a_changed_file_counts_from_the_next_question(tmp_path: Path) -> None:
    source = own_folder(tmp_path, mud=CORRECTED)
    assert source.evaluate(lot(), {}).verdict is Verdict.FAIL
    path = tmp_path / "mud.toml"
    path.write_text(signed(MUD), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert source.evaluate(lot(), {}).verdict is Verdict.PASS
    path.unlink()
    assert source.evaluate(lot(), {}).rules == "JGJ52-2006"


def test_an_own_file_cannot_take_the_name_of_a_method_in_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "x.toml").write_text(signed(MUD).replace("sand-mud", "concrete-cube"), "utf-8")
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path))
    ids = [info.id for info in list_methods()]
    assert len(ids) == len(set(ids))
    (fault,) = DataMethods().faults()
    assert (fault.file, fault.line) == ("x.toml", 3)
    assert "concrete-cube" in fault.reason


def test_the_list_of_methods_in_code_is_complete() -> None:
    assert set(CODED) == {info.id for info in list_methods()} - set(DataMethods().catalogue().methods)


# ---- command line


def test_ids_are_unique_over_code_and_data() -> None:
    ids = [info.id for info in list_methods()]
    assert len(ids) == len(set(ids))
    assert len(ids) > len(shipped_methods().methods)


def test_the_command_takes_lists_and_says_json(capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["m0_g=400.0,400.0", "m1_g=389.2,388.4", "concrete=C30-C55"]
    assert run_evaluate(["sand-mud", "--set", *typed, "--json", "--lang", "zh"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["values"][0]["rounded_text"] == "2.8"
    assert found["verdict"] == "PASS"
    assert found["rules"] == "JGJ52-2006"


def test_the_command_takes_a_results_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.csv"
    path.write_text("label,m0_g,m1_g,concrete\nA,400.0,389.2,>=C60\nB,400.0,388.4,>=C60\n", encoding="utf-8")
    assert run_evaluate(["sand-mud", "--results", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "FAIL"


@pytest.mark.parametrize("typed", [["m0_g=400,400"], ["m0_g=a,b", "m1_g=1,2"], ["m0_g=400", "m1_g=390"], []])
def test_wrong_entries_exit_2_with_one_sentence(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_evaluate(["sand-mud", *(["--set", *typed] if typed else []), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip().count("\n") == 0


def test_methods_lists_data_methods_and_tells_refused_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "x.toml").write_text("id = 3\n", encoding="utf-8")
    monkeypatch.setenv("LABDESK_HOME", str(tmp_path))
    assert run_methods(["--json"]) == 0
    printed = capsys.readouterr()
    listed = {item["id"]: item for item in json.loads(printed.out)}
    names = {item["name"]: item for item in listed["sand-mud"]["inputs"]}
    assert names["concrete"]["choices"] == [">=C60", "C30-C55", "<=C25"]
    assert names["m0_g"]["unit"] == "g"
    assert printed.err.startswith("x.toml:1: ")


def test_many_own_files_are_read_once(tmp_path: Path) -> None:
    source = own_folder(tmp_path, mud=CORRECTED)
    assert source.catalogue() is source.catalogue()


def test_a_catalogue_without_files_is_empty() -> None:
    assert not load_methods([]).methods
