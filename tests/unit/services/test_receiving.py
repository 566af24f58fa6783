"""The end of a reception: numbers, blind labels, chains of tests, receipt; refused pieces and lots take none of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from labdesk.domain.commission import LotOrder
from labdesk.domain.custody import CustodyKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.evaluation import TestKind
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Field
from labdesk.domain.reception import Look, ReceptionState, ScanVerdict
from labdesk.domain.sentences import Language, say_error
from labdesk.reports.renderer import PdfRenderer
from labdesk.services.receiving import Receiving
from tests.helpers.receptionworld import (
    ALL_PAPERS,
    BARS,
    CLIENT,
    CONCRETE,
    CONTRACTOR,
    CUBES,
    LATE_CUBES,
    REBAR,
    SECOND,
    SECOND_BARS,
    TECHNICIAN,
    ReceptionWorld,
    bars,
    commission,
    make_counter,
    second_commission,
    session,
)
from tests.helpers.stores import opened_engine


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[ReceptionWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_counter(engine)


@pytest.fixture
def either(database_url: str) -> Iterator[ReceptionWorld]:
    """A counter on each of the two databases, for what they guard themselves."""
    with opened_engine(database_url) as engine:
        yield make_counter(engine)


def series(counter: ReceptionWorld, prefix: str) -> list[str]:
    """All numbers given out under a prefix."""
    with counter.store.read() as uow:
        return uow.numbers.series(prefix, 2026)


def nothing_received(counter: ReceptionWorld, number: str = REBAR) -> bool:
    """No lot, no number, no receipt."""
    with counter.store.read() as uow:
        lots = uow.reception.lots_of(number)
    return not lots and series(counter, "GJ") == [] and series(counter, "SD") == []


@pytest.mark.rule("YK-7.4", "O57")
def test_numbers_labels_and_chains_of_a_rebar_lot(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    received = counter.finish()
    (lot,) = received.lots
    assert (lot.number, received.receipt_no) == ("GJ-2026-00001", "SD-2026-00001")
    assert [piece.label for piece in lot.specimens] == [f"G26-00001-{place}" for place in range(1, 7)]
    assert [piece.tag for piece in lot.specimens] == list(BARS[:6])
    weighed = TestKind.WEIGHT
    assert [piece.tests for piece in lot.specimens] == [
        (weighed, TestKind.TENSION),
        (weighed, TestKind.TENSION),
        (weighed, TestKind.BEND),
        (weighed, TestKind.BEND),
        (weighed, TestKind.REVERSE_BEND),
        (),
    ]
    assert lot.specimens[5].spare
    assert lot.client_commissioned
    assert counter.desk.view(REBAR).state is ReceptionState.DONE


@pytest.mark.rule("YK-7.4")
def test_receipt_and_labels_are_read_back_and_the_labels_stay_blind(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    received = counter.finish()
    assert counter.receiving.received(REBAR) == received
    receipt = counter.blobs.get(received.receipt_sha256).decode()
    labels = counter.blobs.get(received.labels_sha256).decode()
    for tag in BARS[:6]:
        assert tag in receipt
        assert tag not in labels
    for secret in ("滨海大厦", "LN-2108-0031-7752", "三层柱", "北方特钢"):
        assert secret not in labels
    assert labels.count("G26-00001-") >= 6


@pytest.mark.rule("YK-7.4", "O57")
def test_numbers_stay_continuous_and_refused_lots_and_pieces_take_none(either: ReceptionWorld) -> None:
    either.arrive(second_commission())
    either.scan_all(REBAR, BARS[:4])
    either.scan(BARS[4], look=Look.TAG_DAMAGED)
    either.scan(BARS[5], look=Look.PIECE_DAMAGED)
    assert either.finish().lots == ()
    either.scan_all(SECOND, SECOND_BARS)
    assert [lot.number for lot in either.finish(SECOND).lots] == ["GJ-2026-00001"]
    either.scan_all(CONCRETE, (*CUBES, LATE_CUBES[0]))
    assert [lot.number for lot in either.finish(CONCRETE).lots] == ["HNT-2026-00001"]
    assert series(either, "GJ") == ["GJ-2026-00001"]
    assert series(either, "HNT") == ["HNT-2026-00001"]
    assert series(either, "SD") == ["SD-2026-00001", "SD-2026-00002"]
    slips = [slip.number for number in (REBAR, CONCRETE) for slip in either.desk.view(number).rejections]
    assert sorted(slips) == series(either, "JS") == [f"JS-2026-0000{place}" for place in range(1, 5)]
    with either.store.read() as uow:
        assert uow.reception.specimen_of_tag(BARS[0]) is None, "a short lot is refused as a whole"


@pytest.mark.rule("YK-7.4")
def test_a_spare_steps_in_for_a_damaged_piece(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[1:6])
    counter.scan(BARS[0], look=Look.PIECE_DAMAGED)
    (lot,) = counter.finish().lots
    assert [piece.tag for piece in lot.specimens] == list(BARS[1:6])
    assert not any(piece.spare for piece in lot.specimens)
    (slip,) = counter.desk.view(REBAR).rejections
    assert (slip.tag, slip.finding.verdict) == (BARS[0], ScanVerdict.PIECE_DAMAGED)


@pytest.mark.rule("YK-7.4")
def test_what_was_matched_and_then_seen_damaged_is_not_received(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    counter.desk.mark(REBAR, (1, 2), Look.TAG_DAMAGED, session())
    (lot,) = counter.finish().lots
    assert BARS[1] not in [piece.tag for piece in lot.specimens]


@pytest.mark.rule("YK-5.2")
def test_fewer_than_required_refuses_the_lot_and_says_how_many(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:3])
    for place in (4, 5, 6):
        counter.desk.absent(REBAR, (1, place), session())
    assert counter.finish().lots == ()
    (slip,) = counter.desk.view(REBAR).rejections
    found = slip.finding
    assert (found.verdict, found.expected, found.found) == (ScanVerdict.QUANTITY_SHORT, "5", "3")
    assert nothing_received(counter)


@pytest.mark.rule("YK-5.2")
def test_a_missing_paper_receives_nothing_and_is_named_in_both_languages(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    with pytest.raises(OperatorError, match=r"reception\.papers_missing") as caught:
        counter.receiving.finish(REBAR, frozenset(), session())
    assert "委托单（取样员、见证员签字）" in say_error(caught.value, Language.ZH)
    assert "commission form" in say_error(caught.value, Language.EN)
    assert nothing_received(counter)


@pytest.mark.rule("YK-7.4")
def test_a_piece_that_nobody_scanned_stops_the_end(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:5])
    with pytest.raises(OperatorError, match=r"reception\.unscanned"):
        counter.finish()
    assert nothing_received(counter)


@pytest.mark.rule("YK-6.3")
def test_a_late_lot_need_not_be_scanned_to_be_refused(counter: ReceptionWorld) -> None:
    counter.scan_all(CONCRETE, CUBES)
    slip, view = counter.desk.reject(CONCRETE, "", 2, session())
    assert (slip.finding.verdict, slip.finding.found) == (ScanVerdict.WITNESS_LATE, "34 min")
    assert view.counts[1].refusal is not None
    assert [lot.lot_index for lot in counter.finish(CONCRETE).lots] == [1]


@pytest.mark.rule("YK-5.2")
def test_nothing_is_received_while_held(either: ReceptionWorld) -> None:
    either.scan_all(REBAR, BARS[:6])
    either.desk.hold(REBAR, ("commission_form",), session())
    with pytest.raises(OperatorError, match=r"reception\.held"):
        either.finish()
    assert nothing_received(either)
    either.desk.release(REBAR, session())
    assert either.finish().lots


def test_the_end_comes_once(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    counter.finish()
    with pytest.raises(OperatorError, match=r"reception\.done"):
        counter.finish()
    assert series(counter, "GJ") == ["GJ-2026-00001"]
    assert series(counter, "SD") == ["SD-2026-00001"]


def test_somebody_without_the_role_receives_nothing(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    with pytest.raises(OperatorError, match=r"reception\.role"):
        counter.receiving.finish(REBAR, ALL_PAPERS, session(TECHNICIAN))
    assert nothing_received(counter)


@pytest.mark.rule("YK-4.1")
def test_a_commission_not_of_the_client_is_received_and_says_so(counter: ReceptionWorld) -> None:
    counter.arrive(commission(SECOND, bars(SECOND_BARS), commissioned_by=CONTRACTOR))
    counter.scan_all(SECOND, SECOND_BARS)
    received = counter.finish(SECOND)
    assert not received.lots[0].client_commissioned
    receipt = counter.blobs.get(received.receipt_sha256).decode()
    assert "不作为工程质量验收资料" in receipt
    assert CLIENT.name in receipt


def test_a_printer_that_fails_leaves_everything_as_it_was(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    counter.papers.fail = EnvironmentFault("storage.blob_not_written", reason="disk full")
    with pytest.raises(EnvironmentFault):
        counter.finish()
    assert nothing_received(counter)
    counter.papers.fail = None
    assert [lot.number for lot in counter.finish().lots] == ["GJ-2026-00001"]


def test_done_means_read_back(counter: ReceptionWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.scan_all(REBAR, BARS[:6])
    monkeypatch.setattr(Receiving, "received", lambda self, number: None)
    with pytest.raises(OperatorError, match=r"reception\.not_kept"):
        counter.finish()


@pytest.mark.rule("YK-7.2a")
def test_the_platform_is_told_what_was_received(counter: ReceptionWorld) -> None:
    counter.scan_all(REBAR, BARS[:6])
    counter.finish()
    with counter.store.read() as uow:
        message = uow.outbox.by_key(MessageKind.RECEPTION, "reception:SD-2026-00001")
        events = uow.custody.of_commission(REBAR)
    assert message is not None
    body = json.loads(message.body)
    assert body["commission_no"] == REBAR
    assert [sample["tag"] for sample in body["samples"]] == list(BARS[:6])
    assert all(sample["looked_sound"] for sample in body["samples"])
    kinds = [event.kind for event in events]
    assert kinds[:2] == [CustodyKind.SAMPLED, CustodyKind.WITNESSED], "in the order in which it happened"
    assert kinds[-1] is CustodyKind.RECEIVED
    assert kinds.count(CustodyKind.SCANNED) == 6


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO specimens SELECT 'x', 'G26-00001-9', :refused, lot_no, 9, tests, 1 FROM specimens WHERE piece = 1",
        "UPDATE specimens SET tag = :refused WHERE piece = 1",
        "DELETE FROM rejections",
        "UPDATE reception_scans SET verdict = 'match' WHERE tag = :refused",
    ],
    ids=["smuggle in", "swap", "forget the slip", "better verdict"],
)
def test_a_refused_piece_never_becomes_a_specimen_behind_the_program(either: ReceptionWorld, attack: str) -> None:
    either.scan_all(REBAR, BARS[1:6])
    either.scan(BARS[0], look=Look.TAG_DAMAGED)
    either.finish()
    with either.engine.connect() as connection, pytest.raises(Exception, match=r"refused|evidence"):
        connection.execute(text(attack), {"refused": BARS[0]} if ":refused" in attack else {})
    with either.store.read() as uow:
        assert uow.reception.specimen_of_tag(BARS[0]) is None
        assert uow.reception.rejection_of_tag(BARS[0]) is not None


def test_the_real_printer_makes_pdfs_of_all_papers(tmp_path: Path) -> None:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        counter = make_counter(engine, renderer=PdfRenderer())
        counter.scan_all(CONCRETE, (*CUBES, LATE_CUBES[0]))
        received = counter.finish(CONCRETE)
        (slip,) = counter.desk.view(CONCRETE).rejections
        for digest in (received.receipt_sha256, received.labels_sha256, slip.slip_sha256):
            assert counter.blobs.get(digest).startswith(b"%PDF-")


def test_two_lots_are_numbered_in_the_order_of_the_commission(counter: ReceptionWorld) -> None:

    both = commission(SECOND, bars(SECOND_BARS), replace(bars(("YK210744084011",), 2), required=1))
    counter.arrive(both)
    counter.scan_all(SECOND, ("YK210744084011", *SECOND_BARS))
    assert [(lot.number, lot.lot_index) for lot in counter.finish(SECOND).lots] == [
        ("GJ-2026-00001", 1),
        ("GJ-2026-00002", 2),
    ]


BAG = "YK210744085511"


def cement(tags: tuple[str, ...] = (BAG,)) -> LotOrder:
    """Cement of a bag with one tag."""
    return replace(
        bars(tags, required=len(tags)), method="cement-strength", field=Field.MATERIALS, material="普通硅酸盐水泥",
        settings={"grade": "42.5"}, age_days=28,
    )  # fmt: skip


@pytest.mark.rule("YK-7.4")
def test_a_bag_of_cement_gives_three_prisms_and_their_halves_under_its_one_tag(either: ReceptionWorld) -> None:
    either.arrive(commission(SECOND, cement()))
    either.scan_all(SECOND, (BAG,))
    (lot,) = either.finish(SECOND).lots
    assert [piece.label for piece in lot.specimens] == [
        f"C26-00001-{prism}{half}" for prism in (1, 2, 3) for half in ("", "A", "B")
    ]
    assert {piece.tag for piece in lot.specimens} == {BAG}
    assert [piece.tests for piece in lot.specimens] == [
        (TestKind.FLEXURE,), (TestKind.COMPRESSION,), (TestKind.COMPRESSION,),
    ] * 3  # fmt: skip
    assert either.receiving.received(SECOND) is not None
    with either.store.read() as uow:
        message = uow.outbox.by_key(MessageKind.RECEPTION, "reception:SD-2026-00001")
    assert message is not None
    told = json.loads(message.body)["samples"]
    assert [sample["label"] for sample in told] == [piece.label for piece in lot.specimens]
    assert {sample["tag"] for sample in told} == {BAG}
