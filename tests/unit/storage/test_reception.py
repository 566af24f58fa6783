"""The counter's rules where no program can forget them: straight against both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from labdesk.app.demo.site import build_site
from labdesk.domain.commission import Commission, LotOrder, TagRecord, TagState
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput, TestKind, Verdict
from labdesk.domain.profile import Treatment
from labdesk.domain.reception import HARMLESS, Finding, Hold, Look, Rejection, Scanned, ScanVerdict
from labdesk.domain.specimens import Lot, Specimen
from labdesk.domain.store import Actor
from labdesk.domain.testing import StoredEvaluation
from labdesk.storage.unit_of_work import SqlStore, SqlUnitOfWork
from tests.helpers.stores import START, CountingIds, opened_store

SITE = build_site(START, defaultdict(lambda: "0" * 64))
REBAR, CONCRETE, SCHOOL = SITE.commissions
LOT, OTHER = REBAR.lots[0], CONCRETE.lots[0]
TAG = LOT.samples[0].tag
MATCH = Finding(ScanVerdict.MATCH, treatment=Treatment.ALLOW)
WHO = Actor("person-li", "counter-1")
IDS = CountingIds()


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """Commissions and tags have arrived; the rebar's and the concrete's reception are open."""
    with opened_store(database_url) as made:
        with made.write(WHO) as uow:
            for commission in SITE.commissions:
                uow.reception.put_commission(commission, START)
                uow.reception.open_reception(_reception(commission), commission.number, WHO.person_id, START)
            for record in SITE.tags:
                uow.reception.put_tag(record)
            uow.commit()
        yield made


def _reception(commission: Commission) -> str:
    return f"reception-{commission.number}"


def scan(finding: Finding, tag: str = TAG, of: Commission = REBAR, **changes: object) -> Scanned:
    where = of.find(tag)
    plain = Scanned(
        id=IDS.new_id(),
        reception_id=_reception(of),
        tag=tag,
        raw=f"LDT:{tag}:00",
        source="wedge",
        look=Look.SOUND,
        lot_index=where[0].index if where else 0,
        sample_index=where[1].index if where else 0,
        finding=finding,
        person_id=WHO.person_id,
        station=WHO.station,
        at=START,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def lot(tags: tuple[str, ...], order: LotOrder = LOT, of: Commission = REBAR, number: str = "GJ-2026-00001") -> Lot:
    pieces = tuple(
        Specimen(IDS.new_id(), f"{number}-{piece}", tag, number, piece, (TestKind.WEIGHT,))
        for piece, tag in enumerate(tags, start=1)
    )
    return Lot(
        number=number,
        commission_no=of.number,
        lot_index=order.index,
        project_code=of.project_code,
        method=order.method,
        field=order.field,
        material=order.material,
        settings=dict(order.settings),
        part=order.part,
        quantity=order.quantity,
        batch=order.batch,
        maker=order.maker,
        received_at=START,
        received_by="李雯",
        cast_at=order.cast_at,
        age_days=order.age_days,
        due_at=None,
        client_commissioned=True,
        profile_edition="2026-01-01",
        specimens=pieces,
    )


def rejection(tag: str, of: Commission = REBAR, lot_index: int = 1) -> Rejection:
    key = IDS.new_id()
    finding = Finding(ScanVerdict.TAG_DAMAGED, "condition")
    return Rejection(
        key, f"JS-{key[-6:]}", _reception(of), of.number, tag, lot_index, 1, finding, WHO.person_id, START, "a" * 64
    )


def written(store: SqlStore, *steps: Callable[[SqlUnitOfWork], object]) -> None:
    """Each step in a transaction of its own."""
    for step in steps:
        with store.write(WHO) as uow:
            step(uow)
            uow.commit()


def refused(store: SqlStore, step: Callable[[SqlUnitOfWork], object]) -> str:
    """The key with which the database refuses a step."""
    with pytest.raises(LabDeskError) as caught:
        written(store, step)
    return caught.value.key


def test_what_was_kept_comes_back_equal(store: SqlStore) -> None:
    kept = scan(Finding(ScanVerdict.WRONG_PROJECT, "project", "LN-1", "LN-2"), SCHOOL.lots[0].samples[0].tag)
    hold = Hold(IDS.new_id(), _reception(REBAR), ("commission_form",), START + timedelta(hours=48), "p", START)
    slip = rejection(kept.tag)
    written(
        store,
        lambda uow: uow.reception.add_scan(kept),
        lambda uow: uow.reception.add_hold(hold),
        lambda uow: uow.reception.add_rejection(slip),
    )
    with store.read() as uow:
        assert uow.reception.commission(REBAR.number) == REBAR
        assert uow.reception.scans_of(_reception(REBAR)) == [kept]
        assert uow.reception.open_hold(_reception(REBAR)) == hold
        assert uow.reception.rejections_of(_reception(REBAR)) == [slip]
        assert uow.reception.rejection_of_tag(kept.tag) == slip
        assert uow.reception.tag(TAG) == TagRecord(TAG, REBAR.project_code, REBAR.number)


def test_a_received_lot_comes_back_with_its_specimens(store: SqlStore) -> None:
    tags = tuple(sample.tag for sample in LOT.samples)
    received = lot(tags)
    written(
        store,
        *(lambda uow, tag=tag: uow.reception.add_scan(scan(MATCH, tag)) for tag in tags),
        lambda uow: uow.reception.add_lot(received),
    )
    with store.read() as uow:
        assert uow.reception.lot(received.number) == received
        assert uow.reception.lots_of(REBAR.number) == [received]
        assert uow.reception.recent_lots(5) == [received]
        assert uow.reception.specimen(received.specimens[2].label) == received.specimens[2]
        assert uow.reception.specimen_of_tag(tags[4]) == received.specimens[4]


def test_what_is_not_evaluated_yet_is_found_however_long_it_waits(store: SqlStore) -> None:
    tags = tuple(sample.tag for sample in LOT.samples[:2])
    kept = lot(tags)
    written(store, *(lambda uow, tag=tag: uow.reception.add_scan(scan(MATCH, tag)) for tag in tags))
    written(store, lambda uow: uow.reception.add_lot(kept))
    made = datetime(2024, 7, 1, tzinfo=UTC)  # the keys of these tests are of June 2024
    with store.read() as uow:
        assert uow.reception.unevaluated_lots(made - timedelta(days=60), 10) == [kept]
        assert uow.reception.unevaluated_lots(made, 10) == []
        assert uow.reception.unevaluated_lots(made - timedelta(days=60), 0) == []
    nothing = Evaluation(LOT.method, "rules", (), Verdict.PASS)
    done = StoredEvaluation(
        IDS.new_id(), kept.number, LotInput(LOT.method, "rules", {}, ()), nothing, WHO.person_id, START
    )
    written(store, lambda uow: uow.testing.add_evaluation(done))
    with store.read() as uow:
        assert uow.reception.unevaluated_lots(made - timedelta(days=60), 10) == []


@pytest.mark.rule("YK-7.4")
def test_a_piece_never_scanned_becomes_no_specimen(store: SqlStore) -> None:
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.not_matched"
    with store.read() as uow:
        assert uow.reception.lots_of(REBAR.number) == []


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("verdict", sorted(set(ScanVerdict) - HARMLESS - {ScanVerdict.MATCH}))
def test_the_newest_verdict_decides_and_only_a_match_lets_pass(store: SqlStore, verdict: ScanVerdict) -> None:
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(MATCH)),
        lambda uow: uow.reception.add_scan(scan(Finding(verdict))),
    )
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.not_matched"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("seen", [ScanVerdict.TAG_DAMAGED, ScanVerdict.PIECE_DAMAGED])
def test_a_match_after_damage_on_record_lets_nothing_pass(store: SqlStore, seen: ScanVerdict) -> None:
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(Finding(seen))),
        lambda uow: uow.reception.add_scan(scan(MATCH)),
    )
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.not_matched"


@pytest.mark.rule("YK-7.4")
def test_a_harmless_scan_after_a_match_changes_nothing(store: SqlStore) -> None:
    silent = Finding(ScanVerdict.ALREADY_SCANNED, treatment=Treatment.ALLOW)
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(MATCH)),
        lambda uow: uow.reception.add_scan(scan(silent)),
        lambda uow: uow.reception.add_lot(lot((TAG,))),
    )


@pytest.mark.rule("YK-7.4")
def test_a_match_at_another_counter_is_none_here(store: SqlStore) -> None:
    stray = scan(MATCH, of=CONCRETE)
    written(store, lambda uow: uow.reception.add_scan(stray))
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.not_matched"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("tag", [TAG, ""])
def test_after_a_slip_no_scan_brings_a_piece_or_lot_back(store: SqlStore, tag: str) -> None:
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(MATCH)),
        lambda uow: uow.reception.add_rejection(rejection(tag)),
        lambda uow: uow.reception.add_scan(scan(MATCH)),
    )
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.rejected_piece"


@pytest.mark.rule("YK-7.4")
def test_a_slip_for_one_lot_leaves_the_other_lots_alone(store: SqlStore) -> None:
    tag = OTHER.samples[0].tag
    written(
        store,
        lambda uow: uow.reception.add_rejection(rejection("", CONCRETE, lot_index=2)),
        lambda uow: uow.reception.add_scan(scan(MATCH, tag, CONCRETE)),
        lambda uow: uow.reception.add_lot(lot((tag,), OTHER, CONCRETE, "HNT-2026-00001")),
    )


@pytest.mark.rule("YK-7.4")
def test_a_tag_is_received_with_one_lot_only(store: SqlStore) -> None:
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(MATCH)),
        lambda uow: uow.reception.add_lot(lot((TAG,))),
    )
    again = replace(lot((TAG,), number="GJ-2026-00002"), lot_index=9)
    assert refused(store, lambda uow: uow.reception.add_lot(again)) == "reception.tag_in_other_lot"
    with store.read() as uow:
        piece = uow.reception.specimen_of_tag(TAG)
    assert piece is not None
    assert piece.lot_no == "GJ-2026-00001"


@pytest.mark.rule("YK-7.4")
def test_a_tag_voided_after_its_match_becomes_no_specimen_and_stays_void(store: SqlStore) -> None:
    void = TagRecord(TAG, REBAR.project_code, REBAR.number, TagState.VOID, "lost")
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(MATCH)),
        lambda uow: uow.reception.put_tag(void),
        lambda uow: uow.reception.put_tag(replace(void, state=TagState.ACTIVE)),
    )
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.tag_not_of_lot"


@pytest.mark.rule("YK-7.4")
def test_a_tag_of_elsewhere_becomes_no_specimen_even_when_called_a_match(store: SqlStore) -> None:
    tag = SCHOOL.lots[0].samples[0].tag
    written(store, lambda uow: uow.reception.add_scan(scan(MATCH, tag)))
    assert refused(store, lambda uow: uow.reception.add_lot(lot((tag,)))) == "reception.tag_not_of_lot"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("source", ["manual", "camera", "image", ""])
def test_the_gate_takes_handheld_scanners_only(store: SqlStore, source: str) -> None:
    typed = scan(MATCH, source=source)
    assert refused(store, lambda uow: uow.reception.add_scan(typed)) == "reception.handheld_only"


@pytest.mark.rule("YK-7.4")
def test_a_row_of_the_table_says_damage_and_never_match(store: SqlStore) -> None:
    by_row = scan(MATCH, source="row")
    assert refused(store, lambda uow: uow.reception.add_scan(by_row)) == "reception.handheld_only"
    written(store, lambda uow: uow.reception.add_scan(scan(Finding(ScanVerdict.TAG_DAMAGED), source="row")))


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("look", [Look.NOT_YET, Look.TAG_DAMAGED, Look.PIECE_DAMAGED])
def test_no_match_without_a_look_that_found_it_sound(store: SqlStore, look: Look) -> None:
    blind = scan(MATCH, look=look)
    assert refused(store, lambda uow: uow.reception.add_scan(blind)) == "reception.scan_needed"


@pytest.mark.rule("YK-5.2")
def test_a_held_commission_gets_no_lot_and_no_end_until_the_paper_is_there(store: SqlStore) -> None:
    hold = Hold(IDS.new_id(), _reception(REBAR), ("commission_form",), START + timedelta(hours=48), "p", START)
    written(store, lambda uow: uow.reception.add_scan(scan(MATCH)), lambda uow: uow.reception.add_hold(hold))
    assert refused(store, lambda uow: uow.reception.add_lot(lot((TAG,)))) == "reception.held"
    written(
        store,
        lambda uow: uow.reception.end_hold(hold.id, "p", START),
        lambda uow: uow.reception.add_lot(lot((TAG,))),
    )


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE reception_scans SET verdict = 'match'",
        "DELETE FROM reception_scans",
        "DELETE FROM rejections",
        "UPDATE rejections SET tag = 'x'",
        "DELETE FROM tags",
        "UPDATE commissions SET project_code = 'x'",
    ],
)
def test_what_the_counter_wrote_cannot_be_rewritten(store: SqlStore, attack: str) -> None:
    written(
        store,
        lambda uow: uow.reception.add_scan(scan(Finding(ScanVerdict.TAG_DAMAGED))),
        lambda uow: uow.reception.add_rejection(rejection(TAG)),
    )
    assert refused(store, lambda uow: uow.session.execute(text(attack))) == "storage.refused_change"


def test_a_second_reception_of_a_commission_is_refused(store: SqlStore) -> None:
    again = refused(store, lambda uow: uow.reception.open_reception("other", REBAR.number, "p", START))
    assert again == "storage.conflict"


def test_waiting_commissions_are_found_by_words_until_they_are_finished(store: SqlStore) -> None:
    with store.read() as uow:
        assert {item.number for item in uow.reception.waiting("", 10)} == {item.number for item in SITE.commissions}
        assert [item.number for item in uow.reception.waiting("小学", 10)] == [SCHOOL.number]
        assert uow.reception.waiting("nothing of the kind", 10) == []


def test_every_row_of_the_counter_leaves_a_leaf(store: SqlStore) -> None:
    def size() -> int:
        with store.read() as uow:
            assert isinstance(uow, SqlUnitOfWork)
            return uow.log.size()

    before = size()
    written(store, lambda uow: uow.reception.add_scan(scan(MATCH)), lambda uow: uow.reception.add_lot(lot((TAG,))))
    assert size() == before + 3, "a scan, a lot, a specimen"
    with pytest.raises(OperatorError):
        written(store, lambda uow: uow.reception.add_lot(lot((TAG,), number="GJ-2026-00003")))
    assert size() == before + 3
