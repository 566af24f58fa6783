"""The counter in the real window, worked as at a real one: a keyboard wedge types the codes, a person presses keys, no mouse."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.outbox import MessageKind
from labdesk.domain.people import Role, Session
from labdesk.domain.reception import ReceptionState, ScanVerdict
from labdesk.domain.scans import ScanSource
from labdesk.domain.sentences import Language
from labdesk.ui.errors import Notice
from labdesk.ui.i18n import Languages
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Ops
from labdesk.ui.page import PageSpec
from labdesk.ui.reception.page import ReceptionPage, ReceptionPageDeps
from labdesk.ui.scan_filter import ScanFilter
from labdesk.ui.scan_router import RouterParts, ScanRouter
from labdesk.ui.shell.window import Shell
from labdesk.ui.sounds import Sounds, Tone
from labdesk.ui.widgets.banner import Verdict, VerdictState
from tests.helpers.receptionworld import (
    BARS,
    CONCRETE,
    CUBES,
    LATE_CUBES,
    NOW,
    REBAR,
    RECEPTIONIST,
    SCHOOL,
    SCHOOL_BARS,
    STATION,
    ReceptionWorld,
    code_scan,
    make_counter,
)
from tests.helpers.stores import opened_engine
from tests.ui.fakes import StillClock, parts, settle
from tests.ui.keys import Keyboard

_TEXT = {Qt.Key.Key_Space: " ", Qt.Key.Key_Return: "\r", Qt.Key.Key_1: "1", Qt.Key.Key_S: "s"}


@dataclass
class Desk:
    """A window with the reception page in front, a wedge scanner and a keyboard."""

    made: ReceptionWorld
    shell: Shell
    ops: Ops
    sounds: Sounds
    router: ScanRouter
    keyboard: Keyboard
    told: list[Notice]
    opened: list[tuple[str, str]]

    @property
    def page(self) -> ReceptionPage:
        """The page in front."""
        page = self.shell.work.page
        assert isinstance(page, ReceptionPage)
        return page

    @property
    def verdict(self) -> Verdict:
        """What the banner shows now."""
        assert self.page.banner.isVisible()
        assert self.page.banner.verdict is not None
        return self.page.banner.verdict

    def wedge(self, kind: CodeKind, body: str) -> None:
        """The scanner types a code, a character every five milliseconds, and Enter."""
        self.type(format_code(kind, body) + "\r")

    def type(self, text: str) -> None:
        """Characters as they come from the scanner."""
        self.made.clock.forward(seconds=3)
        self.keyboard.now_ms += 2_000
        self.keyboard.type(text)
        settle(self.ops)

    def press(self, *keys: Qt.Key) -> None:
        """A person presses keys, unhurried."""
        for key in keys:
            self.keyboard.now_ms += 700
            self.keyboard.press(key, _TEXT.get(key, ""))
            self.keyboard.press(Qt.Key.Key_F24)  # ends the wedge filter's doubt: the key before it was typed
            QApplication.processEvents()
            settle(self.ops)

    def receive(self, *tags: str) -> None:
        """Each piece is looked at and scanned."""
        for tag in tags:
            self.press(Qt.Key.Key_Space)
            self.wedge(CodeKind.TAG, tag)

    def scans(self, number: str = REBAR) -> list[tuple[str, str, str]]:
        """Tag, verdict and source of every scan on record."""
        view = self.made.desk.view(number)
        return [(scan.tag, scan.finding.verdict.value, scan.source) for scan in view.scans]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, copied for each test."""
    file = tmp_path_factory.mktemp("migrated") / "labdesk.db"
    with opened_engine(f"sqlite:///{file}"):
        return file


@pytest.fixture
def desk(
    qtbot: QtBot, ops: Ops, dressed: Languages, qapp: QApplication, tmp_path: Path, migrated: Path
) -> Iterator[Desk]:
    shutil.copy(migrated, tmp_path / "labdesk.db")
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        made = make_counter(engine)
        opened: list[tuple[str, str]] = []
        deps = ReceptionPageDeps(
            made.desk, made.receiving, lambda sha256: None, lambda sha256, name: opened.append((sha256, name))
        )
        spec = PageSpec(
            "reception", lambda: "收样", Icon.RECEPTION, lambda context: ReceptionPage(context, deps), (Role.RECEPTION,)
        )
        of = replace(parts(ops, dressed), pages=(spec,))
        told: list[Notice] = []
        of.errors.noticed.connect(told.append)
        shell = Shell(of)
        qtbot.addWidget(shell)
        shell.show()
        qtbot.waitExposed(shell)
        shell.activateWindow()
        shell.sign_in.signed_in.emit(Session(RECEPTIONIST, STATION, NOW))
        router = ScanRouter(shell, RouterParts(of.errors, of.sounds))
        wedge = ScanFilter(StillClock())
        wedge.scanned.connect(router.route)
        qapp.installEventFilter(wedge)
        settle(ops)
        yield Desk(made, shell, ops, of.sounds, router, Keyboard(shell), told, opened)
        qapp.removeEventFilter(wedge)
        settle(ops)


@pytest.mark.rule("YK-7.4")
def test_look_then_scan_gives_a_green_verdict_that_counts(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    assert desk.verdict.state is VerdictState.INFO
    desk.receive(BARS[0], BARS[1], BARS[2])
    assert desk.verdict.state is VerdictState.MATCH
    assert desk.verdict.count is not None
    assert (desk.verdict.count.done, desk.verdict.count.total) == (3, 6)
    for part in ("HRB400E Φ25", "三层柱 ③–⑥/Ⓐ–Ⓓ", "YK2107 4408 1263"):
        assert part in desk.verdict.reason
    assert desk.sounds.last is Tone.OK
    assert desk.scans() == [(tag, "match", "wedge") for tag in BARS[:3]]


@pytest.mark.rule("YK-7.4")
def test_a_scan_without_a_look_is_said_and_refuses_nothing(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.wedge(CodeKind.TAG, BARS[0])
    assert desk.verdict.state is VerdictState.HOLD
    assert desk.sounds.last is Tone.BAD
    view = desk.made.desk.view(REBAR)
    assert view.verified() == 0
    assert view.rejections == ()
    desk.receive(BARS[0])
    assert desk.verdict.state is VerdictState.MATCH
    desk.wedge(CodeKind.TAG, BARS[1])
    assert desk.verdict.state is VerdictState.HOLD, "one look serves one scan"


@pytest.mark.rule("YK-7.4")
def test_a_foreign_tag_is_red_with_both_values_and_f8_writes_its_slip(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.receive(SCHOOL_BARS[0])
    assert desk.verdict.state is VerdictState.MISMATCH
    said = desk.verdict.reason + "".join(f"{side.label}{side.value}{side.detail}" for side in desk.verdict.compared)
    for value in ("LN-2108-0031-7752", "LN-2108-0029-4406", SCHOOL):
        assert value in said
    assert [action.key for action in desk.verdict.actions] == ["F8", "Esc"]
    desk.press(Qt.Key.Key_F8)
    slips = desk.made.desk.view(REBAR).rejections
    assert [(slip.number, slip.tag) for slip in slips] == [("JS-2026-00001", SCHOOL_BARS[0])]
    assert "JS-2026-00001" in desk.verdict.word
    with desk.made.store.read() as uow:
        message = uow.outbox.by_key(MessageKind.REJECTION, "rejection:JS-2026-00001")
    assert message is not None
    desk.press(Qt.Key.Key_S)
    assert desk.opened == [(slips[0].slip_sha256, "JS-2026-00001.pdf")]


@pytest.mark.rule("YK-7.4")
def test_no_scan_is_taken_while_a_red_verdict_waits_for_its_decision(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.receive(SCHOOL_BARS[0])
    desk.receive(BARS[0])
    assert desk.verdict.state is VerdictState.MISMATCH
    assert [verdict for _, verdict, _ in desk.scans()] == ["wrong_project"]
    desk.press(Qt.Key.Key_Escape)
    assert desk.verdict.state is VerdictState.INFO
    desk.receive(BARS[0])
    assert [verdict for _, verdict, _ in desk.scans()] == ["wrong_project", "match"], "a mis-scan stays on record"


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize(
    ("key", "expected"),
    [(Qt.Key.Key_F6, ScanVerdict.TAG_DAMAGED), (Qt.Key.Key_F7, ScanVerdict.PIECE_DAMAGED)],
    ids=["tag", "piece"],
)
def test_damage_is_named_by_a_scan_or_by_its_row_and_no_look_mends_it(
    desk: Desk, key: Qt.Key, expected: ScanVerdict
) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.press(key)
    desk.wedge(CodeKind.TAG, BARS[0])
    desk.press(Qt.Key.Key_F8)
    desk.press(key, Qt.Key.Key_Down, Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Escape)
    found = desk.scans()
    assert [verdict for _, verdict, _ in found] == [expected.value] * 2
    assert [source for _, _, source in found] == ["wedge", "row"]
    marked = found[1][0]
    assert marked != BARS[0]
    desk.receive(marked)
    assert desk.verdict.state is VerdictState.MISMATCH
    desk.press(Qt.Key.Key_F8)
    desk.receive(BARS[0])
    assert desk.verdict.state is VerdictState.MISMATCH, "a slip is final"
    assert len(desk.made.desk.view(REBAR).rejections) == 2
    assert desk.made.desk.view(REBAR).verified() == 0


@pytest.mark.rule("YK-7.4")
def test_sound_pieces_are_never_taken_in_by_row(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.press(Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert desk.scans() == []


@pytest.mark.rule("YK-6.3")
def test_a_late_lot_is_refused_with_its_first_scan_and_the_other_lot_goes_on(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, CONCRETE)
    desk.receive(LATE_CUBES[0])
    assert desk.verdict.state is VerdictState.MISMATCH
    said = desk.verdict.reason + "".join(side.value for side in desk.verdict.compared)
    assert "34 min" in said
    assert "20 min" in said
    assert [(slip.lot_index, slip.tag) for slip in desk.made.desk.view(CONCRETE).rejections] == [(2, "")]
    desk.receive(*CUBES)
    desk.press(Qt.Key.Key_F10, Qt.Key.Key_1, Qt.Key.Key_Return)
    with desk.made.store.read() as uow:
        lots = uow.reception.lots_of(CONCRETE)
    assert [lot.lot_index for lot in lots] == [1]
    assert lots[0].number == "HNT-2026-00001"
    assert desk.verdict.state is VerdictState.MATCH


@pytest.mark.rule("YK-5.2")
def test_a_missing_paper_holds_and_f9_goes_on_when_it_is_here(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.receive(BARS[0])
    desk.press(Qt.Key.Key_F9)
    desk.press(Qt.Key.Key_Return)
    assert desk.made.desk.view(REBAR).hold is None, "a hold names its paper"
    desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    assert desk.made.desk.view(REBAR).state is ReceptionState.HELD
    assert desk.verdict.state is VerdictState.HOLD
    assert "11-23 14:0" in desk.verdict.reason
    desk.receive(BARS[1])
    assert len(desk.scans()) == 1
    desk.wedge(CodeKind.COMMISSION, REBAR)
    if not desk.page.papers.isVisible():
        desk.press(Qt.Key.Key_F9)
    desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    assert desk.made.desk.view(REBAR).state is ReceptionState.OPEN
    desk.receive(BARS[1])
    assert desk.verdict.state is VerdictState.MATCH


@pytest.mark.rule("YK-7.4", "O57")
def test_complete_gives_numbers_and_opens_receipt_and_labels_by_key(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.receive(*BARS[:5])
    desk.press(Qt.Key.Key_F10)
    assert not desk.page.papers.isVisible(), "one piece is neither scanned nor noted as missing"
    desk.receive(BARS[5])
    desk.press(Qt.Key.Key_F10, Qt.Key.Key_Return)
    assert desk.page.papers.isVisible(), "every paper has to be ticked"
    desk.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    received = desk.made.receiving.received(REBAR)
    assert received is not None
    assert [lot.number for lot in received.lots] == ["GJ-2026-00001"]
    assert [piece.label for piece in received.lots[0].specimens] == [f"G26-00001-{place}" for place in range(1, 7)]
    assert "GJ-2026-00001" in desk.verdict.reason + desk.verdict.word
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_2)
    assert [sha256 for sha256, _ in desk.opened] == [received.receipt_sha256, received.labels_sha256]
    desk.receive(BARS[0])
    assert len(desk.scans()) == 6


def test_a_commission_that_has_not_arrived_says_so_and_opens_nothing(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, "WT-2026-09999")
    assert desk.page.flow.view is None
    assert "WT-2026-09999" in desk.told[-1].text
    desk.wedge(CodeKind.TAG, BARS[0])
    assert desk.sounds.last is Tone.BAD


@pytest.mark.rule("YK-7.4")
@pytest.mark.parametrize("source", [ScanSource.MANUAL, ScanSource.CAMERA, ScanSource.IMAGE])
def test_the_gate_takes_handheld_scanners_only(desk: Desk, source: ScanSource) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.press(Qt.Key.Key_Space)
    desk.router.route(code_scan(format_code(CodeKind.TAG, BARS[0]), source))
    settle(desk.ops)
    assert desk.scans() == []
    assert desk.verdict.state is VerdictState.MISMATCH
    assert "扫描枪" in desk.verdict.reason


@pytest.mark.rule("YK-7.4")
def test_a_scan_cut_short_never_matches_a_shorter_number(desk: Desk) -> None:
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.press(Qt.Key.Key_Space)
    desk.type(format_code(CodeKind.TAG, BARS[0])[:-4] + "\r")
    assert desk.scans() == []


def test_the_list_is_searched_and_opened_by_keyboard_and_language_changes_in_between(
    desk: Desk, languages: Languages
) -> None:
    assert desk.page.arrived.isVisible()
    desk.page.arrived.search.setText("小学")
    settle(desk.ops)
    assert [row.number for row in _shown(desk)] == [SCHOOL]
    desk.page.arrived.search.clear()
    settle(desk.ops)
    assert len(_shown(desk)) == 3
    desk.wedge(CodeKind.COMMISSION, REBAR)
    desk.receive(BARS[0])
    chinese = desk.verdict.word
    languages.use(Language.EN)
    QApplication.processEvents()
    assert desk.verdict.word != chinese
    assert desk.verdict.word.isascii()
    desk.press(Qt.Key.Key_Escape)
    assert desk.page.arrived.isVisible()


def _shown(desk: Desk) -> list[object]:
    rows: list[object] = list(desk.page.arrived.table.rows_model.rows)
    find: Callable[[object], object] = lambda row: getattr(row, "commission", row)  # noqa: E731
    return [find(row) for row in rows]
