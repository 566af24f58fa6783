"""The bench for several people and machines: two machines loading at once, loader and operator, change of operator, locks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from labdesk.domain.capture import EndReason, LinkTrouble, MachineState
from labdesk.domain.codes import CodeKind
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Session
from labdesk.domain.profile import Tightening
from labdesk.domain.sealed_run import EXTENSION, ChannelSwitch, encode_run
from labdesk.domain.store import SYSTEM
from labdesk.services.bench import Bench
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.sounds import Tone
from labdesk.ui.testing.bench_keys import bench_keys
from labdesk.ui.testing.bench_page import BenchPage
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.benchworld import (
    BAR,
    CUBE,
    LARGE,
    NOW,
    PRESS,
    SECOND,
    TECHNICIAN,
    UTM,
    FakeCapture,
    cube_lot,
    sealed,
    session,
)
from tests.helpers.reviewworld import PIN
from tests.ui.bench_stage import Stage, load, new_stage, scan
from tests.ui.test_bench_page import ONE, TAG, key, settle, word

CUBE_ONE, CUBE_TAG = "H26-00188-1", "YK2107-5511-901"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> BenchPage:
    made = stage.bench()
    made.resize(1278, 680)
    made.show()
    return made


def take(stage: Stage, page: BenchPage, label: str, tag: str) -> None:
    """A piece is scanned and armed at the machine in front."""
    scan(page, CodeKind.SPECIMEN, label)
    settle(stage, page)
    scan(page, CodeKind.TAG, tag)
    settle(stage, page)


def both_loading(stage: Stage, page: BenchPage) -> None:
    """A bar loads on machine 1, a cube on machine 3, which is in front."""
    take(stage, page, ONE, TAG)
    load(stage, 0.3)
    settle(stage, page)
    key(page, "3")
    settle(stage, page)
    take(stage, page, CUBE_ONE, CUBE_TAG)
    load(stage, 0.4, PRESS.id)
    settle(stage, page)


def offered(page: BenchPage) -> list[str]:
    return [action.key for action in bench_keys(page) if action.enabled()]


def test_two_machines_load_at_once_and_the_keys_turn_between_them(stage: Stage, page: BenchPage) -> None:
    both_loading(stage, page)
    assert [request.machine_id for request in stage.world.capture.armed] == [UTM.id, PRESS.id]
    assert page.stack.currentWidget() is page.live
    assert page.gate.case is not None
    assert page.gate.case.specimen.label == CUBE_ONE
    (told,) = page.neighbours.told()
    assert "JC-07 · 万能机 2 采集中 · 加载 G26-00417-1" in told
    key(page, "1")
    settle(stage, page)
    assert page.stack.currentWidget() is page.live
    assert page.gate.case.specimen.label == ONE
    assert page.live.readings.values()[3] == ONE
    (told,) = page.neighbours.told()
    assert told.startswith("JC-12")
    load(stage, 0.6)
    settle(stage, page)
    assert page.state is not None
    assert page.live.force.figure == f"{page.state.force_kn:.1f}"


def test_many_neighbours_make_the_page_no_wider(stage: Stage, page: BenchPage) -> None:
    stage.world.change_machine(replace(LARGE, name="三层力学室微机控制电液伺服万能材料试验机（大）" * 3))
    page.on_shown()
    settle(stage, page)
    narrow = page.minimumSizeHint().width()
    for key_name in ("1", "2"):
        key(page, key_name)
        settle(stage, page)
        key(page, "F5")
        settle(stage, page)
    key(page, "3")
    settle(stage, page)
    assert len(page.neighbours.told()) == 2
    assert page.minimumSizeHint().width() <= max(narrow, 1166)


def test_the_machine_that_is_not_in_front_tells_its_verdict_with_a_tone(stage: Stage, page: BenchPage) -> None:
    both_loading(stage, page)
    stage.sounds.last = None
    stage.world.finish(stage.world.capture.armed[0], BAR)
    settle(stage, page)
    assert stage.sounds.last is Tone.OK
    assert page.stack.currentWidget() is page.live
    assert page.banner.verdict is None
    (told,) = page.neighbours.told()
    assert "SY-2026-00001 · G26-00417-1" in told
    assert "已入库" in told
    stage.world.finish(stage.world.capture.armed[1], CUBE)
    settle(stage, page)
    assert word(page)[:2] == (VerdictState.MATCH, "已入库：SY-2026-00002")
    key(page, "1")
    settle(stage, page)
    assert page.neighbours.told() == []
    assert page.neighbours.isHidden()


def test_a_run_lost_beside_the_one_in_front_sounds_bad_and_waits_with_its_question(
    stage: Stage, page: BenchPage
) -> None:
    both_loading(stage, page)
    stage.world.capture.advance(UTM.id, state=MachineState.LOST, trouble=LinkTrouble.UNPLUGGED)
    settle(stage, page)
    assert stage.sounds.last is Tone.BAD
    assert "线缆脱落" in page.neighbours.told()[0]
    stage.sounds.last = None
    stage.world.finish(stage.world.capture.armed[0], replace(BAR, share=0.4, end=EndReason.LOST_LINK))
    settle(stage, page)
    assert stage.sounds.last is Tone.BAD
    assert not page.lost.active()
    assert page.lost.run is not None
    assert page.lost.run.specimen_label == ONE
    stage.world.finish(stage.world.capture.armed[1], CUBE)
    settle(stage, page)
    key(page, "F2")
    assert page.lost.question.isVisible()


def test_one_machine_serves_two_methods(stage: Stage, page: BenchPage) -> None:
    stage.world.change_machine(replace(LARGE, tests=("tension", "compression")))
    cubes = cube_lot()
    stage.world.reception.put(replace(cubes, settings={**cubes.settings, "design_grade": "C20"}))
    page.on_shown()
    settle(stage, page)
    key(page, "2")
    settle(stage, page)
    take(stage, page, CUBE_ONE, CUBE_TAG)
    stage.world.finish(stage.world.capture.armed[-1], CUBE)
    settle(stage, page)
    take(stage, page, ONE, TAG)
    assert [(each.machine_id, each.method) for each in stage.world.capture.armed] == [
        (LARGE.id, "concrete-cube"),
        (LARGE.id, "rebar-lot"),
    ]


@pytest.mark.rule("YK-7.2a")
def test_loader_and_operator_both_stand_with_the_run(stage: Stage, page: BenchPage) -> None:
    key(page, "F10")
    assert page.loader.sheet.isVisible()
    scan(page, CodeKind.BADGE, TECHNICIAN.badge)
    settle(stage, page)
    assert "张建国" in page.loader.sheet.refusal.text()
    scan(page, CodeKind.BADGE, SECOND.badge)
    settle(stage, page)
    assert not page.loader.sheet.isVisible()
    assert "李雯" in page.header.hint
    take(stage, page, ONE, TAG)
    request = stage.world.capture.armed[-1]
    assert (request.operator_name, request.loader_name, request.loader_id) == ("张建国", "李雯", SECOND.id)
    stage.world.finish(request, BAR)
    settle(stage, page)
    with stage.world.store.read() as uow:
        told = [event.detail.get("loader") for event in uow.custody.of_subjects([ONE])]
        (run,) = uow.testing.runs_of_specimen(ONE)
        body = next(item.body for item in uow.outbox.newest(9) if item.kind is MessageKind.RUN)
    assert told[-2:] == ["李雯", "李雯"]
    assert json.loads(body)["loader"] == {"id": SECOND.id, "name": "李雯"}
    assert stage.world.runs.details(run).loader_name == "李雯"
    stage.person = SECOND
    assert page.loader.person is None
    stage.person = TECHNICIAN
    key(page, "F10")
    take(stage, page, "G26-00417-2", "YK2107-4408-1262")
    assert stage.world.capture.armed[-1].loader_name == ""


def test_where_the_policy_wants_it_the_loader_types_a_pin_too(stage: Stage, page: BenchPage) -> None:
    with stage.world.store.write(SYSTEM) as uow:
        uow.profiles.tighten(Tightening("t-1", {}, {"loader_pin": Decimal(1)}, "四眼", "p-1", NOW))
        uow.commit()
    key(page, "F10")
    scan(page, CodeKind.BADGE, SECOND.badge)
    settle(stage, page)
    assert page.loader.pin.isVisible()
    assert page.loader.person is None
    for digits in ("0000", PIN):
        for digit in digits:
            QTest.keyClick(page.loader.pin.pad, digit)
        QTest.keyClick(page.loader.pin.pad, Qt.Key.Key_Return)
        settle(stage, page)
        assert (page.loader.person is not None) is (digits == PIN)
    assert not page.loader.pin.isVisible()
    assert not page.loader.sheet.isVisible()


def test_the_loaders_badge_may_be_typed_and_a_foreign_one_is_refused(stage: Stage, page: BenchPage) -> None:
    key(page, "F10")
    QTest.keyClicks(page.loader.sheet.badge, "B9999")
    QTest.keyClick(page.loader.sheet.badge, Qt.Key.Key_Return)
    settle(stage, page)
    assert "B9999" in page.loader.sheet.refusal.text()
    QTest.keyClick(page.loader.sheet, Qt.Key.Key_Escape)
    assert page.loader.person is None


def test_the_operator_changes_between_two_runs_and_never_in_one(stage: Stage, page: BenchPage) -> None:
    assert not scan(page, CodeKind.BADGE, SECOND.badge)
    take(stage, page, ONE, TAG)
    assert scan(page, CodeKind.BADGE, SECOND.badge)
    assert "JC-07" in stage.notices[-1].text
    stage.world.finish(stage.world.capture.armed[-1], BAR)
    settle(stage, page)
    assert not scan(page, CodeKind.BADGE, SECOND.badge)
    stage.person = SECOND
    page.on_shown()
    settle(stage, page)
    take(stage, page, "G26-00417-2", "YK2107-4408-1262")
    assert [each.operator_name for each in stage.world.capture.armed] == ["张建国", "李雯"]


def test_the_extensometer_is_declared_off_by_key_and_said_with_the_run(stage: Stage, page: BenchPage) -> None:
    take(stage, page, ONE, TAG)
    assert "F4" not in offered(page)
    load(stage, 0.25)
    settle(stage, page)
    assert [action.key for action in page.header.keys] == ["F4"]
    key(page, "F4")
    settle(stage, page)
    assert stage.world.capture.switched == [(UTM.id, EXTENSION, "taken-off")]
    assert "F4" not in offered(page)
    assert "引伸计已取下" in stage.notices[-1].text
    request = stage.world.capture.armed[-1]
    run = sealed(request, UTM, BAR, NOW)
    switch = ChannelSwitch(EXTENSION, run.times_ns[200], True, "taken-off")
    run = replace(run, header=replace(run.header, switches=(switch,)))
    stage.world.capture.seal(encode_run(run), request, run)
    settle(stage, page)
    force = run.columns[0][200]
    assert force is not None
    assert f"引伸计 在 {force / 100:.1f} kN 时取下" in word(page)[2]
    with stage.world.store.read() as uow:
        kept = uow.custody.of_subjects([ONE])[-1].detail
    assert float(kept["extension_off_kn"]) == force / 100


def test_a_machine_without_an_extensometer_offers_no_such_key(stage: Stage, page: BenchPage) -> None:
    key(page, "3")
    settle(stage, page)
    take(stage, page, CUBE_ONE, CUBE_TAG)
    load(stage, 0.4, PRESS.id)
    settle(stage, page)
    assert "F4" not in offered(page)


def test_a_piece_at_another_station_is_refused_and_a_silent_station_is_taken_over(
    stage: Stage, page: BenchPage
) -> None:
    world = stage.world
    capture = FakeCapture(world.clock)
    capture.configure((LARGE,))
    there, who = Bench(world.store, capture, world.clock, world.ids), Session(SECOND, "力学室 5", NOW)
    there.arm(there.scan_tag(there.open(ONE, LARGE.id, who), TAG, who), who)
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    assert "力学室 5 · JC-09" in word(page)[2]
    assert "F3" not in offered(page)
    world.clock.forward(minutes=5)
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    assert "没有消息" in word(page)[2]
    key(page, "F3")
    assert page.take_over.reason.isVisible()
    assert QApplication.activeModalWidget() is None
    QTest.keyClicks(page.take_over.reason.text, "1")
    QTest.keyClick(page.take_over.reason.text, Qt.Key.Key_Return)
    settle(stage, page)
    assert word(page)[1] == "请再扫描现场标识"
    scan(page, CodeKind.TAG, TAG)
    settle(stage, page)
    assert world.capture.armed[-1].specimen_label == ONE
    assert world.bench.open(ONE, PRESS.id, session()).gate.refused()
