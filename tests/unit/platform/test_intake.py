"""Messages at the counter: once is once, wrong is refused in signed words, and a report code stands on everything it should."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from labdesk.domain.evaluation import Verdict
from labdesk.domain.messages import Body, FailingResultBody, ManualReadingBody, RunBody
from labdesk.domain.outbox import MessageKind, OutboxMessage
from labdesk.domain.plain import from_plain
from labdesk.domain.reporting import IssueState, SignatureRole
from labdesk.evidence.canonical import canonical_hash
from labdesk.evidence.documents import read_document, verify_document
from labdesk.evidence.keys import Ed25519Key, KeyUse
from labdesk.evidence.report_code import verify_grant
from labdesk.evidence.trust import Revocation, Standing
from labdesk.platform.api.context import Answer, ProblemError
from labdesk.platform.api.intake import Intake, Uploads
from labdesk.platform.rules.codes import looks_right
from labdesk.platform.server import admin
from labdesk.wire.envelope import RECEIPT_DOCUMENT, Post, Receipt, ReceiptOutcome
from tests.unit.platform.world import (
    NOON,
    PROJECT,
    REVIEWER,
    SAMPLER,
    TESTER,
    Actor,
    LabSide,
    Region,
    Story,
    commission,
    envelope_of,
    issued_body,
    sampling,
    story,
)


def receipt_of(here: Region, lab: LabSide, answer: Answer) -> Receipt:
    """The receipt in an answer, its signature checked against the pinned root."""
    document = read_document(answer.content)
    plain = verify_document(document, RECEIPT_DOCUMENT, lab.trust().ed25519_keys)
    return from_plain(Receipt, plain)


def post(here: Region, lab: LabSide, message: OutboxMessage) -> Answer:
    """Hand in a message after its blobs."""
    return Intake(here.context).accept(lab.id, Post(envelope_of(message, lab)))


def upload(here: Region, lab: LabSide, data: bytes) -> str:
    """Deliver a blob whole."""
    digest = hashlib.sha256(data).hexdigest()
    Uploads(here.context).put(lab.id, digest, 0, len(data), data)
    return digest


def send(here: Region, lab: LabSide, body: Body) -> Receipt:
    """Hand in a body and read the receipt."""
    return receipt_of(here, lab, post(here, lab, here.message(body)))


def send_story(here: Region, lab: LabSide, found: Story, without: tuple[Body, ...] = ()) -> None:
    """Everything before the request, except ``without``."""
    for data in found.runs.values():
        upload(here, lab, data)
    for body in found.before_request():
        if body not in without:
            receipt = send(here, lab, body)
            assert receipt.outcome is ReceiptOutcome.ACCEPTED, (receipt.reason, receipt.params)


@pytest.fixture
def lab(here: Region) -> LabSide:
    """A laboratory that has one commission."""
    found = here.add_lab()
    here.send_out(commission())
    return found


@pytest.fixture
def told(lab: LabSide) -> Story:
    """The course of its lot."""
    return story(commission())


def test_same_message_three_times_gives_one_row_and_the_same_receipt(both: Region) -> None:
    lab = both.add_lab()
    both.send_out(commission())
    message = both.message(story(commission()).reception)
    first = post(both, lab, message)
    both.clock.move(timedelta(hours=5))
    assert first.status == 200
    assert [post(both, lab, message) for _ in range(2)] == [first, first]
    assert Intake(both.context).receipt(lab.id, message.id).content == first.content
    day = both.context.store.read(lambda desk: desk.messages.day_list(lab.id, "2026-11-21"))
    assert day == {message.id: message.sha256}


def test_racing_duplicates_end_as_one_message(both: Region) -> None:
    lab = both.add_lab()
    both.send_out(commission())
    message = both.message(story(commission()).reception)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(both, lab, message), range(8)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].status == 200


def test_other_content_under_the_same_natural_key_is_a_conflict(here: Region, lab: LabSide, told: Story) -> None:
    assert send(here, lab, told.reception).outcome is ReceiptOutcome.ACCEPTED
    answer = post(here, lab, here.message(replace(told.reception, station="收样台 2")))
    receipt = receipt_of(here, lab, answer)
    assert (answer.status, receipt.outcome, receipt.reason) == (409, ReceiptOutcome.CONFLICT, "platform.conflict")
    kept = here.context.store.read(
        lambda desk: desk.messages.by_key(lab.id, MessageKind.RECEPTION, "reception:SY-WT-2026-01877")
    )
    assert kept is not None
    assert kept.body == told.reception


def test_same_id_with_other_content_is_a_conflict(here: Region, lab: LabSide, told: Story) -> None:
    message = here.message(told.reception)
    post(here, lab, message)
    other = replace(here.message(replace(told.reception, receipt_no="SY-2")), id=message.id)
    assert post(here, lab, other).status == 409


def test_missing_attachments_are_named_and_nothing_is_kept(here: Region, lab: LabSide, told: Story) -> None:
    message = here.message(told.run_bodies[0])
    with pytest.raises(ProblemError) as caught:
        post(here, lab, message)
    assert (caught.value.status, caught.value.missing) == (424, message.attachments)
    upload(here, lab, told.runs[message.attachments[0]])
    assert post(here, lab, message).status == 200


def test_a_blob_that_another_laboratory_delivered_is_still_missing(here: Region, lab: LabSide, told: Story) -> None:
    other = here.add_lab("YK-LAB-2")
    upload(here, other, told.runs[told.run_bodies[0].run_hash])
    with pytest.raises(ProblemError):
        post(here, lab, here.message(told.run_bodies[0]))


@pytest.mark.parametrize("how", ["stranger", "altered body", "altered key", "retired key", "not hex"])
def test_wrong_signatures_are_refused(here: Region, lab: LabSide, told: Story, how: str) -> None:
    message = here.message(told.reception)
    if how == "stranger":
        keys = {**lab.keys, KeyUse.DOCUMENT: Ed25519Key.generate()}
        envelope = envelope_of(message, replace(lab, keys=keys))
    else:
        envelope = envelope_of(message, lab)
    if how == "altered body":
        envelope = replace(envelope, body=envelope.body.replace("收样台 1", "收样台 9"))
    if how == "altered key":
        envelope = replace(envelope, natural_key="reception:SY-3")
    if how == "retired key":
        admin.end_key(here.context, lab.key(KeyUse.DOCUMENT).public_key, Revocation.RETIRED)
        here.clock.move(timedelta(seconds=1))
    if how == "not hex":
        envelope = replace(envelope, signature="zz")
    answer = Intake(here.context).accept(lab.id, Post(envelope))
    receipt = receipt_of(here, lab, answer)
    assert (answer.status, receipt.outcome) == (422, ReceiptOutcome.REFUSED)
    expected = {
        "stranger": "evidence.key_unknown",
        "retired key": "evidence.key_unknown",
        "altered body": "platform.hash_wrong",
    }
    assert receipt.reason == expected.get(how, "evidence.signature_wrong")
    assert here.context.store.read(lambda desk: desk.messages.get(lab.id, message.id)) is None
    assert here.context.store.read(lambda desk: desk.messages.refusals(lab.id)) == ((message.id, receipt.reason),)


def test_the_log_key_does_not_sign_messages(here: Region, lab: LabSide, told: Story) -> None:
    keys = {**lab.keys, KeyUse.DOCUMENT: lab.keys[KeyUse.LOG]}
    envelope = envelope_of(here.message(told.reception), replace(lab, keys=keys))
    answer = Intake(here.context).accept(lab.id, Post(envelope))
    assert receipt_of(here, lab, answer).reason == "evidence.key_unknown"


def test_two_laboratories_do_not_speak_for_each_other(here: Region, lab: LabSide, told: Story) -> None:
    other = here.add_lab("YK-LAB-2")
    with pytest.raises(ProblemError) as caught:
        Intake(here.context).accept(other.id, Post(envelope_of(here.message(told.reception), lab)))
    assert caught.value.status == 403
    answer = post(here, other, here.message(told.reception))
    assert receipt_of(here, other, answer).reason == "platform.unknown_commission"


def test_two_laboratories_may_use_the_same_numbers(here: Region, lab: LabSide) -> None:
    other = here.add_lab("YK-LAB-2")
    second = commission("WT-2026-01900", tags="YK99990000")
    here.send_out(second, other.id)
    first = story(commission()).reception
    same_number = replace(story(second).reception, receipt_no=first.receipt_no)
    assert send(here, lab, first).outcome is ReceiptOutcome.ACCEPTED
    assert send(here, other, same_number).outcome is ReceiptOutcome.ACCEPTED


@pytest.mark.rule("LN-3.1")
def test_what_belongs_to_no_known_project_is_refused(here: Region, lab: LabSide, told: Story) -> None:
    assert send(here, lab, replace(told.reception, project_code="LN-0000")).reason == "platform.other_project"
    assert send(here, lab, replace(told.reception, commission_no="WT-0")).reason == "platform.unknown_commission"


@pytest.mark.rule("LN-3.1")
def test_project_codes_are_imported_and_never_minted(here: Region) -> None:
    here.add_lab()
    with pytest.raises(admin.OperatorError, match=r"platform\.unknown_project"):
        admin.import_records(
            here.context, admin.ImportFile(commissions=(admin.CommissionFor("YK-LAB-1", commission()),))
        )
    assert here.context.store.read(lambda desk: desk.records.projects()) == ()
    here.send_out(commission())
    assert here.context.store.read(lambda desk: desk.records.projects()) == (PROJECT,)


def test_a_sealed_run_that_says_otherwise_is_refused(here: Region, lab: LabSide, told: Story) -> None:
    body = told.run_bodies[0]
    upload(here, lab, told.runs[body.run_hash])
    for lie in (
        replace(body, peak_kn=Decimal("300")),
        replace(body, specimen_label="K9-0001"),
        replace(body, samples=2),
    ):
        assert send(here, lab, lie).reason == "platform.run_differs"
    assert send(here, lab, body).outcome is ReceiptOutcome.ACCEPTED


def test_bytes_that_are_no_run_are_refused(here: Region, lab: LabSide, told: Story) -> None:
    digest = upload(here, lab, b"no run")
    assert send(here, lab, replace(told.run_bodies[0], run_hash=digest)).reason == "platform.run_differs"


@pytest.mark.rule("YK-7.4")
def test_reception_of_foreign_void_and_received_tags_is_refused(here: Region, lab: LabSide, told: Story) -> None:
    here.send_out(commission("WT-2026-02000", tags="YK77770000"))
    foreign = replace(told.reception.samples[0], tag="YK777700001")
    assert send(here, lab, replace(told.reception, samples=(foreign,))).reason == "platform.tag_differs"
    assert send(here, lab, told.reception).outcome is ReceiptOutcome.ACCEPTED
    assert send(here, lab, replace(told.reception, receipt_no="SY-2")).reason == "platform.tag_received"
    admin.void_tag(here.context, "YK777700001", "供应商报告重码")
    void = story(commission("WT-2026-02000", tags="YK77770000"), mark="K5").reception
    assert send(here, lab, void).reason == "platform.tag_void"


@pytest.mark.rule("YK-7.4")
def test_several_pieces_of_one_tagged_sample_are_received_once_and_under_different_labels(
    here: Region, lab: LabSide, told: Story
) -> None:
    first = told.reception.samples[0]
    half = replace(first, label=f"{first.label}A")
    twice = replace(told.reception, samples=(first, first))
    assert send(here, lab, twice).reason == "platform.tag_received"
    assert send(here, lab, replace(told.reception, samples=(first, half))).outcome is ReceiptOutcome.ACCEPTED
    again = replace(told.reception, receipt_no="SY-2", samples=(replace(first, label=f"{first.label}B"),))
    assert send(here, lab, again).reason == "platform.tag_received"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize(
    ("verdict", "let_in"), [("site_too_far", True), ("witness_late", False), ("tag_damaged", False)]
)
def test_a_finding_is_received_only_where_the_region_merely_warns(
    here: Region, lab: LabSide, told: Story, verdict: str, let_in: bool
) -> None:
    first, second = told.reception.samples
    receipt = send(here, lab, replace(told.reception, samples=(replace(first, verdict=verdict), second)))
    assert (receipt.outcome is ReceiptOutcome.ACCEPTED) is let_in
    assert let_in or receipt.reason == "platform.not_receivable"


@pytest.mark.rule("YK-7.2b")
def test_a_complete_report_gets_one_code_signed_by_the_platform(both: Region) -> None:
    lab = both.add_lab()
    both.send_out(commission())
    told = story(commission())
    send_story(both, lab, told)
    message = both.message(told.request)
    receipt = receipt_of(both, lab, post(both, lab, message))
    assert receipt.outcome is ReceiptOutcome.ACCEPTED
    code = receipt.result["report_code"]
    assert looks_right(code)
    assert code.startswith("YK26-")
    import base64

    grant, standing = verify_grant(base64.b64decode(receipt.result["grant"]), lab.trust())
    assert standing is Standing.TRUSTED
    assert (grant.code, grant.data_hash) == (code, canonical_hash(told.request.data))
    assert receipt_of(both, lab, post(both, lab, message)).result["report_code"] == code
    again = replace(told.request, data=replace(told.request.data, copies=3))
    again = replace(again, data_sha256=canonical_hash(again.data))
    assert send(both, lab, again).outcome is ReceiptOutcome.CONFLICT


@pytest.mark.rule("YK-7.2b")
@pytest.mark.parametrize("index", range(7))
def test_no_code_while_anything_is_missing(here: Region, lab: LabSide, told: Story, index: int) -> None:
    left_out = told.before_request()[index]
    send_story(here, lab, told, without=(left_out,))
    request = here.message(told.request)
    receipt = receipt_of(here, lab, post(here, lab, request))
    assert (receipt.outcome, receipt.reason) == (ReceiptOutcome.REFUSED, "platform.report_incomplete")
    expected = (
        ("reception:K4-0721", "reception:K4-0722"),
        ("run:K4-0721",),
        ("run:K4-0722",),
        ("evaluation",),
        ("signature:tested",),
        ("signature:reviewed",),
        ("signature:approved",),
    )
    assert receipt.missing == expected[index]
    assert here.context.store.read(lambda desk: desk.reports.of_project(PROJECT.code)) == ()
    send(here, lab, left_out)
    assert receipt_of(here, lab, post(here, lab, request)).outcome is ReceiptOutcome.ACCEPTED


@pytest.mark.rule("YK-6.3")
@pytest.mark.parametrize(("delay", "given"), [(20, True), (21, False), (-1, False)])
def test_late_witnessing_keeps_the_code_back(here: Region, delay: int, given: bool) -> None:
    lab, late = here.add_lab(), commission(how=sampling(delay))
    here.send_out(late)
    told = story(late)
    send_story(here, lab, told)
    receipt = send(here, lab, told.request)
    assert (receipt.outcome is ReceiptOutcome.ACCEPTED) is given
    assert receipt.missing == (() if given else (f"witnessing:{delay}-min",))


@pytest.mark.rule("YK-4.3")
def test_sampler_and_witness_must_be_two(here: Region) -> None:
    lab = here.add_lab()
    one = replace(sampling(), witness=SAMPLER)
    here.send_out(commission(how=one))
    told = story(commission(how=one))
    send_story(here, lab, told)
    assert send(here, lab, told.request).missing == ("witnessing:same-person",)


@pytest.mark.rule("O57")
def test_three_different_people_sign(here: Region, lab: LabSide, told: Story) -> None:
    same = replace(told.signatures[2], signer=TESTER)
    lines = tuple(
        replace(line, person_id=TESTER.id) if line.role is SignatureRole.APPROVED else line
        for line in told.request.data.signatures
    )
    data = replace(told.request.data, signatures=lines)
    send_story(here, lab, told, without=(told.signatures[2],))
    send(here, lab, same)
    receipt = send(here, lab, replace(told.request, data=data, data_sha256=canonical_hash(data)))
    assert receipt.missing == ("signature:same-person",)


def test_a_signature_under_another_evaluation_does_not_count(here: Region, lab: LabSide, told: Story) -> None:
    stale = replace(told.signatures[1], evaluation_sha256="0" * 64)
    send_story(here, lab, told, without=(told.signatures[1],))
    send(here, lab, stale)
    assert send(here, lab, told.request).missing == ("signature:reviewed",)


def test_the_signatory_shows_an_authorisation(here: Region, lab: LabSide, told: Story) -> None:
    send_story(here, lab, told, without=(told.signatures[2],))
    send(here, lab, replace(told.signatures[2], authorisation=""))
    assert send(here, lab, told.request).missing == ("signature:approved",)


@pytest.mark.rule("O57")
def test_a_failing_result_is_told_before_its_report(here: Region, lab: LabSide, told: Story) -> None:
    evaluation = replace(told.evaluation.evaluation, verdict=Verdict.FAIL)
    digest = canonical_hash(evaluation)
    data = replace(told.request.data, evaluation=evaluation)
    failing = replace(
        told,
        evaluation=replace(told.evaluation, evaluation=evaluation),
        signatures=tuple(replace(item, evaluation_sha256=digest) for item in told.signatures),
    )
    request = replace(told.request, data=data, data_sha256=canonical_hash(data))
    send_story(here, lab, failing)
    assert send(here, lab, request).missing == ("failing-result",)
    about = (commission().number, PROJECT.code, 1, "GJ-2026-00031")
    send(here, lab, FailingResultBody(*about, Verdict.FAIL, evaluation.values, digest, NOON))
    assert send(here, lab, request).outcome is ReceiptOutcome.ACCEPTED


def test_a_manual_reading_by_two_people_stands_in_for_a_curve(here: Region, lab: LabSide, told: Story) -> None:
    first, second = told.request.data.lot.specimens
    manual = replace(second, run_hash=None, manual_peak_kn=Decimal("285.5"))
    lot = replace(told.request.data.lot, specimens=(first, manual))
    data = replace(told.request.data, lot=lot)
    request = replace(told.request, data=data, data_sha256=canonical_hash(data))
    send_story(here, lab, replace(told, evaluation=replace(told.evaluation, input=lot)))
    photo = upload(here, lab, b"photo of the display")
    about = (commission().number, PROJECT.code, 1, manual.label)
    alone = ManualReadingBody(*about, "m-1", Decimal("285.5"), "line-lost", TESTER, TESTER, NOON, (photo,))
    send(here, lab, alone)
    assert send(here, lab, request).missing == (f"manual-reading:{manual.label}",)
    send(here, lab, replace(alone, reading_id="m-2", witnessed_by=Actor("p-7", "孙悦")))
    assert send(here, lab, request).outcome is ReceiptOutcome.ACCEPTED


def test_a_warm_up_is_no_test(here: Region, lab: LabSide, told: Story) -> None:
    """A run that was declared as something else never carries a report, whatever the report says."""
    from labdesk.domain.capture import RunClass
    from labdesk.domain.sealed_run import decode_run, encode_run, run_hash

    run = decode_run(told.runs[told.run_bodies[0].run_hash])
    trial = encode_run(
        replace(run, header=replace(run.header, request=replace(run.header.request, run_class=RunClass.TRIAL)))
    )
    digest = run_hash(trial)
    upload(here, lab, trial)
    body: RunBody = replace(told.run_bodies[0], run_hash=digest, run_class="trial")
    first = replace(told.request.data.lot.specimens[0], run_hash=digest)
    lot = replace(told.request.data.lot, specimens=(first, told.request.data.lot.specimens[1]))
    data = replace(told.request.data, lot=lot)
    send_story(
        here,
        lab,
        replace(told, run_bodies=(body, told.run_bodies[1]), evaluation=replace(told.evaluation, input=lot)),
    )
    receipt = send(here, lab, replace(told.request, data=data, data_sha256=canonical_hash(data)))
    assert receipt.missing == ("run:K4-0721",)


def issue(here: Region, lab: LabSide, told: Story) -> Receipt:
    """The code for a complete story."""
    send_story(here, lab, told)
    receipt = send(here, lab, told.request)
    assert receipt.outcome is ReceiptOutcome.ACCEPTED
    return receipt


@pytest.mark.rule("YK-7.2b")
def test_the_finished_report_must_carry_the_qr_of_its_own_code(here: Region, lab: LabSide, told: Story) -> None:
    result = issue(here, lab, told).result
    pdf = b"%PDF-1.7 the report"
    body = issued_body(told, result, lab, pdf)
    upload(here, lab, pdf)
    other_lab = here.add_lab("YK-LAB-2")
    foreign = issued_body(told, result, replace(other_lab, id=lab.id), pdf)
    assert send(here, lab, replace(body, report_no="GJ-2026-00032")).reason == "platform.code_differs"
    assert send(here, lab, replace(body, qr_text=foreign.qr_text)).reason == "evidence.code_holder"
    assert send(here, lab, replace(body, qr_text=body.qr_text[:-4])).reason.startswith("evidence.")
    assert send(here, lab, replace(body, report_code="YK26-0000-0000")).reason == "platform.unknown_code"
    assert send(here, lab, body).outcome is ReceiptOutcome.ACCEPTED


def test_a_new_issue_replaces_the_old_one_and_says_why(here: Region, lab: LabSide, told: Story) -> None:
    first = issue(here, lab, told).result["report_code"]

    def second(reason: str, replaces: int) -> Receipt:
        data = replace(told.request.data, issue_no=2, replaces_issue=replaces, replace_reason=reason)
        for item in told.signatures:
            send(here, lab, replace(item, signature_id=f"{item.signature_id}-{reason}-{replaces}", issue_no=2))
        return send(here, lab, replace(told.request, data=data, data_sha256=canonical_hash(data)))

    assert second("", 1).missing == ("issue:reason",)
    assert second("改部位", 0).missing == ("issue:number", "issue:replaces")
    receipt = second("工程部位更正", 1)
    assert receipt.outcome is ReceiptOutcome.ACCEPTED
    standing = here.context.store.read(lambda desk: desk.reports.standing(first))
    assert (standing.state, standing.replaced_by) == (IssueState.REPLACED, receipt.result["report_code"])
    assert standing.reason == "工程部位更正"


def test_a_withdrawn_report_stays_withdrawn(here: Region, lab: LabSide, told: Story) -> None:
    code = issue(here, lab, told).result["report_code"]
    admin.withdraw_report(here.context, code, "样品调换")
    assert here.context.store.read(lambda desk: desk.reports.standing(code)).state is IssueState.WITHDRAWN
    with pytest.raises(admin.OperatorError, match=r"platform\.exists"):
        admin.withdraw_report(here.context, code, "again")
    assert REVIEWER.id != TESTER.id
