"""The main job from the platform's commissions to two genuine reports, without a screen, through real processes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from labdesk.app.demo import site
from labdesk.domain.evaluation import TestKind, Verdict
from labdesk.domain.outbox import MessageKind, OutboxState
from labdesk.domain.reception import ReceptionView, ScanVerdict
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.testing import Disposition
from labdesk.domain.verification import Outcome
from tests.helpers.laboratory import DAMAGED, Laboratory, arrived, main_job, open_laboratory

METHODS = ("rebar-lot", "concrete-cube")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """A laboratory that has done the whole main job, with the platform there all the time."""
    laboratory = open_laboratory(tmp_path_factory.mktemp("lab"))
    try:
        assert laboratory.sync().problems == ()
        for step in main_job(laboratory):
            assert laboratory.sync().problems == (), step
        yield laboratory
    finally:
        laboratory.close()


def view(lab: Laboratory, number: str) -> ReceptionView:
    return lab.rooms.counter.desk.view(number)


@pytest.mark.rule("YK-7.4")
def test_what_did_not_match_was_refused_with_a_slip_and_never_received(lab: Laboratory) -> None:
    bars, cubes = view(lab, site.REBAR_NO), view(lab, site.CONCRETE_NO)
    refused = {(item.tag, item.finding.verdict) for item in (*bars.rejections, *cubes.rejections)}
    damaged = site.REBAR_TAGS[DAMAGED[1] - 1]
    assert refused == {
        (site.FOREIGN_TAG, ScanVerdict.WRONG_PROJECT),
        (damaged, ScanVerdict.TAG_DAMAGED),
        ("", ScanVerdict.WITNESS_LATE),
    }
    received = {piece.tag for lot in lab.lots.values() for piece in lot.specimens}
    assert received == (set(site.REBAR_TAGS) | set(site.CUBE_TAGS)) - {damaged}
    for item in (*bars.rejections, *cubes.rejections):
        assert lab.rooms.base.blobs.get(item.slip_sha256).startswith(b"%PDF-")


@pytest.mark.rule("YK-7.2a")
def test_the_lost_line_is_a_reading_by_two_people_and_says_no_curve(lab: Laboratory) -> None:
    with lab.rooms.base.store.read() as uow:
        (finding,) = uow.testing.findings_of_lot(lab.lots["concrete-cube"].number)
        runs = {run.id: run for run in uow.testing.runs_of_lot(lab.lots["concrete-cube"].number)}
    assert finding.disposition is Disposition.PEAK_ON_DISPLAY
    assert finding.reader_id != finding.second_id
    assert finding.peak_kn == Decimal(lab.peak_kn)
    lost = runs[finding.run_id]
    assert (lost.specimen_label, lost.ended_with_break()) == (lab.lost_label, False)
    # Half of the loading came over the line; the display went on to the end.
    assert lost.peak_kn is not None
    assert lost.peak_kn < finding.peak_kn
    stored = lab.rooms.bench.evaluating.newest(lab.lots["concrete-cube"].number)
    assert stored is not None
    piece = next(item for item in stored.lot.specimens if item.label == lab.lost_label)
    assert (piece.run_hash, piece.manual_peak_kn) == (None, finding.peak_kn)
    assert "evaluation.no_curve" in {remark.key for remark in stored.evaluation.remarks}


def test_values_are_those_of_the_pieces_in_the_machines(lab: Laboratory) -> None:
    rebar = lab.rooms.bench.evaluating.newest(lab.lots["rebar-lot"].number)
    cubes = lab.rooms.bench.evaluating.newest(lab.lots["concrete-cube"].number)
    assert rebar is not None
    assert cubes is not None
    assert (rebar.evaluation.verdict, cubes.evaluation.verdict) == (Verdict.PASS, Verdict.NOT_EVALUATED)
    bars = lab.pieces("rebar-lot", TestKind.TENSION)
    strengths = [value.raw for value in rebar.evaluation.values if value.symbol == "Rm"]
    assert len(strengths) == len(bars) == 2
    # The simulated bar is made of 610 MPa steel, scattered by one per cent; the sheet's nominal area is used.
    assert all(raw is not None and abs(raw - 610) < 15 for raw in strengths)
    group = next(value for value in cubes.evaluation.values if value.symbol == "fcu,m" and value.unit == "MPa")
    assert group.raw is not None
    assert abs(group.raw - 37) < Decimal("0.8")


@pytest.mark.rule("O57")
def test_each_report_was_signed_by_three_people_who_are_not_the_same(lab: Laboratory) -> None:
    with lab.rooms.base.store.read() as uow:
        for method in METHODS:
            signed = uow.review.signatures_of(lab.drafts[method])
            assert [item.role for item in signed] == [
                SignatureRole.TESTED,
                SignatureRole.REVIEWED,
                SignatureRole.APPROVED,
            ]
            assert len({item.person_id for item in signed}) == 3


@pytest.mark.rule("YK-7.2b")
@pytest.mark.parametrize("method", METHODS)
def test_the_report_is_genuine_by_the_real_command_and_one_changed_byte_is_not(lab: Laboratory, method: str) -> None:
    report = lab.report_file(method)
    told = lab.command("verify", str(report), "--json")
    assert (told.returncode, told.stderr.count("\n")) == (0, 1), told.stderr
    found = json.loads(told.stdout)
    assert (found["outcome"], found["state"], found["holds"]) == ("genuine", "valid", True)
    assert lab.rooms.office.offline_verification.verify_pdf(report.read_bytes()).outcome is Outcome.GENUINE
    data = bytearray(report.read_bytes())
    data[len(data) // 3] ^= 1
    report.write_bytes(data)
    told = lab.command("verify", str(report))
    assert told.returncode == 1, told.stdout


@pytest.mark.rule("YK-7.2b")
def test_a_changed_byte_shows_wherever_it_is(lab: Laboratory) -> None:
    pdf = lab.rooms.office.reporting.report_pdf(lab.drafts["rebar-lot"])
    for place in range(20, len(pdf), len(pdf) // 12):
        data = bytearray(pdf)
        data[place] ^= 0x10
        result = lab.rooms.office.offline_verification.verify_pdf(bytes(data))
        assert result.outcome is not Outcome.GENUINE, place


@pytest.mark.rule("YK-9.1")
def test_everything_is_on_the_platform_exactly_once(lab: Laboratory) -> None:
    assert set(lab.states()) == {OutboxState.ACKNOWLEDGED}
    messages = lab.messages()
    kinds = Counter(message.kind for message in messages)
    assert kinds == {
        MessageKind.REJECTION: 3,
        MessageKind.RECEPTION: 2,
        MessageKind.RUN: 5,
        MessageKind.MANUAL_READING: 1,
        MessageKind.EVALUATION: 2,
        MessageKind.SIGNATURE: 10,
        MessageKind.REPORT_REQUEST: 2,
        MessageKind.REPORT_ISSUED: 2,
    }
    there = [(key, digest) for _, key, digest in arrived(lab)]
    assert sorted(there) == sorted((message.id, message.sha256) for message in messages)
    days = {message.created_at.date().isoformat() for message in messages}
    found = [lab.rooms.line.control.reconcile(day) for day in days]
    assert all(day.clean for day in found)
    assert sum(day.matching for day in found) == len(messages)


def test_the_evidence_is_intact_and_the_commands_say_so(lab: Laboratory) -> None:
    audited = lab.command("audit", "--json")
    assert audited.returncode == 0, audited.stdout
    summary = json.loads(audited.stdout)
    assert summary["breaks"] == []
    assert summary["log_entries"] > 100
    status = lab.command("sync", "status")
    assert (status.returncode, json.loads(status.stdout)["waiting"]) == (0, 0)
    assert lab.command("sync", "now").returncode == 0
    doctor = lab.command("doctor")
    assert json.loads(doctor.stdout)["platform"] == lab.world.platform.url
