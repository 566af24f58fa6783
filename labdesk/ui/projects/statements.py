"""Statements of a project: kept with a note, printed, written as a table, checked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from labdesk.domain.acceptance import AcceptanceStatement
from labdesk.domain.clock import WALL
from labdesk.domain.evaluation import Remark
from labdesk.domain.projects import Project
from labdesk.services.acceptance_choice import Assessment
from labdesk.services.acceptance_desk import AcceptanceDesk
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.projects.words import sentences, verdict_chip
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card
from labdesk.ui.widgets.sheets import Placement, ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate
_SHOWN = 4


@dataclass(frozen=True)
class AcceptancePageDeps:
    """What the page works with: the desk, the project chosen, the folder of tables, and what shows papers and folders."""

    desk: AcceptanceDesk
    project: Callable[[], Project | None]
    exports: Path
    open_document: Callable[[str, bytes], object]
    show_folder: Callable[[Path], object]


class NoteSheet(ReasonSheet):
    """A note that may stay empty."""

    minimum = 0


class StatementsCard(Card):
    """The statements of a project.

    Signals:
        kept(): one was added.
    """

    kept = Signal()

    def __init__(self, context: PageContext, deps: AcceptancePageDeps, page: QWidget) -> None:
        super().__init__()
        self._context, self._deps = context, deps
        self._pending: tuple[str, Assessment] | None = None
        self.table: DataTable[AcceptanceStatement] = DataTable(_columns())
        self.note = NoteSheet(page, Placement.CENTRE)
        self.body.addWidget(self.table)
        self.note.given.connect(self._keep)

    def show_statements(self, statements: Sequence[AcceptanceStatement]) -> None:
        """Shows them, the newest chosen; without any the card is gone."""
        self.table.show_rows(statements)
        self.setVisible(bool(statements))
        shown = max(1, min(_SHOWN, len(statements)))
        self.table.setFixedHeight(Size.TABLE_HEADER + shown * Size.ROW + Space.XS)
        if statements:
            self.table.select(0)

    def chosen(self) -> AcceptanceStatement | None:
        """The statement that is printed, written or checked."""
        return self.table.current_row() if self.table.rows_model.rowCount() else None

    def ask_keep(self, code: str, found: Assessment) -> None:
        """Asks for a note, then keeps the statement."""
        self._pending = (code, found)
        word = verdict_chip(found.evaluation.verdict).word
        told = translate(
            "Acceptance", "{0} groups, {1}. The selection and the hash of each group's evaluation are kept with it."
        )
        self.note.ask(translate("Acceptance", "Keep the statement?"), told.format(len(found.groups), word))
        self.note.text.setPlaceholderText(translate("Acceptance", "Note; may stay empty"))

    def _keep(self, note: str) -> None:
        if self._pending is None:
            return
        (code, found), self._pending = self._pending, None
        session = self._context.session()

        def done(made: AcceptanceStatement) -> None:
            told = translate("Acceptance", "Statement {0} is kept.").format(made.number)
            self._context.errors.tell(NoticeState.OK, told)
            self.kept.emit()

        work = Command(self._context.ops, self, lambda: self._deps.desk.keep(code, found, session, note))
        work.then(done).start()

    def print_chosen(self) -> None:
        """The chosen statement on paper."""
        made = self.chosen()
        if made is not None:
            paper = Query(self._context.ops, self, lambda: self._deps.desk.paper(made.number))
            paper.then(lambda pdf: self._deps.open_document(made.number, pdf)).start()

    def export_chosen(self) -> None:
        """The chosen statement as a table for a spreadsheet."""
        made, language = self.chosen(), self._context.language()
        if made is None:
            return
        target = self._deps.exports / f"{made.number}.csv"

        def work() -> Path:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._deps.desk.table(made.number, language))
            return target

        def done(path: Path) -> None:
            self._context.errors.tell(NoticeState.OK, translate("Acceptance", "The table is {0}.").format(path))
            self._deps.show_folder(path.parent)

        Query(self._context.ops, self, work).then(done).start()

    def check_chosen(self) -> None:
        """Whether the chosen statement still stands on what it was made for."""
        made = self.chosen()
        if made is None:
            return

        def told(answer: tuple[bool, tuple[Remark, ...]]) -> None:
            intact, why = answer
            said = " ".join(sentences(why[:2], self._context.language()))
            self._context.errors.tell(NoticeState.OK if intact else NoticeState.BAD, said)

        Query(self._context.ops, self, lambda: self._deps.desk.check(made.number)).then(told).start()


def _what(made: AcceptanceStatement) -> str:
    day = made.at.astimezone(WALL).strftime("%m-%d")
    return f"{made.lot.settings.get('design_grade', '')} · {len(made.groups)} · {day}"


def _columns() -> tuple[Column[AcceptanceStatement], ...]:
    return (
        Column(lambda: translate("Acceptance", "Number"), lambda made: made.number, style=CellStyle.STRONG, width=128),
        Column(
            lambda: translate("Acceptance", "Grade, groups"),
            _what,
        ),
        chip_column(lambda: "", lambda made: verdict_chip(made.evaluation.verdict), width=112),
    )
