"""The bench as a technician works it: scan, gate, load, stored, next; and when the line is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RunClass, RunPhase
from labdesk.domain.codes import CodeKind
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sentences import Language
from labdesk.domain.testing import Disposition
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.sounds import Tone
from labdesk.ui.testing.bench_page import BenchPage
from labdesk.ui.testing.words import clock_text
from labdesk.ui.widgets.banner import VerdictState
from tests.helpers.benchworld import BAR, PHOTO, PRESS, REBAR_LOT, SECOND, TRAINEE, UTM, session
from tests.helpers.reviewworld import PIN
from tests.ui.bench_stage import Stage, load, new_stage, scan

ONE, TWO, TAG = "G26-00417-1", "G26-00417-2", "YK2107-4408-1261"


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


def settle(stage: Stage, page: BenchPage) -> None:
    """Everything under way is delivered, the newest machine state too."""
    stage.settle()
    page.feed._deliver()
    stage.settle()


def key(page: BenchPage, name: str) -> None:
    """The page's own key, if it is possible now."""
    actions = page.keys()
    next(action for action in actions if action.key == name and action.enabled()).act()


def arm(stage: Stage, page: BenchPage) -> None:
    assert scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    assert scan(page, CodeKind.TAG, TAG)
    settle(stage, page)


def word(page: BenchPage) -> tuple[VerdictState, str, str]:
    verdict = page.banner.verdict
    assert verdict is not None
    return verdict.state, verdict.word, verdict.reason


def finish(stage: Stage, page: BenchPage, share: float = 1.0, end: EndReason = EndReason.BREAK) -> None:
    stage.world.finish(stage.world.capture.armed[-1], replace(BAR, share=share, end=end))
    settle(stage, page)


@pytest.mark.rule("YK-7.4")
def test_label_tag_armed_live_stored_and_the_next(stage: Stage, page: BenchPage) -> None:
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    assert word(page)[:2] == (VerdictState.INFO, "请再扫描现场标识")
    assert stage.world.capture.armed == []
    scan(page, CodeKind.TAG, TAG)
    settle(stage, page)
    assert word(page) == (VerdictState.MATCH, "已就绪：请加载", ONE)
    assert stage.sounds.last is Tone.OK
    assert page.stack.currentWidget() is page.live
    load(stage, 0.24)
    settle(stage, page)
    assert page.banner.verdict is None
    assert page.live.force.figure == "95.5"
    page.live.plot.draw_frame()
    assert page.live.plot.drawn_points > 100
    load(stage, 0.9)
    settle(stage, page)
    finish(stage, page)
    state, text, reason = word(page)
    assert (state, text) == (VerdictState.MATCH, "已入库：SY-2026-00001")
    assert "615.3 MPa" in reason
    assert stage.world.capture.waiting == {}
    assert not page.idle.result_card.isHidden()
    scan(page, CodeKind.SPECIMEN, "G26-00417-2")
    settle(stage, page)
    scan(page, CodeKind.TAG, "YK2107-4408-1262")
    settle(stage, page)
    assert [request.specimen_label for request in stage.world.capture.armed] == [ONE, "G26-00417-2"]


@pytest.mark.rule("YK-7.4")
def test_a_foreign_tag_is_red_with_both_values_and_the_right_one_mends_it(stage: Stage, page: BenchPage) -> None:
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    scan(page, CodeKind.TAG, "YK2107-4408-1262")
    settle(stage, page)
    verdict = page.banner.verdict
    assert verdict is not None
    assert verdict.state is VerdictState.MISMATCH
    assert [side.value for side in verdict.compared] == [TAG, "YK2107-4408-1262"]
    assert stage.sounds.last is Tone.BAD
    assert stage.world.capture.armed == []
    scan(page, CodeKind.TAG, TAG)
    settle(stage, page)
    assert len(stage.world.capture.armed) == 1


@pytest.mark.rule("YK-7.1")
def test_refusals_are_said_in_words(stage: Stage, page: BenchPage) -> None:
    stage.person = TRAINEE
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    assert word(page) == (
        VerdictState.MISMATCH,
        "不得加载",
        "吴小敏 没有 钢材 检测的有效上岗资格。请由有资格的人员操作。",
    )
    scan(page, CodeKind.SPECIMEN, "G26-00417-3")
    settle(stage, page)
    assert "重量, 弯曲" in word(page)[2]
    scan(page, CodeKind.SPECIMEN, "X-1")
    settle(stage, page)
    assert "没有编号为 X-1 的试件" in word(page)[2]


def test_a_tag_before_the_label_asks_for_the_label(stage: Stage, page: BenchPage) -> None:
    assert scan(page, CodeKind.TAG, TAG)
    assert word(page)[1] == "请先扫描试件标签"
    key(page, "Esc")
    assert page.banner.verdict is None


def test_the_machine_is_chosen_once_and_remembered(stage: Stage) -> None:
    stage.machine = ""
    page = stage.bench()
    scan(page, CodeKind.SPECIMEN, ONE)
    stage.settle()
    assert "数字键" in word(page)[2]
    key(page, "3")
    assert stage.machine == PRESS.id
    assert page.machine == PRESS
    again = stage.bench()
    assert again.machine == PRESS
    assert again.idle.rows[2].property("selected") == "true"


def test_a_scan_during_a_run_changes_nothing(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    load(stage, 0.5)
    settle(stage, page)
    scan(page, CodeKind.SPECIMEN, "G26-00417-2")
    settle(stage, page)
    assert ONE in stage.notices[-1].text
    assert page.stack.currentWidget() is page.live
    assert len(stage.world.capture.armed) == 1
    actions = page.keys()
    assert not [action for action in actions if action.key in ("1", "F5") and action.enabled()]


def test_a_machine_that_is_not_ready_says_so(stage: Stage, page: BenchPage) -> None:
    stage.world.capture.refuse = OperatorError("capture.not_zero", machine="JC-07", force_kn="3.1", preload_kn="1.0")
    arm(stage, page)
    assert word(page)[0] is VerdictState.MISMATCH
    assert "3.1 kN" in word(page)[2]


def test_esc_ends_a_run_with_a_reason_and_without_a_window(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    load(stage, 0.3)
    settle(stage, page)
    key(page, "Esc")
    assert page.reason.isVisible()
    assert QApplication.activeModalWidget() is None
    load(stage, 0.4)
    settle(stage, page)
    assert page.live.force.figure != "–"
    QTest.keyClicks(page.reason.text, "1")
    QTest.keyClick(page.reason.text, Qt.Key.Key_Return)
    settle(stage, page)
    assert stage.world.capture.aborted == [(UTM.id, "夹具打滑")]


@pytest.mark.parametrize(
    ("name", "run_class"),
    [
        ("F5", RunClass.WARM_UP),
        ("F6", RunClass.INTERMEDIATE_CHECK),
        ("F7", RunClass.VERIFICATION),
        ("F8", RunClass.TRIAL),
    ],
)
def test_other_run_classes_by_key(stage: Stage, page: BenchPage, name: str, run_class: RunClass) -> None:
    key(page, name)
    settle(stage, page)
    request = stage.world.capture.armed[-1]
    assert (request.run_class, request.specimen_label) == (run_class, "")
    finish(stage, page, end=EndReason.UNLOADED)
    assert word(page)[0] is VerdictState.MATCH
    assert not page.lost.active()


def lose(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    load(stage, 0.35)
    settle(stage, page)
    finish(stage, page, 0.4, EndReason.LOST_LINK)


def give_pin(page: BenchPage, pin: str) -> None:
    QTest.keyClicks(page.lost.pin.pad, pin)
    QTest.keyClick(page.lost.pin.pad, Qt.Key.Key_Return)


def test_a_lost_line_asks_one_question_answered_by_a_key(stage: Stage, page: BenchPage) -> None:
    lose(stage, page)
    assert page.lost.question.isVisible()
    assert QApplication.activeModalWidget() is None
    QTest.keyClick(page.lost.question, Qt.Key.Key_F2)
    form = page.lost.form
    assert form.isVisible()
    assert form.peak.isHidden()
    QTest.keyClicks(form.reason, "power")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    assert form.focusWidget() is form.badge or QApplication.focusWidget() is form.badge
    assert scan(page, CodeKind.BADGE, SECOND.badge)
    assert page.lost.pin.isVisible()
    give_pin(page, PIN)
    settle(stage, page)
    assert not page.lost.active()
    with stage.world.store.read() as uow:
        (finding,) = uow.testing.findings_of_lot(REBAR_LOT)
    assert (finding.disposition, finding.second_id) == (Disposition.UNBROKEN, SECOND.id)
    arm(stage, page)
    assert len(stage.world.capture.armed) == 2


def test_a_reading_takes_peak_photo_and_second_person_and_keeps_what_was_typed(
    stage: Stage, page: BenchPage, tmp_path: Path
) -> None:
    photo = tmp_path / "display.png"
    photo.write_bytes(PHOTO)
    lose(stage, page)
    QTest.keyClick(page.lost.question, Qt.Key.Key_F3)
    form = page.lost.form
    form.peak.setText("190,2")
    form.photo.setText(str(tmp_path / "no-such.png"))
    form.reason.setText("line came off")
    scan(page, CodeKind.BADGE, SECOND.badge)
    give_pin(page, "9999")
    settle(stage, page)
    assert form.isVisible()
    assert "no-such.png" in form.refusal.text()
    _drop(form.photo, photo)
    assert form.photo.text() == str(photo)
    QTest.keyClick(form.badge, Qt.Key.Key_Return)
    give_pin(page, "9999")
    settle(stage, page)
    assert page.lost.pin.isVisible()
    give_pin(page, PIN)
    settle(stage, page)
    assert "190,2" in form.refusal.text()
    assert (form.peak.text(), form.reason.text(), form.badge.text()) == ("190,2", "line came off", SECOND.badge)
    form.peak.setText("190.2")
    QTest.keyClick(form.peak, Qt.Key.Key_Return)
    give_pin(page, PIN)
    settle(stage, page)
    with stage.world.store.read() as uow:
        (finding,) = uow.testing.findings_of_lot(REBAR_LOT)
    assert (finding.peak_kn, finding.disposition) == (Decimal("190.2"), Disposition.PEAK_ON_DISPLAY)
    assert stage.world.blobs.get(finding.photo_sha256) == PHOTO


def _drop(field: QLineEdit, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action = Qt.DropAction.CopyAction
    event = QDropEvent(QPointF(5, 5), action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    field.dropEvent(event)


def test_the_same_person_cannot_be_the_second(stage: Stage, page: BenchPage) -> None:
    lose(stage, page)
    QTest.keyClick(page.lost.question, Qt.Key.Key_F4)
    page.lost.form.reason.setText("power")
    scan(page, CodeKind.BADGE, stage.person.badge)
    give_pin(page, PIN)
    settle(stage, page)
    assert "两名不同的人员" in page.lost.form.refusal.text()


def test_a_question_put_off_comes_back_by_key_and_with_the_label(stage: Stage, page: BenchPage) -> None:
    lose(stage, page)
    QTest.keyClick(page.lost.question, Qt.Key.Key_Escape)
    assert not page.lost.active()
    key(page, "F2")
    assert page.lost.question.isVisible()
    QTest.keyClick(page.lost.question, Qt.Key.Key_Escape)
    other = stage.bench()
    scan(other, CodeKind.SPECIMEN, ONE)
    stage.settle()
    assert other.lost.question.isVisibleTo(other)


def test_a_badge_is_left_to_the_shell_while_nobody_waits_for_one(page: BenchPage) -> None:
    assert not scan(page, CodeKind.BADGE, SECOND.badge)


def test_a_run_that_goes_on_while_the_desktop_starts_is_shown(stage: Stage) -> None:
    world = stage.world
    world.bench.arm(world.case(ONE), session())
    load(stage, 0.5)
    page = stage.bench()
    page.feed._deliver()
    stage.settle()
    page.feed._deliver()
    stage.settle()
    assert page.stack.currentWidget() is page.live
    assert page.gate.case is not None
    assert page.live.rate._unit == "MPa/s"


def test_runs_sealed_while_the_desktop_was_away_come_home_at_the_start(stage: Stage) -> None:
    world = stage.world
    world.finish(world.bench.arm(world.case(ONE), session()), BAR)
    page = stage.bench()
    stage.settle()
    assert world.capture.waiting == {}
    assert word(page)[1] == "已入库：SY-2026-00001"


def test_a_run_that_another_round_stored_first_is_shown_all_the_same(stage: Stage, page: BenchPage) -> None:
    """The desktop collects in the background too: whoever is first, the person at the machine sees the result."""
    arm(stage, page)
    world = stage.world
    world.finish(world.capture.armed[-1], BAR)
    world.runs.collect()
    settle(stage, page)
    assert word(page)[1] == "已入库：SY-2026-00001"


def test_a_lost_run_that_came_home_while_nobody_looked_is_asked_about(stage: Stage) -> None:
    world = stage.world
    lost = world.load(ONE, replace(BAR, share=0.5, end=EndReason.LOST_LINK))
    page = stage.bench()
    page.show()
    stage.settle()
    assert page.lost.run == lost
    assert page.lost.question.isVisible()


def test_nothing_covers_the_curve_of_a_machine_that_loads(stage: Stage) -> None:
    world = stage.world
    lost = world.load(TWO, replace(BAR, share=0.5, end=EndReason.LOST_LINK))
    world.bench.arm(world.case(ONE), session())
    load(stage, 0.5)
    page = stage.bench()
    page.show()
    settle(stage, page)
    assert page.running
    assert not page.lost.active()
    actions = page.keys()
    assert "F2" not in [action.key for action in actions if action.enabled()]
    finish(stage, page)
    key(page, "F2")
    assert page.lost.question.isVisible()
    assert page.lost.run == lost


def test_an_old_run_is_no_news(stage: Stage) -> None:
    stage.world.load(ONE)
    page = stage.bench()
    settle(stage, page)
    assert page.banner.verdict is None
    assert not page.lost.active()


@pytest.mark.allow_log("labdesk.ui.errors:WARNING:environment fault: capture.unreachable.*")
def test_a_capture_process_that_is_down_is_told_once(stage: Stage, page: BenchPage) -> None:
    def down() -> tuple[()]:
        raise EnvironmentFault("capture.unreachable", detail="gone")

    stage.world.capture.sealed_runs = down  # type: ignore[method-assign]
    for _ in range(3):
        page.home.collect()
        stage.settle()
    assert sum("gone" in notice.text for notice in stage.notices) == 1


@pytest.mark.parametrize(
    ("share", "state"), [(0.03, ""), (0.24, "ok"), (0.8, "")], ids=["seating", "elastic", "hardening"]
)
def test_the_rate_is_coloured_only_where_its_band_holds(
    stage: Stage, page: BenchPage, share: float, state: str
) -> None:
    arm(stage, page)
    load(stage, share)
    settle(stage, page)
    assert page.live.rate._state == state


def test_a_rate_outside_the_band_is_red(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    load(stage, 0.24)
    stage.world.capture.advance(UTM.id, rate_kn_s=Decimal(40))
    settle(stage, page)
    assert page.live.rate._state == "bad"


def test_lines_in_trouble_are_named(stage: Stage, page: BenchPage) -> None:
    stage.world.capture.advance(PRESS.id, state=MachineState.LOST, trouble=LinkTrouble.PORT_TAKEN)
    settle(stage, page)
    row = page.idle.rows[2]
    assert (row.chip.chip.word, row.trouble.text()) == ("线路中断", "端口被其他程序占用")


def test_states_are_shown_at_most_twenty_five_times_a_second(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    shown: list[LiveState] = []
    page.feed.changed.connect(shown.append)
    page.feed._pause.start()
    for force in range(200):
        stage.world.capture.advance(UTM.id, phase=RunPhase.LOADING, force_kn=Decimal(force))
        QApplication.processEvents()
        assert len(shown) <= 2
    page.feed._deliver()
    assert shown[-1].force_kn == 199


def test_everything_is_said_in_the_other_language(stage: Stage, page: BenchPage, languages: Languages) -> None:
    scan(page, CodeKind.SPECIMEN, ONE)
    settle(stage, page)
    languages.use(Language.EN)
    page.retranslate()
    assert word(page)[1] == "Now scan its site tag"
    text = " ".join(
        widget.text() for widget in page.findChildren(QWidget) if hasattr(widget, "text") and callable(widget.text)
    )
    assert "试验类别" not in text


def test_the_axes_follow_the_language_while_nothing_new_is_drawn(stage: Stage, languages: Languages) -> None:
    stage.world.bench.arm(stage.world.case(ONE), session())
    load(stage, 0.5)
    page = stage.bench()
    settle(stage, page)
    assert page.live.axes.text().startswith("力")
    languages.use(Language.EN)
    page.retranslate()
    assert page.live.axes.text().startswith("Force, kN / ")


def test_nothing_on_the_page_betrays_the_sample(stage: Stage, page: BenchPage) -> None:
    arm(stage, page)
    texts = [
        str(widget.text()) for widget in page.findChildren(QWidget) if hasattr(widget, "text") and callable(widget.text)
    ]
    model = page.idle.due.rows_model
    texts += [str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(model.columnCount())]
    texts += [page.header.subtitle, page.header.hint]
    for secret in ("2108002611200001", "示例钢铁集团", "三层柱", "2611A0731"):
        assert secret not in " ".join(texts)


def test_a_lot_is_opened_from_the_list(stage: Stage, page: BenchPage) -> None:
    page.idle.due.select(0)
    chosen = page.idle.due.current_row()
    key(page, "F9")
    assert chosen is not None
    assert stage.choice.take() == chosen.lot_no


@pytest.mark.parametrize(("ms", "text"), [(-300, "00:00.0"), (67_400, "01:07.4"), (3_600_000, "60:00.0")])
def test_elapsed_time(ms: int, text: str) -> None:
    assert clock_text(ms) == text
