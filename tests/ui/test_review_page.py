"""The review page by keyboard, on a real database: walk, look, sign, return, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from labdesk.domain.people import Person
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.review import Subject
from labdesk.domain.sentences import Language
from labdesk.storage.database import ensure_schema, open_engine
from labdesk.ui.errors import NoticeState
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.review.page import ReviewPage, ReviewServices
from labdesk.ui.review.specimen_card import Tab
from tests.helpers.reviewworld import LOT_NO, PIN, QUALITY, REVIEWER, TESTER
from tests.ui.review_stage import Stage, below_header, stage


class Bench:
    """A page in a window, with a keyboard."""

    def __init__(self, found: Stage, qtbot: QtBot) -> None:
        self.found = found
        self.page = ReviewPage(found.context, ReviewServices(found.made.review, found.made.desk, found.made.clock))
        self.whole = below_header(self.page, lambda: "Review")
        qtbot.addWidget(self.whole)
        self.page.on_shown()
        self.settle()

    def settle(self) -> None:
        """A subject is read, drawn and noted in turn: until nothing more comes."""
        for _ in range(4):
            self.found.settle()

    def press(self, key: Qt.Key) -> None:
        """A key that no field wanted reaches the page, as the shell hands it on."""
        focus = self.whole.focusWidget()
        if self.page.signing.asking or self.page.photos.isVisible():
            QTest.keyClick(focus, key)
        else:
            self.page.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
        self.settle()

    def pin(self, digits: str) -> None:
        """Types a PIN and Enter."""
        for digit in digits:
            QTest.keyClick(self.page.signing.pin.pad, digit)
        QTest.keyClick(self.page.signing.pin.pad, Qt.Key.Key_Return)
        self.settle()

    def roles(self) -> list[SignatureRole]:
        """What is signed on the newest draft."""
        with self.found.made.store.read() as uow:
            draft = uow.review.drafts_of_lot(LOT_NO)[-1]
            return [signature.role for signature in uow.review.signatures_of(draft.id)]


@pytest.fixture
def found(tmp_path: Path, ops: Ops, dressed: Languages) -> Iterator[Stage]:
    del dressed
    engine = open_engine(f"sqlite:///{tmp_path / 'labdesk.db'}")
    ensure_schema(engine)
    yield stage(engine, REVIEWER, ops)
    ops.close()
    engine.dispose()


def waiting(found: Stage, qtbot: QtBot, who: Person = REVIEWER) -> Bench:
    """A draft that waits for its reviewer."""
    found.made.sign(Subject.REPORT, found.made.checked(), SignatureRole.TESTED, TESTER)
    found.who = who
    return Bench(found, qtbot)


@pytest.mark.rule("O57")
def test_a_report_is_reviewed_by_keyboard_alone(found: Stage, qtbot: QtBot) -> None:
    bench = waiting(found, qtbot)
    bench.press(Qt.Key.Key_A)
    assert not bench.page.signing.asking  # not everything was opened: no PIN is asked for
    assert found.told[-1].state is NoticeState.WARN
    for _ in bench.page.card._details.specimens:
        bench.press(Qt.Key.Key_Right)
    bench.press(Qt.Key.Key_P)
    assert bench.page.photos.isVisible()
    bench.press(Qt.Key.Key_P)
    assert not bench.page.photos.isVisible()
    bench.press(Qt.Key.Key_A)
    assert bench.page.signing.pin.isVisible()
    bench.pin(PIN)
    assert bench.roles() == [SignatureRole.TESTED, SignatureRole.REVIEWED]
    assert found.told[-1].state is NoticeState.OK
    assert not bench.page.signing.asking


def test_a_wrong_pin_keeps_the_sheet_and_signs_nothing(found: Stage, qtbot: QtBot) -> None:
    found.made.checked()
    found.who = TESTER
    bench = Bench(found, qtbot)
    bench.press(Qt.Key.Key_A)
    bench.pin("9999")
    assert bench.page.signing.pin.isVisible()
    assert "PIN" in bench.page.signing.pin._refusal.text()
    assert bench.roles() == []
    bench.pin(PIN)
    assert bench.roles() == [SignatureRole.TESTED]


def test_the_tester_submits_and_signs_from_the_queue(found: Stage, qtbot: QtBot) -> None:
    found.who = TESTER
    bench = Bench(found, qtbot)
    assert [item.number for item in bench.page.queue.queue.mine] == [LOT_NO]
    bench.press(Qt.Key.Key_A)
    bench.pin(PIN)
    with found.made.store.read() as uow:
        record = uow.review.records_of_lot(LOT_NO)[0]
        assert [item.role for item in uow.review.signatures_of(record.id)] == [SignatureRole.TESTED]


def test_a_report_is_returned_with_a_reason_picked_by_digit(found: Stage, qtbot: QtBot) -> None:
    bench = waiting(found, qtbot)
    bench.press(Qt.Key.Key_R)
    assert bench.page.signing.reason.isVisible()
    QTest.keyClick(bench.page.signing.reason.text, "2")
    QTest.keyClick(bench.page.signing.reason.text, Qt.Key.Key_Return)
    bench.settle()
    with found.made.store.read() as uow:
        returned = uow.review.return_of(uow.review.drafts_of_lot(LOT_NO)[-1].id)
    assert returned is not None
    assert returned.person_id == REVIEWER.id
    assert bench.page.stack.currentWidget() is bench.page.empty


def test_who_may_not_sign_is_told_why_and_offered_no_key(found: Stage, qtbot: QtBot) -> None:
    bench = waiting(found, qtbot, QUALITY)
    actions = bench.page.keys()
    shown = {action.key for action in actions if action.enabled()}
    assert not shown & {"A", "R"}
    assert "何静" in bench.page.side._refusal.text()
    with found.made.store.read() as uow:  # looking on is not reviewing
        assert uow.review.viewings_of(uow.review.open_drafts()[0].id, QUALITY.id) == set()


def test_arrows_walk_the_specimens_and_digits_the_tables(found: Stage, qtbot: QtBot) -> None:
    bench = waiting(found, qtbot)
    card = bench.page.card
    assert card.label_shown == "K1-0720"
    assert card.stack.currentWidget() is card.curve
    assert card.curve.drawn_points > 100
    bench.press(Qt.Key.Key_Left)
    assert card.label_shown == "K1-0724"
    assert card.stack.currentWidget() is card.no_curve
    bench.press(Qt.Key.Key_3)
    assert card.tabs.currentIndex() == Tab.ENTRIES
    assert [row.current for row in card.entries.rows_model.rows] == [False, True]


def test_values_show_raw_rounded_limit_and_verdict(found: Stage, qtbot: QtBot) -> None:
    bench = waiting(found, qtbot)
    model = bench.page.card.values.rows_model
    texts = [[str(model.data(model.index(row, column))) for column in range(6)] for row in range(model.rowCount())]
    by_symbol = {line[0]: line for line in texts}
    assert by_symbol["ReL"][2:5] == ["438 MPa", "≥ 400", "合格"]
    assert by_symbol["重量偏差"][3] == "-4.5 .. 4.5"


def test_an_empty_queue_says_how_to_begin_in_both_languages(found: Stage, qtbot: QtBot, dressed: Languages) -> None:
    bench = Bench(found, qtbot)
    assert bench.page.stack.currentWidget() is bench.page.empty
    assert bench.page.empty._line.text() == "没有等待签名的记录"
    dressed.use(Language.EN)
    bench.page.retranslate()
    assert bench.page.empty._line.text() == "Nothing waits for a signature"
