"""The engine under everything a line can do: lost answers, strangers' answers, poison, resets, clocks, threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.outbox import OutboxMessage, OutboxState, SyncStatus
from labdesk.domain.sync_ports import InboxKind, SyncControl, TagList, TrustUpdate
from labdesk.evidence.canonical import canonical_bytes
from labdesk.evidence.checkpoint import Checkpoint, NoteVerifier, open_checkpoint, sign_checkpoint
from labdesk.evidence.documents import read_document, sign_document
from labdesk.evidence.keys import Ed25519Key, KeyUse
from labdesk.platform.server import admin
from labdesk.sync.client import LabDeskPlatform
from labdesk.sync.engine import Pace, SyncEngine, SyncParts
from labdesk.sync.port import UnreachableError
from labdesk.sync.transport import HttpCall, HttpReply, HttpTransport
from labdesk.wire.envelope import RECEIPT_DOCUMENT
from tests.unit.platform.world import PROJECT, FixedClock, FixedHead, commission, issued_body, sealed, story
from tests.unit.sync.world import Bench, bench, cut

Send = Callable[[HttpCall], HttpReply]
PORTAL = HttpReply(200, {"content-type": "text/html"}, b"<html><title>Please sign in</title></html>")


def is_post(call: HttpCall) -> bool:
    """Whether the call hands in a message."""
    return call.method == "POST" and call.path.endswith("/messages")


def test_the_engine_is_what_services_see(desk: Bench) -> None:
    control: SyncControl = desk.engine
    assert control.status() == SyncStatus(False, 0, None, None, 0)


def test_a_whole_lot_arrives_in_order_and_gets_its_code(desk: Bench) -> None:
    told = story(commission())
    desk.blobs.data.update(told.runs)
    messages = desk.queue(*told.before_request(), told.request)
    report = desk.engine.sync_now()
    assert report.problems == ()
    assert report.acknowledged == tuple(message.id for message in messages)
    result = desk.outbox.results[messages[-1].id]
    assert result["report_code"].startswith("YK26-")
    pdf = b"%PDF the report"
    desk.blobs.put(pdf)
    (issued,) = desk.queue(issued_body(told, result, desk.lab, pdf))
    assert desk.engine.sync_now().acknowledged == (issued.id,)
    assert desk.engine.status().waiting == 0
    assert desk.engine.reconcile("2026-11-21").clean


def test_the_answer_is_lost_after_storing_and_asked_for_before_sending_again(desk: Bench) -> None:
    (message,) = desk.queue(story(commission()).reception)

    def lose(call: HttpCall, send: Send) -> HttpReply:
        reply = send(call)
        if is_post(call):
            raise UnreachableError(EnvironmentFault("sync.unreachable", reason="reset"))
        return reply

    desk.line.bend = lose
    assert desk.engine.sync_now().acknowledged == ()
    assert desk.outbox.state(message) is OutboxState.SENT
    assert not desk.engine.status().online
    desk.line.bend = None
    assert desk.engine.sync_now().acknowledged == (message.id,)
    assert desk.line.count("POST", "/messages") == 1
    assert desk.line.count("GET", "/messages/") == 1


def test_every_retry_sends_the_same_bytes(desk: Bench) -> None:
    desk.queue(story(commission()).reception)
    sent: list[bytes] = []

    def fail(call: HttpCall, send: Send) -> HttpReply:
        if is_post(call):
            sent.append(call.content)
            return HttpReply(502, {}, b"bad gateway")
        return send(call)

    desk.line.bend = fail
    for _ in range(3):
        desk.engine.sync_now()
        desk.clock.move(timedelta(minutes=5))
    assert len(sent) == 3
    assert len(set(sent)) == 1


@pytest.mark.parametrize("status", [200, 302, 401, 404, 409, 422, 424, 503])
def test_a_login_page_is_no_receipt_whatever_its_status(desk: Bench, status: int) -> None:
    (message,) = desk.queue(story(commission()).reception)
    desk.line.bend = lambda call, send: replace(PORTAL, status=status) if is_post(call) else send(call)
    assert desk.engine.sync_now().retried == (message.id,)
    assert desk.outbox.state(message) is OutboxState.SENT
    assert desk.outbox.rows[message.id].receipt is None
    assert desk.outbox.rows[message.id].last_error == "sync.not_a_receipt"
    assert desk.line.count("POST", "/messages") == 0


@pytest.mark.allow_log("labdesk.sync.engine:WARNING:.*")
def test_a_portal_in_front_of_everything_costs_few_attempts_and_shows_offline(desk: Bench) -> None:
    for index in range(6):
        desk.queue(replace(story(commission()).reception, commission_no=f"WT-{index}", receipt_no=f"SY-{index}"))
    desk.line.bend = lambda call, send: PORTAL
    report = desk.engine.sync_now()
    assert len(report.retried) == 3
    assert not desk.engine.status().online


def test_without_a_line_nothing_counts_as_an_attempt(desk: Bench) -> None:
    (message,) = desk.queue(story(commission()).reception)
    desk.line.bend = cut
    assert desk.engine.sync_now().problems == ("sync.unreachable",)
    assert desk.outbox.rows[message.id] == message


def forge(answer: HttpReply, key: Ed25519Key, **changes: object) -> HttpReply:
    """The receipt with something changed, signed with ``key``."""
    import json

    body = json.loads(read_document(answer.content).body) | changes
    return replace(answer, content=sign_document(body, RECEIPT_DOCUMENT, key).to_bytes())


@pytest.mark.parametrize("how", ["other message", "other hash", "other lab", "stranger's key", "bent", "wrong use"])
def test_only_a_receipt_for_exactly_this_message_counts(desk: Bench, how: str) -> None:
    (message,) = desk.queue(story(commission()).reception)
    daily = desk.region.context.authority.daily

    def bend(call: HttpCall, send: Send) -> HttpReply:
        reply = send(call)
        if not is_post(call):
            return reply
        match how:
            case "other message":
                return forge(reply, daily[KeyUse.RECEIPT], message_id="019aa000-0000-7000-8000-00000000ffff")
            case "other hash":
                return forge(reply, daily[KeyUse.RECEIPT], sha256="0" * 64)
            case "other lab":
                return forge(reply, daily[KeyUse.RECEIPT], lab_id="YK-LAB-2")
            case "stranger's key":
                return forge(reply, Ed25519Key.generate())
            case "wrong use":
                return forge(reply, daily[KeyUse.DOCUMENT])
            case _:
                return replace(reply, content=reply.content.replace(b"accepted", b"refused!"))

    desk.line.bend = bend
    desk.engine.sync_now()
    assert desk.outbox.state(message) is OutboxState.SENT
    assert desk.outbox.rows[message.id].attempts == 1
    desk.line.bend = None
    desk.clock.move(timedelta(minutes=1))
    assert desk.engine.sync_now().acknowledged == (message.id,)


def test_a_poison_message_holds_up_its_own_stream_only(desk: Bench) -> None:
    second = commission("WT-2026-02000", tags="YK77770000")
    desk.region.send_out(second)
    told, other = story(commission()), story(second, report_no="GJ-2026-00032", mark="K5")
    desk.queue(told.reception)
    desk.engine.sync_now()
    poison, behind = desk.queue(replace(told.reception, station="另一台"), told.evaluation)
    free = desk.queue(other.reception, other.evaluation)
    report = desk.engine.sync_now()
    assert report.needs_person == (poison.id,)
    assert report.acknowledged == tuple(message.id for message in free)
    assert desk.outbox.state(behind) is OutboxState.QUEUED
    assert desk.outbox.rows[poison.id].last_error == "platform.conflict"
    status = desk.engine.status()
    assert (status.waiting, status.needs_person) == (1, 1)


def test_a_message_that_crashes_the_line_again_and_again_leaves_the_others_free(desk: Bench) -> None:
    second = commission("WT-2026-02000", tags="YK77770000")
    desk.region.send_out(second)
    (poison,) = desk.queue(story(commission()).reception)
    (free,) = desk.queue(story(second, mark="K5").reception)

    def bend(call: HttpCall, send: Send) -> HttpReply:
        if is_post(call) and poison.id.encode() in call.content:
            return HttpReply(500, {}, b"")
        return send(call)

    desk.line.bend = bend
    pauses = []
    for _ in range(4):
        desk.engine.sync_now()
        row = desk.outbox.rows[poison.id]
        assert row.next_try_at is not None
        pauses.append((row.next_try_at - desk.clock.now()).total_seconds())
        desk.clock.move(timedelta(hours=2))
    assert pauses == [5, 10, 20, 40]
    assert desk.outbox.state(free) is OutboxState.ACKNOWLEDGED


def test_a_refused_report_request_says_what_is_missing_and_the_stream_goes_on(desk: Bench) -> None:
    told = story(commission())
    request, evaluation = desk.queue(told.request, told.evaluation)
    report = desk.engine.sync_now()
    assert (report.refused, report.acknowledged) == ((request.id,), (evaluation.id,))
    refusal = desk.outbox.refusals[request.id]
    assert refusal.reason == "platform.report_incomplete"
    assert {"run:K4-0721", "signature:approved", "reception:K4-0721"} <= set(refusal.missing)


def test_a_key_the_platform_does_not_know_waits_for_a_person(desk: Bench) -> None:
    keys = {**desk.lab.keys, KeyUse.DOCUMENT: Ed25519Key.generate()}
    other = bench(desk.region, replace(desk.lab, keys=keys))
    (message,) = other.queue(story(commission()).reception)
    assert other.engine.sync_now().needs_person == (message.id,)


def test_a_cut_upload_goes_on_where_it_stopped(desk: Bench) -> None:
    pace = Pace(chunk_bytes=16)
    lab = bench(desk.region, desk.lab, pace)
    told = story(commission())
    body = told.run_bodies[0]
    lab.blobs.data.update(told.runs)
    size = len(told.runs[body.run_hash])
    (message,) = lab.queue(body)
    puts: list[int] = []

    def cut_after_five(call: HttpCall, send: Send) -> HttpReply:
        if call.method == "PUT":
            if len(puts) == 5:
                raise UnreachableError(EnvironmentFault("sync.unreachable", reason="cut"))
            puts.append(int(call.headers["Upload-Offset"]))
        return send(call)

    lab.line.bend = cut_after_five
    lab.engine.sync_now()
    assert lab.outbox.state(message) is OutboxState.QUEUED
    lab.line.bend = None
    before = lab.line.count("PUT", "/blobs/")
    assert lab.engine.sync_now().acknowledged == (message.id,)
    assert puts == [0, 16, 32, 48, 64]
    assert lab.line.count("PUT", "/blobs/") - before == -(-(size - 80) // 16)


def test_a_chunk_whose_answer_was_lost_is_not_doubled(desk: Bench) -> None:
    lab = bench(desk.region, desk.lab, Pace(chunk_bytes=64))
    told = story(commission())
    lab.blobs.data.update(told.runs)
    (message,) = lab.queue(told.run_bodies[0])
    lost = []

    def lie_about_offset(call: HttpCall, send: Send) -> HttpReply:
        reply = send(call)
        if call.method == "PUT" and not lost:
            lost.append(call)
            return replace(reply, headers={**reply.headers, "upload-offset": "0"})
        return reply

    lab.line.bend = lie_about_offset
    assert lab.engine.sync_now().acknowledged == (message.id,)
    assert lost


def test_a_blob_that_is_lost_here_is_told_and_holds_only_its_message(desk: Bench) -> None:
    (message,) = desk.queue(story(commission()).run_bodies[0])
    assert desk.engine.sync_now().problems == ("storage.blob_missing",)
    assert desk.outbox.state(message) is OutboxState.QUEUED


def test_what_the_platform_sent_is_taken_once_and_in_order(desk: Bench) -> None:
    report = desk.engine.sync_now()
    kinds = [item.kind for item in desk.inbox.items]
    assert kinds[:2] == [InboxKind.PROFILE, InboxKind.TRUST]
    assert kinds[-3:] == [InboxKind.PROJECT, InboxKind.TAGS, InboxKind.COMMISSION]
    assert desk.inbox.items[-3].content == PROJECT
    assert desk.inbox.items[-1].content == commission()
    assert len(report.taken) == len(kinds)
    assert desk.engine.sync_now().taken == ()
    admin.void_tag(desk.region.context, "YK210744081", "重码")
    desk.engine.sync_now()
    voided = desk.inbox.items[-1]
    assert voided.kind is InboxKind.VOID_TAG
    assert isinstance(voided.content, TagList)
    assert voided.content.tags[0].reason == "重码"


@pytest.mark.allow_log("labdesk.sync.engine:WARNING:.*")
def test_an_item_that_cannot_be_applied_is_offered_again(desk: Bench) -> None:
    desk.inbox.refuses.add("commission")
    report = desk.engine.sync_now()
    assert InboxKind.COMMISSION not in [item.kind for item in desk.inbox.items]
    assert "profile.missing_number" in report.problems
    desk.inbox.refuses.clear()
    assert len(desk.engine.sync_now().taken) == 1
    assert desk.inbox.items[-1].kind is InboxKind.COMMISSION


@pytest.mark.allow_log("labdesk.sync.engine:WARNING:.*")
def test_forged_items_are_neither_applied_nor_acknowledged(desk: Bench) -> None:
    def forged(call: HttpCall, send: Send) -> HttpReply:
        reply = send(call)
        if call.path.endswith("/inbox"):
            return replace(reply, content=reply.content.replace("滨海大厦".encode(), "渤海大厦".encode()))
        return reply

    desk.line.bend = forged
    report = desk.engine.sync_now()
    taken = [item.kind for item in desk.inbox.items]
    assert InboxKind.PROJECT not in taken
    assert InboxKind.COMMISSION not in taken
    assert InboxKind.TAGS in taken
    assert report.problems == ("evidence.signature_wrong", "evidence.signature_wrong")
    desk.line.bend = None
    assert len(desk.engine.sync_now().taken) == 2


@pytest.mark.allow_log("labdesk.sync.engine:WARNING:.*")
def test_an_item_for_another_laboratory_is_not_applied(desk: Bench) -> None:
    other = desk.region.add_lab("YK-LAB-2")
    theirs = bench(desk.region, other)
    desk.line.bend = lambda call, send: theirs.line.call(call) if call.path.endswith("/inbox") else send(call)
    report = desk.engine.sync_now()
    assert report.taken == ()
    assert set(report.problems) == {"sync.item_wrong"}


def test_photos_of_a_commission_are_fetched_with_it(desk: Bench) -> None:
    from labdesk.domain.commission import Photo

    photo = b"a photograph of sampling"
    digest = desk.blobs.put(photo)
    desk.blobs.data.clear()
    base = commission("WT-2026-03000", tags="YK55550000")
    lot = base.lots[0]
    sampled = replace(lot.sampling, photos=(Photo(digest, "取样", lot.sampling.sampled_at),))
    import base64

    file = admin.ImportFile(
        commissions=(admin.CommissionFor("YK-LAB-1", replace(base, lots=(replace(lot, sampling=sampled),))),),
        blobs=(base64.b64encode(photo).decode(),),
    )
    admin.import_records(desk.region.context, file)
    desk.engine.sync_now()
    assert desk.blobs.data[digest] == photo
    assert desk.inbox.items[-1].attachments == (digest,)


def test_a_rolled_over_platform_key_is_learnt_from_the_trust_list(desk: Bench) -> None:
    """The receipt key changes while the laboratory is away; its first receipt brings the newer list."""
    context, old = desk.region.context, desk.region.context.authority.daily[KeyUse.RECEIPT]
    new = Ed25519Key.generate()
    record = context.authority.certify(new.public_key, KeyUse.RECEIPT, None, desk.clock.now())
    context.store.write(lambda work: work.labs.add_key(record, context.authority.certificate(record), desk.clock.now()))
    admin.end_key(context, old.public_key, admin.Revocation.RETIRED)
    authority = replace(context.authority, daily={**context.authority.daily, KeyUse.RECEIPT: new})
    desk.region.context = replace(context, authority=authority)
    rolled = bench(desk.region, desk.lab)
    rolled.line.bend = lambda call, send: (
        HttpReply(200, {}, canonical_bytes({"items": [], "more": False}))
        if call.path.endswith("/inbox")
        else send(call)
    )
    desk.clock.move(timedelta(days=1))
    (message,) = rolled.queue(story(commission()).reception)
    assert rolled.engine.sync_now().acknowledged == (message.id,)
    assert rolled.line.count("GET", "/trust") == 1


def test_the_newest_trust_list_is_used_and_an_older_one_changes_nothing(desk: Bench) -> None:
    desk.engine.sync_now()
    lists = [item.content for item in desk.inbox.items if item.kind is InboxKind.TRUST]
    assert all(isinstance(content, TrustUpdate) for content in lists)
    known = desk.platform.trust.trust_list
    assert known is not None
    assert known.number == 2


def head_of(lab_keys: Ed25519Key, lab_id: str, size: int, root: bytes) -> str:
    """A signed head of the laboratory's log."""
    signer = NoteVerifier(lab_id, lab_keys.public_key)
    return sign_checkpoint(Checkpoint("labdesk.example/log", size, root), signer, lab_keys.sign)


def test_log_heads_are_countersigned_and_a_fork_is_told(desk: Bench) -> None:
    key = desk.lab.key(KeyUse.LOG)
    told = story(commission())
    first = bench(desk.region, desk.lab, head=head_of(key, desk.lab.id, 5, b"\1" * 32))
    (message,) = first.queue(told.reception)
    first.engine.sync_now()
    cosigned = first.outbox.results[message.id]["log_head"]
    platform = desk.region.context.authority
    verifier = NoteVerifier(platform.identity.host, platform.daily[KeyUse.LOG].public_key)
    assert open_checkpoint(cosigned, (verifier,)) == (
        Checkpoint("labdesk.example/log", 5, b"\1" * 32),
        (platform.identity.host,),
    )
    forked = bench(desk.region, desk.lab, head=head_of(key, desk.lab.id, 5, b"\2" * 32))
    (other,) = forked.queue(told.evaluation)
    assert forked.engine.sync_now().acknowledged == (other.id,)
    assert forked.outbox.results[other.id]["head_refused"] == "platform.log_fork"
    assert isinstance(FixedHead().newest(), str)


def test_a_clock_set_back_does_not_hold_messages(desk: Bench) -> None:
    clock = FixedClock()
    engine = SyncEngine(SyncParts(desk.platform, desk.outbox, desk.blobs, desk.inbox, clock))
    (message,) = desk.queue(story(commission()).reception)
    desk.line.bend = lambda call, send: HttpReply(503, {}, b"") if is_post(call) else send(call)
    engine.sync_now()
    desk.line.bend = None
    assert engine.sync_now().acknowledged == ()
    clock.move(timedelta(days=-400))
    assert engine.sync_now().acknowledged == (message.id,)


def test_the_thread_wakes_up_tells_and_ends(desk: Bench) -> None:
    told: list[SyncStatus] = []
    done = threading.Event()

    def listen(status: SyncStatus) -> None:
        told.append(status)
        if status.waiting == 0 and status.online and desk.outbox.history:
            done.set()

    parts = SyncParts(desk.platform, desk.outbox, desk.blobs, desk.inbox, desk.clock)
    engine = SyncEngine(parts, Pace(poll_s=3600), listen)
    engine.start()
    engine.start()
    desk.queue(story(commission()).reception)
    engine.wake()
    assert done.wait(20)
    assert engine.stop()
    assert [thread.name for thread in threading.enumerate()].count("sync") == 0
    assert told[-1].last_contact == desk.clock.now()


@pytest.mark.allow_log("labdesk.sync.engine:ERROR:.*")
def test_the_thread_outlives_a_bug(desk: Bench) -> None:
    seen = threading.Event()
    broken = [True]
    due = desk.outbox.due

    def buggy(limit: int, now: object) -> list[OutboxMessage]:
        if broken:
            broken.clear()
            raise ZeroDivisionError
        seen.set()
        return list(due(limit, desk.clock.now()))

    desk.outbox.due = buggy  # type: ignore[method-assign, assignment]
    parts = SyncParts(desk.platform, desk.outbox, desk.blobs, desk.inbox, desk.clock)
    engine = SyncEngine(parts, Pace(first_pause_s=0.01))
    engine.start()
    assert seen.wait(20)
    assert engine.stop()


def test_reconciliation_names_what_differs(desk: Bench) -> None:
    told = story(commission())
    reception, evaluation = desk.queue(told.reception, told.evaluation)
    desk.engine.sync_now()
    assert desk.engine.reconcile("2026-11-21").matching == 2
    assert desk.engine.reconcile("2026-11-20").matching == 0
    desk.outbox.rows[evaluation.id] = replace(evaluation, state=OutboxState.ACKNOWLEDGED, sha256="0" * 64)
    ghost = desk.outbox.put(replace(desk.region.message(told.signatures[0]), state=OutboxState.ACKNOWLEDGED))
    del desk.outbox.rows[reception.id]
    found = desk.engine.reconcile("2026-11-21")
    assert (found.missing_there, found.unknown_here, found.different) == (
        (ghost.id,),
        (reception.id,),
        (evaluation.id,),
    )
    assert not found.clean
    desk.line.bend = cut
    with pytest.raises(EnvironmentFault, match=r"sync\.unreachable"):
        desk.engine.reconcile("2026-11-21")


@pytest.mark.parametrize("url", ["http://platform.example", "ftp://127.0.0.1", "platform.example", "https://"])
def test_plain_http_leaves_this_computer_never(url: str) -> None:
    with pytest.raises(Exception, match=r"sync\.bad_address"):
        HttpTransport(url, "token")


def test_nobody_listening_is_unreachable() -> None:
    transport = HttpTransport("http://127.0.0.1:1", "token", timeout_s=5)
    with pytest.raises(UnreachableError):
        transport.call(HttpCall("GET", "/api/v1/health"))
    transport.close()


def test_sealed_runs_of_two_specimens_differ() -> None:
    """The story's runs are distinct blobs, or several tests here would prove nothing."""
    assert sealed("K4-0721", "run-1") != sealed("K4-0722", "run-2")
    assert LabDeskPlatform.__doc__
