"""The methods page: find a method by words, read its inputs, formulas, limits and certainty; open everything as one page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QTextBrowser, QVBoxLayout

from labdesk.services.method_desk import MethodDesk, MethodLine
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, beside, page_margins, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.list_keys import ListKeys
from labdesk.ui.widgets.table import CellStyle, Column, DataTable, chip_column

translate = QCoreApplication.translate


class MethodsPage(Page):
    """Methods that are data.

    ``open_page`` shows a whole HTML page to the person: file name and bytes.
    """

    #: The sheet as read; already asked for by events that come while the widget is being made.
    _html = ""

    def __init__(self, context: PageContext, desk: MethodDesk, open_page: Callable[[str, bytes], None]) -> None:
        super().__init__(context)
        self._desk = desk
        self._open_page = open_page
        self._shown: MethodLine | None = None
        self.search = QLineEdit()
        self.list: DataTable[MethodLine] = DataTable(_columns())
        self.sheet = QTextBrowser()
        self.faults = wrapped(role="quiet")
        self.empty = EmptyState(Icon.METHODS)
        self.stack = QStackedWidget()
        self._build()
        self.search.textChanged.connect(self.reload)
        ListKeys(self.search, self.list)
        self.list.chosen.connect(self._choose)
        self.retranslate()

    def _build(self) -> None:
        found = Card()
        found.flush()
        found.body.addWidget(self.list)
        found.setFixedWidth(Size.SIDE)
        reading = Card()
        reading.flush()
        reading.body.addWidget(self.sheet)
        self.sheet.setOpenLinks(False)
        self.sheet.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.sheet.document().setDocumentMargin(Space.L)
        self.stack.addWidget(beside(found, reading, wide=reading))
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        page_margins(outer)
        outer.addWidget(self.search)
        outer.addWidget(self.faults)
        outer.addWidget(self.stack, 1)

    # ---- hooks

    def on_shown(self) -> None:
        """Reads the list anew: somebody may have put a file into the folder."""
        self.reload()
        self.search.setFocus()

    def keys(self) -> tuple[KeyAction, ...]:
        """The page's keys."""
        return (
            KeyAction("Ctrl+F", lambda: translate("Methods", "search"), self.search.setFocus),
            KeyAction("Up", lambda: translate("Methods", "previous"), lambda: self.list.step(-1)),
            KeyAction("Down", lambda: translate("Methods", "next"), lambda: self.list.step(1)),
            KeyAction("F6", lambda: translate("Methods", "everything as a page"), self.open_all),
        )

    def changeEvent(self, event: QEvent) -> None:
        """Light and dark: the sheet is dressed anew."""
        if event.type() == QEvent.Type.PaletteChange and self._html:
            self._dress()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """All texts anew."""
        self.search.setPlaceholderText(translate("Methods", "Material, test or standard"))
        self.empty.say(
            translate("Methods", "No method holds these words"),
            translate("Methods", "Try the material, the test or the number of the standard."),
        )
        self.set_header(Header(keys=self.keys()))
        if self._shown is not None:
            self.reload()

    # ---- work

    def reload(self) -> None:
        """Lists the methods that hold the words."""
        words, language = self.search.text(), self.context.language()

        def read() -> tuple[str, tuple[MethodLine, ...], tuple[str, ...]]:
            return words, self._desk.lines(words, language), self._desk.faults(language)

        Query(self.context.ops, self, read).then(self._list).start()

    def open_all(self) -> None:
        """The quality manager's page in the system's viewer."""
        language = self.context.language()
        made = Query(self.context.ops, self, lambda: self._desk.page(language))
        made.then(lambda data: self._open_page("labdesk-methods", data)).start()

    def _list(self, found: tuple[str, tuple[MethodLine, ...], tuple[str, ...]]) -> None:
        words, lines, faults = found
        if words != self.search.text():
            return  # an older question, answered late
        self.faults.setText("\n".join((translate("Methods", "Files that are not used:"), *faults)) if faults else "")
        self.faults.setVisible(bool(faults))
        self.stack.setCurrentIndex(0 if lines else 1)
        kept = next((place for place, line in enumerate(lines) if self._shown and line.id == self._shown.id), 0)
        self.list.show_rows(lines)
        if lines:
            self.list.select(kept)
            self._choose(lines[kept])

    def _choose(self, line: MethodLine) -> None:
        self._shown = line
        language = self.context.language()
        read = Query(self.context.ops, self, lambda: (line.id, self._desk.sheet(line.id, language)))
        read.then(self._show).start()

    def _show(self, found: tuple[str, str]) -> None:
        method, html = found
        if self._shown is not None and self._shown.id == method:
            self._html = html
            self._dress()

    def _dress(self) -> None:
        tokens = colours()
        self.sheet.document().setDefaultStyleSheet(
            f"body, td {{ color: {tokens.ink} }} h4, th, dt, small, .none, .said {{ color: {tokens.ink_2} }} th {{ text-align: left }}"
            f".c-v, .c-c, .checked, .agrees {{ color: {tokens.ok_ink} }} .c-m-l, .differs {{ color: {tokens.bad_ink} }}"
            f".c-m-m, .c-conv, .unchecked {{ color: {tokens.warn_ink} }} td, th {{ padding: {Space.XS}px }}"
        )
        self.sheet.setHtml(self._html)


def _columns() -> tuple[Column[MethodLine], ...]:
    return (
        Column(lambda: translate("Methods", "Method"), lambda line: line.title, style=CellStyle.STRONG),
        chip_column(lambda: translate("Methods", "Certainty"), _chip, width=Size.SIDE // 4),
    )


def _chip(line: MethodLine) -> Chip:
    if line.checked:
        return Chip(ChipState.OK, translate("Methods", "checked"))
    if line.own:
        return Chip(ChipState.INFO, translate("Methods", "own file"))
    return Chip(ChipState.QUIET, line.certainty)
