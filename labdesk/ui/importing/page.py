"""Importing a finished test: choose or drop the file, answer what it does not say, scan the piece, store it as a run.

F5 chooses, F6 turns to the next test of the file, F7 remembers the columns, F8 stores. A scanned label names the piece.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QVBoxLayout

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.errors import LabDeskError
from labdesk.domain.imported import TestState
from labdesk.domain.machines import Machine
from labdesk.domain.scans import Scan
from labdesk.domain.testing import Run
from labdesk.services.imported_runs import MAY_IMPORT, ImportDesk, ImportPiece
from labdesk.ui.errors import NoticeState
from labdesk.ui.importing.columns_card import ColumnsCard
from labdesk.ui.importing.found_card import FoundCard
from labdesk.ui.importing.reading import Reading
from labdesk.ui.importing.words import file_words, question_sentence
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.testing.words import kind_word
from labdesk.ui.tokens import Size, Space
from labdesk.ui.watching.both import BothPages
from labdesk.ui.widgets.basics import Card, beside, button, label, page_margins, row, wrapped

translate = QCoreApplication.translate


class ImportPage(Page):
    """One file, one of its tests, one piece."""

    def __init__(self, context: PageContext, desk: ImportDesk) -> None:
        super().__init__(context)
        self._desk = desk
        self.piece: ImportPiece | None = None
        self.reading = Reading(context, desk, self)
        self.path, self.piece_label, self.machine = QLineEdit(), QLineEdit(), QComboBox()
        self.browse = button(pressed=self.choose)
        self.file_words, self.piece_words = label(role="quiet"), wrapped(role="quiet")
        self.columns, self.test = ColumnsCard(), FoundCard()
        self._captions = {name: label(role="label") for name in ("file", "piece", "machine")}
        self.setAcceptDrops(True)
        self._build()
        self.path.returnPressed.connect(lambda: self.open(Path(self.path.text().strip())))
        self.piece_label.returnPressed.connect(lambda: self._find_piece(self.piece_label.text().strip()))
        self.columns.changed.connect(lambda: self.reading.answer(self.columns.answers()))
        self.reading.changed.connect(self._on_read)
        self.machine.currentIndexChanged.connect(lambda _: self._say())
        self.retranslate()

    def _build(self) -> None:
        file, target = Card(), Card()
        file.body.addLayout(row(self._captions["file"], self.path, self.browse, gap=Space.M))
        file.body.addWidget(self.file_words)
        self.piece_label.setMaximumWidth(Size.SIDE // 2)
        self.machine.setMinimumWidth(Size.SIDE // 2)
        line = row(
            self._captions["piece"],
            self.piece_label,
            self._captions["machine"],
            self.machine,
            self.piece_words,
            gap=Space.M,
        )
        line.setStretchFactor(self.piece_words, 1)
        target.body.addLayout(line)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(file)
        layout.addWidget(beside(self.columns, self.test, wide=self.test), 1)
        layout.addWidget(target)

    # ---- hooks ----------------------------------------------------------------------------------------------------------

    def keys(self) -> tuple[KeyAction, ...]:
        """Choose, next test, remember, store."""
        reading = self.reading
        return (
            KeyAction("F5", lambda: translate("Importing", "choose a file"), self.choose, self.may_open),
            KeyAction(
                "F6", lambda: translate("Importing", "next test"), reading.next_test, lambda: len(reading.tests) > 1
            ),
            KeyAction(
                "F7",
                lambda: translate("Importing", "remember columns"),
                reading.remember,
                lambda: reading.look is not None and reading.look.found is not None and bool(reading.look.answers),
            ),
            KeyAction("F8", lambda: translate("Importing", "store as a run"), self.keep, self.complete),
        )

    def on_shown(self) -> None:
        """Machines anew."""
        Query(self.context.ops, self, self._desk.machines).then(self._show_machines).start()
        self._say()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A label names the piece."""
        del scan
        if code.kind is not CodeKind.SPECIMEN:
            return False
        self._find_piece(code.body)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file from this computer may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first file that was dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.open(Path(url.toLocalFile()))
                return

    def retranslate(self) -> None:
        """All texts."""
        self._captions["file"].setText(translate("Importing", "File"))
        self._captions["piece"].setText(translate("Importing", "Specimen"))
        self._captions["machine"].setText(translate("Importing", "Machine"))
        self.path.setPlaceholderText(translate("Importing", "Choose a file (F5) or drop it here"))
        self.piece_label.setPlaceholderText(translate("Importing", "Scan its label"))
        self.browse.setText(translate("Importing", "Browse …   F5"))
        self.columns.retranslate()
        self.test.retranslate()
        self._show()

    # ---- file -----------------------------------------------------------------------------------------------------------

    def may_open(self) -> bool:
        """Whether whoever is signed in may import."""
        return any(self.context.session().person.may(role) for role in MAY_IMPORT)

    def choose(self) -> None:
        """Asks for a file."""
        chosen, _ = QFileDialog.getOpenFileName(self)
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Reads a file; answers given for another one are forgotten."""
        self.path.setText(str(path))
        for field in self.columns.typed.values():
            field.clear()
        self.columns.decimal.setCurrentIndex(0)
        self.reading.open(path)

    def _on_read(self) -> None:
        self._show()
        test = self.reading.test
        if test is not None and test.specimen and self.piece is None and not self.piece_label.text():
            self.piece_label.setText(test.specimen)

    # ---- piece and run --------------------------------------------------------------------------------------------------

    def complete(self) -> bool:
        """Whether everything is said that must be."""
        test, piece = self.reading.test, self.piece
        able = test is not None and test.curve is not None and test.state is not TestState.EMPTY
        fits = piece is not None and piece.test is not None and piece.loaded is None
        return able and fits and bool(self.machine.currentData()) and self.may_open()

    def keep(self) -> None:
        """Stores the test as a run of the piece; it is done when it was read back."""
        look, place, piece = self.reading.look, self.reading.place, self.piece
        session, machine = self.context.session(), str(self.machine.currentData() or "")
        if look is None or piece is None:
            return
        name = piece.specimen.label
        Command(self.context.ops, self, lambda: self._desk.keep(look, place, name, machine, session)).then(
            self._kept
        ).start()

    def _kept(self, run: Run) -> None:
        told = translate("Importing", "{0} is stored as run {1} of {2}, marked as imported.")
        name = self.reading.look.name if self.reading.look is not None else ""
        self.context.errors.tell(NoticeState.OK, told.format(name, run.number, run.specimen_label))
        self.piece = None
        self.reading.next_test()
        self.piece_label.clear()

    def _find_piece(self, text: str) -> None:
        self.piece_label.setText(text)

        def found(piece: ImportPiece) -> None:
            self.piece = piece
            self._show()

        def unknown(error: Exception) -> None:
            self.piece = None
            self._show()
            self.context.errors.report(error)

        Query(self.context.ops, self, lambda: self._desk.piece(text)).then(found).otherwise(unknown).start()

    def _show_machines(self, machines: list[Machine]) -> None:
        chosen = self.machine.currentData()
        self.machine.clear()
        for each in machines:
            self.machine.addItem(f"{each.number} · {each.name}", each.id)
        self.machine.setCurrentIndex(max(0, self.machine.findData(chosen)))
        self._say()

    # ---- showing --------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        look, test = self.reading.look, self.reading.test
        found = look.found if look is not None else None
        self.file_words.setText(file_words(found.file) + f" · SHA-256 {found.file.sha256[:12]}" if found else "")
        self.file_words.setVisible(found is not None)
        self.columns.show_look(look, test, _sentence(look.question if look is not None else None))
        self.test.show_test(found, self.reading.place)
        self.piece_words.setText(_piece_words(self.piece))
        self._say()

    def _say(self) -> None:
        count, place = len(self.reading.tests), self.reading.place
        subtitle = translate("Importing", "Test {0} of {1}").format(place + 1, count) if count > 1 else ""
        self.set_header(Header(subtitle, keys=self.keys()))
        self.keys_changed.emit()


def _sentence(question: LabDeskError | None) -> str:
    return question_sentence(question) if question is not None else ""


def _piece_words(piece: ImportPiece | None) -> str:
    if piece is None:
        return translate("Importing", "The label of the piece that was tested")
    if piece.loaded is not None:
        return translate("Importing", "was loaded before: run {0}").format(piece.loaded.number)
    if piece.test is None:
        return translate("Importing", "nothing is to be loaded of it")
    settings = piece.lot.settings
    grade = settings.get("grade") or settings.get("design_grade", "")
    return " · ".join(
        part for part in (piece.lot.number, piece.lot.material, grade, kind_word(piece.test.value)) if part
    )


def with_importing(context: PageContext, first: Page, importing: ImportPage) -> BothPages:
    """The page of curves with the import behind a key."""
    captions = (lambda: translate("Importing", "Import a test"), lambda: translate("Importing", "Curves"))
    return BothPages(context, (first, importing), captions, importing.may_open)
