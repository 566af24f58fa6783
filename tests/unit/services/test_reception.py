"""The counter from the commission's code to receipt and labels, in both databases; and every way round it that was thought of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.messages import ReceptionBody, RejectionBody
from labdesk.domain.outbox import MessageKind
from labdesk.domain.plain import from_plain
from labdesk.domain.reception import Look, ReceptionState, ScanVerdict
from labdesk.domain.scans import ScanSource
from labdesk.domain.sentences import Language, catalogue, say_error
from labdesk.domain.specimens import Lot
from tests.helpers.receptionworld import (
    ALL_PAPERS,
    BARS,
    CONCRETE,
    CONTRACTOR,
    CUBES,
    LATE_CUBES,
    REBAR,
    SAMPLER,
    SCHOOL,
    SCHOOL_BARS,
    SECOND,
    SECOND_BARS,
    STATION,
    TECHNICIAN,
    WITNESS,
    ReceptionWorld,
    bars,
    code_scan,
    commission,
    make_counter,
    session,
    tag_scan,
)
from tests.helpers.stores import opened_engine

SIX = BARS[:6]


@pytest.fixture
def counter(database_url: str) -> Iterator[ReceptionWorld]:
    with opened_engine(database_url) as engine:
        yield make_counter(engine)


def refused(act: Callable[[], object]) -> str:
    """Key of the refusal; it has a sentence in both languages for the parameters that came along."""
    with pytest.raises(LabDeskError) as caught:
        act()
    assert caught.value.key in catalogue()
    for language in Language:
        assert "{" not in say_error(caught.value, language)
    return caught.value.key


def queued(counter: ReceptionWorld, kind: MessageKind) -> list[Any]:
    """Bodies of the messages of a kind, oldest first."""
    bodies = {MessageKind.RECEPTION: ReceptionBody, MessageKind.REJECTION: RejectionBody}
    with counter.store.read() as uow:
        found = [item for item in uow.outbox.newest(50) if item.kind is kind]
    return [from_plain(bodies[kind], json.loads(item.body)) for item in reversed(found)]


def lots(counter: ReceptionWorld, number: str = REBAR) -> list[Lot]:
    with counter.store.read() as uow:
        return uow.reception.lots_of(number)


@pytest.mark.rule("YK-7.4")
def test_a_sound_lot_gets_number_labels_chain_receipt_message_and_custody(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    received = counter.finish()
    (lot,) = received.lots
    assert lot.number == "GJ-2026-00001"
    assert [piece.label for piece in lot.specimens] == [f"G26-00001-{piece}" for piece in range(1, 7)]
    weight = TestKind.WEIGHT
    assert [piece.tests for piece in lot.specimens] == [
        (weight, TestKind.TENSION),
        (weight, TestKind.TENSION),
        (weight, TestKind.BEND),
        (weight, TestKind.BEND),
        (weight, TestKind.REVERSE_BEND),
        (),
    ]
    assert [piece.spare for piece in lot.specimens] == [False] * 5 + [True]
    assert counter.papers.printed == ["receipt", "labels"]
    assert counter.blobs.get(received.receipt_sha256).startswith(b"%PDF-")
    (body,) = queued(counter, MessageKind.RECEPTION)
    assert [(each.lot_index, each.lot_no) for each in body.lots] == [(1, lot.number)]
    assert [(each.tag, each.verdict, each.looked_sound) for each in body.samples] == [(t, "match", True) for t in SIX]
    with counter.store.read() as uow:
        kinds = {event.kind: event for event in uow.custody.of_subjects([lot.number])}
        scans = uow.custody.of_subjects(list(SIX))
    assert (kinds[CustodyKind.SAMPLED].person, kinds[CustodyKind.WITNESSED].person) == (SAMPLER.name, WITNESS.name)
    assert kinds[CustodyKind.RECEIVED].person == "李雯"
    assert {event.station for event in scans if event.kind is CustodyKind.SCANNED} == {STATION}


@pytest.mark.rule("YK-7.4")
def test_a_label_betrays_neither_project_nor_client_nor_maker(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    labels = counter.blobs.get(counter.finish().labels_sha256).decode()
    assert "G26-00001-1" in labels
    order = counter.desk.view(REBAR).commission
    for secret in (order.project_code, order.project_name, order.client.name, order.lots[0].maker, REBAR):
        assert secret not in labels


@pytest.mark.rule("YK-7.4")
def test_a_commission_that_has_not_arrived_is_one_sentence(counter: ReceptionWorld) -> None:
    assert refused(lambda: counter.open("WT-2026-99999")) == "reception.not_arrived"


@pytest.mark.rule("YK-7.4")
def test_every_scan_is_kept_raw_with_source_person_station_and_verdict(counter: ReceptionWorld) -> None:
    counter.open()
    counter.scan(BARS[0], look=None)
    counter.scan(BARS[0])
    counter.scan(BARS[0])
    counter.scan(SCHOOL_BARS[0])
    scans = counter.desk.view(REBAR).scans
    assert [scan.finding.verdict for scan in scans] == [
        ScanVerdict.LOOK_FIRST,
        ScanVerdict.MATCH,
        ScanVerdict.ALREADY_SCANNED,
        ScanVerdict.WRONG_PROJECT,
    ]
    last = scans[-1]
    assert last.raw == format_code(CodeKind.TAG, SCHOOL_BARS[0])
    assert (last.source, last.person_id, last.station) == ("wedge", session().person.id, STATION)
    assert scans[0].look is Look.NOT_YET


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("source", [ScanSource.MANUAL, ScanSource.CAMERA, ScanSource.IMAGE])
def test_what_no_handheld_scanner_read_is_not_taken(counter: ReceptionWorld, source: ScanSource) -> None:
    counter.open()
    scan = tag_scan(BARS[0], source)
    assert refused(lambda: counter.desk.scan(REBAR, scan, Look.SOUND, session())) == "reception.handheld_only"
    assert counter.desk.view(REBAR).scans == ()


def test_only_a_receptionist_receives(counter: ReceptionWorld) -> None:
    counter.open()
    other = session(TECHNICIAN)
    scan = tag_scan(BARS[0])
    for act in (
        lambda: counter.desk.open(REBAR, other),
        lambda: counter.desk.scan(REBAR, scan, Look.SOUND, other),
        lambda: counter.desk.hold(REBAR, ("commission_form",), other),
    ):
        assert refused(act) == "reception.role"


def test_another_code_is_no_tag(counter: ReceptionWorld) -> None:
    counter.open()
    label = code_scan(format_code(CodeKind.SPECIMEN, "G26-00001-1"))
    assert refused(lambda: counter.desk.scan(REBAR, label, Look.SOUND, session())) == "reception.not_a_tag"


@pytest.mark.rule("YK-7.4")
def test_a_refusal_is_slip_number_blob_and_message_at_once_and_takes_no_lot_number(counter: ReceptionWorld) -> None:
    counter.open()
    finding, _ = counter.scan(SCHOOL_BARS[0])
    slip, view = counter.desk.reject(REBAR, SCHOOL_BARS[0], 0, session())
    assert slip.number == "JS-2026-00001"
    assert slip in view.rejections
    assert finding.found in counter.blobs.get(slip.slip_sha256).decode()
    (body,) = queued(counter, MessageKind.REJECTION)
    assert (body.slip_no, body.tag, body.rule_id) == (slip.number, SCHOOL_BARS[0], "YK-7.4")
    assert (body.expected, body.found) == (finding.expected, finding.found)
    with counter.store.read() as uow:
        assert uow.numbers.series("GJ", 2026) == []


@pytest.mark.rule("YK-7.4")
def test_refusing_twice_is_one_slip(counter: ReceptionWorld) -> None:
    counter.open()
    counter.scan(SCHOOL_BARS[0])
    first, _ = counter.desk.reject(REBAR, SCHOOL_BARS[0], 0, session())
    again, _ = counter.desk.reject(REBAR, SCHOOL_BARS[0], 0, session())
    assert again == first
    assert len(queued(counter, MessageKind.REJECTION)) == 1


@pytest.mark.rule("YK-7.4")
def test_a_slip_that_cannot_be_printed_leaves_nothing_behind(counter: ReceptionWorld) -> None:
    counter.open()
    counter.scan(SCHOOL_BARS[0])
    counter.papers.fail = EnvironmentFault("storage.blob_not_written", reason="disk full")
    refused(lambda: counter.desk.reject(REBAR, SCHOOL_BARS[0], 0, session()))
    counter.papers.fail = None
    assert counter.desk.view(REBAR).rejections == ()
    assert queued(counter, MessageKind.REJECTION) == []
    slip, _ = counter.desk.reject(REBAR, SCHOOL_BARS[0], 0, session())
    assert slip.number == "JS-2026-00001", "the number rolled back with the slip"


@pytest.mark.rule("YK-7.4")
def test_nothing_is_refused_that_is_right(counter: ReceptionWorld) -> None:
    counter.open()
    counter.scan(BARS[0])
    assert refused(lambda: counter.desk.reject(REBAR, BARS[0], 1, session())) == "reception.nothing_to_reject"
    assert refused(lambda: counter.desk.reject(REBAR, "", 1, session())) == "reception.nothing_to_reject"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("look", [Look.TAG_DAMAGED, Look.PIECE_DAMAGED])
@pytest.mark.parametrize("by_row", [False, True])
def test_a_damaged_piece_is_refused_and_its_spare_takes_its_place(
    counter: ReceptionWorld, look: Look, by_row: bool
) -> None:
    counter.open()
    for tag in (BARS[0], BARS[1], *BARS[3:6]):
        counter.scan(tag)
    if by_row:
        counter.desk.mark(REBAR, (1, 3), look, session())
    else:
        counter.scan(BARS[2], look=look)
    received = counter.finish()
    (slip,) = counter.desk.view(REBAR).rejections
    assert (slip.tag, slip.finding.verdict.value) == (BARS[2], look.value)
    assert BARS[2] not in [piece.tag for piece in received.lots[0].specimens]
    assert not any(piece.spare for piece in received.lots[0].specimens)


@pytest.mark.rule("YK-7.4")
def test_after_its_slip_a_piece_is_not_released_by_another_scan_here_or_there(counter: ReceptionWorld) -> None:
    counter.open()
    counter.scan(BARS[2], look=Look.TAG_DAMAGED)
    counter.desk.reject(REBAR, BARS[2], 1, session())
    assert counter.scan(BARS[2])[0].verdict is ScanVerdict.ALREADY_REFUSED
    counter.open(CONCRETE)
    assert counter.scan(BARS[2], CONCRETE)[0].verdict is ScanVerdict.ALREADY_REFUSED


@pytest.mark.rule("YK-7.4")
def test_a_sound_piece_is_never_taken_in_by_its_row(counter: ReceptionWorld) -> None:
    counter.open()
    assert refused(lambda: counter.desk.mark(REBAR, (1, 1), Look.SOUND, session())) == "reception.scan_needed"


@pytest.mark.rule("YK-6.3")
def test_a_late_lot_is_refused_as_a_whole_with_its_first_scan_and_the_other_goes_on(counter: ReceptionWorld) -> None:
    counter.scan_all(CONCRETE, CUBES[:2])
    finding, view = counter.scan(LATE_CUBES[0], CONCRETE)
    assert (finding.verdict, finding.found) == (ScanVerdict.WITNESS_LATE, "34 min")
    assert [(slip.tag, slip.lot_index) for slip in view.rejections] == [("", 2)]
    counter.scan(LATE_CUBES[1], CONCRETE)
    for tag in CUBES[2:]:
        counter.scan(tag, CONCRETE)
    received = counter.finish(CONCRETE)
    assert [lot.number for lot in received.lots] == ["HNT-2026-00001"]
    assert {piece.tests for piece in received.lots[0].specimens} <= {(TestKind.COMPRESSION,), ()}
    (body,) = queued(counter, MessageKind.REJECTION)
    assert (body.rule_id, body.expected, body.found) == ("YK-6.3", "≤ 20 min", "34 min")


@pytest.mark.rule("YK-5.2")
def test_too_few_sound_pieces_refuse_the_lot(counter: ReceptionWorld) -> None:
    counter.open()
    for tag in BARS[:4]:
        counter.scan(tag)
    assert refused(counter.finish) == "reception.unscanned"
    for piece in (5, 6):
        counter.desk.absent(REBAR, (1, piece), session())
    received = counter.finish()
    assert received.lots == ()
    (slip,) = counter.desk.view(REBAR).rejections
    assert (slip.finding.verdict, slip.finding.expected, slip.finding.found) == (ScanVerdict.QUANTITY_SHORT, "5", "4")
    with counter.store.read() as uow:
        assert uow.numbers.series("GJ", 2026) == []


@pytest.mark.rule("YK-7.4")
@pytest.mark.allow_log(r"psycopg:WARNING:error ignored terminating")
def test_a_tag_voided_between_scan_and_completion_is_not_received(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    counter.void(BARS[0])
    assert refused(counter.finish) == "reception.tag_not_of_lot"
    assert lots(counter) == []
    assert counter.scan(BARS[0])[0].verdict is ScanVerdict.TAG_VOID


@pytest.mark.rule("YK-7.4")
def test_a_received_piece_is_not_received_again_in_another_commission(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    counter.finish()
    copied = commission(SECOND, bars((BARS[0], *SECOND_BARS[1:])))
    counter.arrive(copied)
    counter.open(SECOND)
    assert counter.scan(BARS[0], SECOND)[0].refuses()
    with counter.store.read() as uow:
        piece = uow.reception.specimen_of_tag(BARS[0])
    assert piece is not None
    assert piece.lot_no == "GJ-2026-00001"


@pytest.mark.rule("YK-7.4")
def test_a_finished_reception_takes_no_more_scans(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    counter.finish()
    assert counter.desk.view(REBAR).state is ReceptionState.DONE
    assert refused(lambda: counter.scan(BARS[0])) == "reception.done"
    assert refused(counter.finish) == "reception.done"
    assert len(lots(counter)) == 1


@pytest.mark.rule("YK-5.2")
def test_without_the_signed_form_nothing_is_received(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    assert refused(lambda: counter.receiving.finish(REBAR, frozenset(), session())) == "reception.papers_missing"
    assert lots(counter) == []
    assert counter.receiving.papers_needed(REBAR) == tuple(ALL_PAPERS)


@pytest.mark.rule("YK-4.1")
def test_a_commission_of_the_contractor_is_received_and_says_so_everywhere(counter: ReceptionWorld) -> None:
    counter.arrive(replace(commission(SECOND, bars(SECOND_BARS)), commissioned_by=CONTRACTOR))
    counter.scan_all(SECOND, SECOND_BARS)
    received = counter.finish(SECOND)
    assert received.lots[0].client_commissioned is False
    assert "验收" in counter.blobs.get(received.receipt_sha256).decode()


def test_receipt_and_labels_that_cannot_be_printed_leave_no_lot_and_no_number(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    counter.papers.fail = EnvironmentFault("storage.blob_not_written", reason="disk full")
    refused(counter.finish)
    assert lots(counter) == []
    counter.papers.fail = None
    assert counter.finish().lots[0].number == "GJ-2026-00001"


def test_numbers_go_on_without_gaps_whatever_is_refused_between(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, SIX)
    counter.finish()
    counter.open(CONCRETE)
    counter.scan(SCHOOL_BARS[1], CONCRETE)
    counter.desk.reject(CONCRETE, SCHOOL_BARS[1], 0, session())
    counter.scan_all(SCHOOL, (SCHOOL_BARS[0], *SCHOOL_BARS[2:]))
    counter.scan(SCHOOL_BARS[1], SCHOOL)
    with counter.store.read() as uow:
        assert uow.numbers.series("GJ", 2026) == ["GJ-2026-00001"]
        assert uow.numbers.series("JS", 2026) == ["JS-2026-00001"]


def test_two_stations_that_open_one_commission_share_its_reception(counter: ReceptionWorld) -> None:
    first = counter.open().reception_id
    assert counter.open().reception_id == first


def test_a_commission_sent_again_otherwise_is_told_and_the_first_stays(counter: ReceptionWorld) -> None:
    other = commission(REBAR, bars(SECOND_BARS))
    with pytest.raises(OperatorError):
        counter.arrive(other)
    assert counter.open().commission.find(BARS[0]) is not None
