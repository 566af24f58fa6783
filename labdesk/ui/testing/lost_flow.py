"""The line was lost in mid-test: one question, one form, a second person. Nothing typed is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget

from labdesk.domain.errors import OperatorError
from labdesk.domain.testing import Disposition, LostRunFinding, Run
from labdesk.services.lost_runs import Found, LostRuns
from labdesk.ui.ops import Command, Query
from labdesk.ui.page import PageContext
from labdesk.ui.testing.words import end_word, kn, said_error
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, row, wrapped
from labdesk.ui.widgets.pin import PinSheet
from labdesk.ui.widgets.sheets import FormSheet, Sheet

translate = QCoreApplication.translate

_KEYS = {
    Qt.Key.Key_F2: Disposition.UNBROKEN,
    Qt.Key.Key_F3: Disposition.PEAK_ON_DISPLAY,
    Qt.Key.Key_F4: Disposition.LOST,
}


class LostQuestion(Sheet):
    """What do the people at the machine see?

    Signals:
        answered(Disposition): F2, F3 or F4.
    """

    answered = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(Size.SHEET + Size.SIDE // 2)
        self._title, self._sentence = label(role="page"), wrapped(role="quiet")
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self._buttons = {
            disposition: button(kind="pin", pressed=partial(self._answer, disposition))
            for disposition in _KEYS.values()
        }
        for each in self._buttons.values():
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.body.addWidget(each)
        self._later = button(kind="quiet", pressed=self.cancel)
        self.body.addWidget(self._later)

    def ask(self, run: Run) -> None:
        """Opens for a run."""
        title = translate("Bench", "{0}: was it broken?").format(run.specimen_label)
        self._title.setText(title)
        sentence = translate("Bench", "Run {0} ended without a break at {1} kN ({2}). What is captured is kept.")
        self._sentence.setText(sentence.format(run.number, kn(run.peak_kn), end_word(run.end_reason)))
        words = {
            Disposition.UNBROKEN: translate("Bench", "F2   Unbroken: it may go to another machine"),
            Disposition.PEAK_ON_DISPLAY: translate("Bench", "F3   Broken, and the peak is on the display"),
            Disposition.LOST: translate("Bench", "F4   Broken without a peak: lost"),
        }
        for disposition, each in self._buttons.items():
            each.setText(words[disposition])
        self._later.setText(translate("Bench", "Later   Esc"))
        self.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2, F3, F4; Esc postpones."""
        disposition = _KEYS.get(Qt.Key(event.key()))
        if disposition is not None and not event.isAutoRepeat():
            self._answer(disposition)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _answer(self, disposition: Disposition) -> None:
        self.close_sheet()
        self.answered.emit(disposition)


class PathField(QLineEdit):
    """A path that is typed, chosen or dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and text."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped file becomes its path."""
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.setText(local[0])
            event.acceptProposedAction()
        else:
            super().dropEvent(event)


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    disposition: Disposition
    peak: str
    photo: str
    reason: str
    badge: str


class FindingForm(FormSheet):
    """The facts of a finding; Enter goes on, at the end to the second person's PIN.

    Signals:
        filled(Typed): everything typed; the form stays until it is told to close.
    """

    filled = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.disposition = Disposition.LOST
        self.peak, self.photo, self.reason, self.badge = QLineEdit(), PathField(), QLineEdit(), QLineEdit()
        self._choose = button(pressed=self._choose_file)
        self._captions = [label(role="label") for _ in range(4)]
        grid = QGridLayout()
        grid.setVerticalSpacing(Space.XS)
        for index, field in enumerate((self.peak, self.photo, self.reason, self.badge)):
            grid.addWidget(self._captions[index], 2 * index, 0, 1, 2)
            wide = 1 if field is self.photo else 2
            grid.addWidget(field, 2 * index + 1, 0, 1, wide)
            field.returnPressed.connect(self._next)
        grid.addWidget(self._choose, 3, 1)
        self._cancel, self._confirm = button(pressed=self.cancel), button(kind="primary", pressed=self._give)
        for widget in (self._title, self._sentence):
            self.body.addWidget(widget)
        self.body.addLayout(grid)
        self.body.addWidget(self.refusal)
        self.body.addLayout(row(self._cancel, self._confirm))

    def ask(self, run: Run, disposition: Disposition, *, afresh: bool) -> None:
        """Opens the form for a run; ``afresh`` empties it."""
        self.disposition = disposition
        if afresh:
            for field in (self.peak, self.photo, self.reason, self.badge):
                field.clear()
        reading = disposition is Disposition.PEAK_ON_DISPLAY
        for widget in (self.peak, self.photo, self._choose, *self._captions[:2]):
            widget.setVisible(reading)
        titles = {
            Disposition.UNBROKEN: translate("Bench", "{0}: unbroken"),
            Disposition.PEAK_ON_DISPLAY: translate("Bench", "{0}: peak read from the display"),
            Disposition.LOST: translate("Bench", "{0}: lost"),
        }
        self._title.setText(titles[disposition].format(run.specimen_label))
        self._sentence.setText(translate("Bench", "Two people confirm what they saw. It is marked everywhere."))
        captions = (
            translate("Bench", "Peak as the display shows it, kN"),
            translate("Bench", "Photo of the display: drop it here, choose it or type its path"),
            translate("Bench", "What happened"),
            translate("Bench", "Second person: scan the badge"),
        )
        for caption, text in zip(self._captions, captions, strict=True):
            caption.setText(text)
        self._choose.setText(translate("Bench", "Choose…"))
        self._cancel.setText(translate("Bench", "Back   Esc"))
        self._confirm.setText(translate("Bench", "Go on   Enter"))
        self.refuse("")
        self.open(self.peak if reading else self.reason)

    def take_badge(self, badge: str) -> None:
        """The second person's badge was scanned."""
        self.badge.setText(badge)
        self._next(self.badge)

    def _fields(self) -> list[QLineEdit]:
        reading = self.disposition is Disposition.PEAK_ON_DISPLAY
        return [self.peak, self.photo, self.reason, self.badge] if reading else [self.reason, self.badge]

    def _next(self, at: QLineEdit | None = None) -> None:
        """To the next empty field, or to the end."""
        fields = self._fields()
        here = at or self.focusWidget()
        start = fields.index(here) + 1 if isinstance(here, QLineEdit) and here in fields else 0
        for field in (*fields[start:], *fields[:start]):
            if not field.text().strip():
                field.setFocus()
                return
        self._give()

    def _give(self) -> None:
        typed = (self.peak.text(), self.photo.text().strip(), self.reason.text().strip(), self.badge.text().strip())
        self.filled.emit(Typed(self.disposition, *typed))

    def _choose_file(self) -> None:
        """A file dialogue that locks nothing: the page behind goes on."""
        dialog = QFileDialog(self, translate("Bench", "Photo of the display"), self.photo.text(), "*.jpg *.jpeg *.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.fileSelected.connect(self.photo.setText)
        dialog.show()


class LostFlow(QObject):
    """Question, form, PIN, stored.

    Signals:
        told(LostRunFinding): it is stored.
        postponed(): nobody has said anything yet.
    """

    told = Signal(object)
    postponed = Signal()

    def __init__(self, context: PageContext, lost: LostRuns, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._lost = context, lost
        self.run: Run | None = None
        self._typed: Typed | None = None
        self._form_is_new = True
        self.question, self.form, self.pin = LostQuestion(page), FindingForm(page), PinSheet(page)
        self.question.answered.connect(self._on_answer)
        self.question.cancelled.connect(self.postponed)
        self.form.filled.connect(self._on_filled)
        self.form.cancelled.connect(self._back_to_question)
        self.pin.entered.connect(self._on_pin)
        self.pin.cancelled.connect(self._back_to_form)

    def look(self, machine_id: str, ask: Callable[[Run], object]) -> None:
        """Finds a run lost on this station's machine that came home while nobody looked, and hands it to ``ask``."""

        def found(run: Run | None) -> None:
            if run is not None and self.run is None:
                ask(run)

        Query(self._context.ops, self, lambda: self._lost.waiting(machine_id)).then(found).start()

    def remember(self, run: Run) -> None:
        """Keeps the question for later: while a machine loads, nothing covers its curve."""
        if self.run is None:
            self.run = run
            self._form_is_new = True
            self.postponed.emit()

    def ask(self, run: Run) -> None:
        """Asks about a run; a question that stands open stays."""
        if self.active():
            return
        self.run = run
        self._form_is_new = True
        self.question.ask(run)

    def ask_again(self) -> None:
        """Asks about the run that was put off."""
        if self.run is not None and not self.active():
            self.question.ask(self.run)

    def active(self) -> bool:
        """Whether a sheet is open."""
        return any(sheet.isVisible() for sheet in (self.question, self.form, self.pin))

    def take_badge(self, badge: str) -> bool:
        """A badge was scanned; True = the form took it."""
        if not self.form.isVisible() or self.pin.isVisible():
            return False
        self.form.take_badge(badge)
        return True

    def retranslate(self) -> None:
        """The open sheet in another language; what was typed stays."""
        if self.run is None:
            return
        if self.question.isVisible():
            self.question.ask(self.run)
        elif self.form.isVisible():
            self.form.ask(self.run, self.form.disposition, afresh=False)

    def _on_answer(self, disposition: Disposition) -> None:
        if self.run is not None:
            self.form.ask(self.run, disposition, afresh=self._form_is_new)
            self._form_is_new = False

    def _back_to_question(self) -> None:
        if self.run is not None:
            self.question.ask(self.run)

    def _back_to_form(self) -> None:
        if self.run is not None:
            self.form.ask(self.run, self.form.disposition, afresh=False)

    def _on_filled(self, typed: Typed) -> None:
        self._typed = typed
        title = translate("Bench", "PIN of the second person")
        sentence = translate("Bench", "Badge {0}. With the PIN this person confirms what is written here.")
        self.form.close_sheet()
        self.pin.ask(title, sentence.format(typed.badge or "–"))

    def _on_pin(self, pin: str) -> None:
        run, typed = self.run, self._typed
        if run is None or typed is None:
            return
        session = self._context.session()

        def keep() -> LostRunFinding:
            photo = _photo(typed) if typed.disposition is Disposition.PEAK_ON_DISPLAY else b""
            found = Found(typed.disposition, typed.reason, typed.badge, pin, typed.peak, photo)
            return self._lost.record(run.id, found, session)

        Command(self._context.ops, self, keep).then(self._on_kept).otherwise(self._on_refused).start()

    def _on_kept(self, finding: LostRunFinding) -> None:
        self.pin.close_sheet()
        self.run = None
        self.told.emit(finding)

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, OperatorError):
            self._context.errors.report(error)
        if isinstance(error, OperatorError) and error.key in ("sign_in.wrong_pin", "sign_in.locked"):
            self.pin.refuse(said_error(error))
            return
        self.pin.close_sheet()
        self._back_to_form()
        self.form.refuse(said_error(error))


def _photo(typed: Typed) -> bytes:
    """The photo's bytes; raises OperatorError where the path leads nowhere."""
    if not typed.photo:
        return b""
    try:
        return Path(typed.photo).expanduser().read_bytes()
    except OSError as error:
        raise OperatorError(
            "testing.photo_unreadable", path=typed.photo, detail=error.strerror or str(error)
        ) from error
