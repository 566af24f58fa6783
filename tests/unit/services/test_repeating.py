"""An evaluation under a laboratory's own table is repeated anywhere: the file goes with it, by hash; without the file nobody pretends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, Verdict
from labdesk.domain.reporting import OwnTableFile, ReportDocument
from labdesk.domain.verification import Outcome, Severity
from labdesk.evidence.canonical import sha256_hex
from labdesk.reports.qr import ZxingImageReader
from labdesk.reports.verify_pdf import ReportPdfInspector
from labdesk.services.acceptance_choice import Asked, judged
from labdesk.services.data_folder import HOME_VARIABLE
from labdesk.services.evaluation import evaluate_from_runs, evaluate_lot
from labdesk.services.own_tables import frozen_texts, hashes_of
from labdesk.services.repeating import evaluate_again, own_texts_of
from labdesk.services.verification import Verification, VerificationDeps
from tests.helpers.acceptanceworld import TOWER_CODE, AcceptanceWorld
from tests.helpers.benchworld import CUBE_LOT, Loading, make_bench, session
from tests.helpers.issuing import coded, signed
from tests.helpers.reportworld import cubes
from tests.helpers.stores import opened_engine
from tests.helpers.trustworld import NOW, world

OWN = """extends = "GBT50081-2019"
name = "north"
author = "陈立"
reason = "coarser values, agreed with the client"
strength_step = "0.5"
"""
SECOND = """extends = "GBT50107-2010"
name = "north"
author = "陈立"
reason = "read in the print"
[numbers]
sigma_floor = { value = "3.0", clause = "GB/T 50107-2010 5.1.2", certainty = "V" }
"""
Home = Callable[[str], Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Puts a laboratory's folder, or one without anything, in use."""
    cubes()  # made once for all tests, and under no laboratory's own table

    def use(name: str) -> Path:
        folder = tmp_path / name
        (folder / "standards").mkdir(parents=True, exist_ok=True)
        (folder / "methods").mkdir(exist_ok=True)
        monkeypatch.setenv(HOME_VARIABLE, str(folder))
        return folder

    return use


def under_own_table(home: Home, text: str = OWN) -> Evaluation:
    """The cubes of the report world, judged in a laboratory that has its own table."""
    (home("laboratory") / "standards" / "own.toml").write_text(text, encoding="utf-8")
    document = cubes()
    return evaluate_from_runs(document.data.lot, {run.run_hash: run.content for run in document.runs})


def report(evaluation: Evaluation, tables: tuple[OwnTableFile, ...]) -> bytes:
    document = cubes()
    data = replace(document.data, evaluation=evaluation)
    return signed(coded(ReportDocument(data, document.curves, document.runs, None, tables)))


def verify(pdf: bytes) -> tuple[Outcome, dict[str, Severity]]:
    class Noon:
        def now(self) -> object:
            return NOW

    source = world().trust
    deps = VerificationDeps(ReportPdfInspector(source), ZxingImageReader(), source, Noon(), evaluate_again)  # type: ignore[arg-type]
    result = Verification(deps).verify_pdf(pdf)
    return result.outcome, {finding.key: finding.severity for finding in result.findings}


@pytest.mark.rule("YK-7.5")
def test_a_verifier_without_the_file_recomputes_from_the_report_alone(home: Home) -> None:
    evaluation = under_own_table(home)
    assert evaluation.rules.startswith("GBT50081-2019+north@")
    assert hashes_of(evaluation) == (sha256_hex(OWN.encode()),)
    tables = tuple(OwnTableFile(sha256_hex(text.encode()), text.encode()) for text in own_texts_of(evaluation))
    home("somewhere else")
    outcome, found = verify(report(evaluation, tables))
    assert outcome is Outcome.GENUINE
    assert found["verification.recomputed"] is Severity.PROVES
    assert found["verification.own_table"] is Severity.NOTE


def test_without_the_file_it_cannot_be_told_and_values_of_another_table_are_found(home: Home) -> None:
    evaluation = under_own_table(home)
    home("somewhere else")
    outcome, found = verify(report(evaluation, ()))
    assert (outcome, found["verification.not_recomputed"]) == (Outcome.CANNOT_TELL, Severity.LEAVES_OPEN)
    other = OWN.replace("0.5", "1").encode()
    outcome, found = verify(report(evaluation, (OwnTableFile(sha256_hex(other), other),)))
    assert outcome is Outcome.CANNOT_TELL
    higher = tuple(
        replace(value, rounded=value.rounded + 5) if value.rounded is not None else value for value in evaluation.values
    )
    tables = (OwnTableFile(sha256_hex(OWN.encode()), OWN.encode()),)
    outcome, found = verify(report(replace(evaluation, values=higher), tables))
    assert (outcome, found["verification.value_differs"]) == (Outcome.NOT_GENUINE, Severity.DISPROVES)


def test_a_table_that_is_not_its_hash_or_too_large_is_missing(home: Home) -> None:
    evaluation = under_own_table(home)
    digest = hashes_of(evaluation)[0]
    for data in (b"", b"other", OWN.encode() + b"#" * 600_000):
        with pytest.raises(OperatorError, match="own_table_missing"):
            frozen_texts(evaluation, {digest: data})


def test_a_file_changed_before_the_evaluation_is_kept_is_refused(home: Home) -> None:
    evaluation = under_own_table(home)
    (home("laboratory") / "standards" / "own.toml").write_text(OWN.replace("0.5", "0.2"), encoding="utf-8")
    with pytest.raises(OperatorError, match="own_table_missing"):
        own_texts_of(evaluation)


def test_a_shipped_edition_rests_on_no_own_file(home: Home) -> None:
    under_own_table(home)
    lot = replace(cubes().data.lot, rules="GBT50081-2019")
    found = evaluate_from_runs(lot, {run.run_hash: run.content for run in cubes().runs})
    assert (hashes_of(found), own_texts_of(found)) == ((), ())


def test_an_own_method_is_repeated_from_its_file(home: Home) -> None:
    folder = resources.files("labdesk_resources.methods")
    text = folder.joinpath("brick-water-absorption.toml").read_text(encoding="utf-8")
    own = text.replace('id = "brick-water-absorption"', 'id = "our-absorption"\nauthor = "陈立"\nreason = "ours"', 1)
    assert own != text
    (home("laboratory") / "methods" / "ours.toml").write_text(own, encoding="utf-8")
    masses = {"m0_g": "2500", "m24_g": "2900", "m5_g": "3000"}
    specimens = tuple(SpecimenInput(f"Z-{number}", (), masses) for number in range(1, 6))
    lot = LotInput("our-absorption", "", {"kind": "clay"}, specimens)
    found = evaluate_lot(lot, {})
    assert hashes_of(found) == (sha256_hex(own.encode()),)
    home("somewhere else")
    again = evaluate_again(lot, found, {}, {sha256_hex(own.encode()): own.encode()})
    assert (again.values, again.verdict, again.rules) == (found.values, found.verdict, found.rules)
    with pytest.raises(OperatorError, match="own_table_missing"):
        evaluate_again(lot, found, {}, {})


@pytest.mark.rule("YK-7.5")
def test_the_bench_keeps_the_file_with_the_evaluation(home: Home, tmp_path: Path) -> None:
    (home("laboratory") / "standards" / "own.toml").write_text(OWN, encoding="utf-8")
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        bench = make_bench(engine)
        for number in (1, 2, 3):
            bench.load(f"H26-00188-{number}", Loading("cube", {"strength_mpa": 28.0}))
        stored = bench.evaluating.evaluate(CUBE_LOT, session())
        (digest,) = hashes_of(stored.evaluation)
        assert bench.blobs.get(digest) == OWN.encode()
        with bench.store.read() as uow:
            assert digest in {sha256 for sha256, _ in uow.blobs.all()}
        assert stored.lot.settings["low_group_percent"] == "95", "the region's trigger is part of the input"
        assert "evaluation.low_group" in {remark.key for remark in stored.evaluation.remarks}


def test_a_statement_of_acceptance_is_checked_without_the_folder(home: Home, tmp_path: Path) -> None:
    (home("laboratory") / "standards" / "own.toml").write_text(SECOND, encoding="utf-8")
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        made = AcceptanceWorld(engine)
        made.values("36.0", "35.5", "36.5")
        groups = made.desk.groups(TOWER_CODE)
        statement = made.desk.keep(
            TOWER_CODE, judged(groups, {group.lot_no for group in groups}, Asked()), made.session()
        )
        assert statement.evaluation.rules.startswith("GBT50107-2010+north@")
        assert statement.evaluation.verdict is Verdict.PASS
        home("somewhere else")
        assert made.desk.check(statement.number)[0]
        made.blobs.files.clear()
        assert not made.desk.check(statement.number)[0]
